"""How a rule says no, before anybody has translated it."""

from __future__ import annotations

from app.domain.refusals import Phrase, Refused, RefusedAll


def test_a_phrase_fills_numbers_texts_and_phrases() -> None:
    assert str(Phrase("%(count)d × %(what)s", count=3, what=Phrase("Ticket"))) == "3 × Ticket"
    assert str(Phrase("100 % done")) == "100 % done"


def test_several_refusals_are_said_together() -> None:
    assert str(RefusedAll([Refused("a", "A"), Refused("b", "B")])) == "2 entries need correction"
