"""The bulletin: drafted from figures that stay bound to their source, edited, and approved only when no figure was typed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flask import Flask

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.domain.actors import SYSTEM
from app.domain.bulletin import Bound, loose, pieces
from app.domain.refusals import ChangedMeanwhile, Refused
from app.domain.rounding import half_up
from app.queries.bulletins import bulletin_of, draft, filled, known_of
from app.queries.scores import scorecard_of
from app.services.bulletin import approve, redraft, save
from app.services.evaluation import compute, publish, required
from tests.services.month_of_tickets import Month, city, walk_the_month


@pytest.fixture
def march(app: Flask) -> Month:
    month = walk_the_month()
    month.office.at = city("04-05 09:00")
    with month.office.now(), acting_as(SYSTEM):
        compute("2026-03")
    return month


def test_typed_figures_and_unknown_placeholders_are_loose_dates_are_not() -> None:
    known = {"a.DONE.rate": Bound("rate", 1)}
    text = "2026年3月，第3版方案：办结率 {a.DONE.rate}，满意率 98.5%，共 1,204 件，上升 2 个百分点；{a.nothing}。On 24 March, 12 units."
    assert loose(text, known) == ["98.5%", "1,204 件", "2 个百分点", "{a.nothing}", "12 units"]
    assert [piece.key for piece in pieces(text, known) if piece.key] == ["a.DONE.rate"]
    assert "".join(piece.text for piece in pieces(text, known)) == text


def test_a_draft_has_no_loose_figure_and_reads_as_the_scorecard(march: Month) -> None:
    with march.office.now(), acting_as(SYSTEM):
        card = scorecard_of(db.session(), required(db.session(), "2026-03"))
        known = known_of(db.session(), card)
        for language in ("zh", "en"):
            text = draft(card, words(language))
            assert loose(text, known) == []
            read = filled(text, known, words(language))
            assert "{" not in read
            for group in card.groups:
                line = max((one for one in group.lines if one.form == "rate" and group.total[one.code][1]), key=lambda one: one.weight)
                n, d = group.total[line.code]
                assert f"{half_up(100 * Fraction(n, d))}%" in read


def test_an_edit_keeps_placeholders_bound_and_a_typed_figure_stops_the_approval(march: Month) -> None:
    with march.office.now(), acting_as(SYSTEM):
        publish("2026-03")
        row = redraft("2026-03", "zh")
        save("2026-03", "zh", row.text.replace("{tickets}", "999 件"), row.version)
        with pytest.raises(Refused) as refused:
            approve("2026-03", "zh")
        assert refused.value.code == "loose-figures" and refused.value.phrase.values["figures"] == ["999 件"]
        row = redraft("2026-03", "zh")
        assert approve("2026-03", "zh").state == "approved"
        with pytest.raises(Refused) as frozen:
            save("2026-03", "zh", "别的文字", row.version)
        assert frozen.value.code == "approved"


def test_two_people_do_not_overwrite_each_other(march: Month) -> None:
    with march.office.now(), acting_as(SYSTEM):
        first = redraft("2026-03", "en").version
        save("2026-03", "en", "First.", first)
        with pytest.raises(ChangedMeanwhile):
            save("2026-03", "en", "Second.", first)
        with pytest.raises(ChangedMeanwhile):
            save("2026-03", "en", "Third.", None)


def test_provisional_figures_are_not_announced_and_drafts_are_not_read_by_units(march: Month) -> None:
    with march.office.now(), acting_as(SYSTEM):
        redraft("2026-03", "zh")
        with pytest.raises(Refused) as refused:
            approve("2026-03", "zh")
        assert refused.value.code == "provisional"
        publish("2026-03")
    clerk = march.office.actor("clerk")
    with march.office.now(), acting_as(clerk):
        evaluation = required(db.session(), "2026-03")
        assert bulletin_of(db.session(), evaluation, "zh") is None
    with march.office.now(), acting_as(SYSTEM):
        approve("2026-03", "zh")
    db.session.expire_all()
    with march.office.now(), acting_as(clerk):
        assert bulletin_of(db.session(), required(db.session(), "2026-03"), "zh") is not None


@pytest.mark.parametrize(
    ("language", "text", "code"), [("fr", "x", "unknown-language"), ("zh", " \n ", "required"), ("zh", "长" * 9000, "too-long")]
)
def test_what_cannot_be_kept_is_refused_in_words(march: Month, language: str, text: str, code: str) -> None:
    with march.office.now(), acting_as(SYSTEM), pytest.raises(Refused) as refused:
        save("2026-03", language, text)
    assert refused.value.code == code
