"""Similar tickets and dispatch proposals, on tickets that the services made."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.core.transaction import transaction
from app.domain.actors import SYSTEM, Actor
from app.domain.likeness import bigrams, likeness
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket
from app.queries.proposal import Proposal, propose
from app.queries.similar import Similar, similar_to
from app.services.progress import sit
from tests.services.casework import Office, create_office


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("油烟扰民", "油烟扰民", Fraction(1)),
        ("油烟扰民", "噪声扰民", Fraction(1, 3)),
        ("油烟扰民", "路灯不亮", Fraction(0)),
        ("Ｎｏｉｓｅ, night", "noise NIGHT", Fraction(1)),
        ("", "油烟", Fraction(0)),
        ("油", "油", Fraction(0)),
    ],
)
def test_likeness_is_the_share_of_character_pairs_that_both_have(one: str, other: str, share: Fraction) -> None:
    assert likeness(bigrams(one), bigrams(other)) == likeness(bigrams(other), bigrams(one)) == share


def alike(office: Office, ticket: Ticket, who: Actor = SYSTEM, **more: Any) -> list[Similar]:
    """Similar tickets as ``who`` sees them."""
    session = db.session()
    session.expire_all()
    with acting_as(SYSTEM):
        found = session.get(Ticket, ticket.id)
        assert found is not None
    with office.now(), acting_as(who):
        return similar_to(session, found, **more)


def test_tickets_of_the_same_place_are_found_by_their_words_with_unit_stage_and_days(app: Flask) -> None:
    office = create_office()
    old = office.register("温泉支路夜市油烟扰民")
    office.to_handling(old, office.parks, "gardener")
    office.later(days=2).do("gardener", old, "claim_done", result="solved", note="已完成整改。")
    office.later(hours=5).do("chief", old, "complete", opinion="现场复核，油烟达标，市民认可。")
    office.register("路灯不亮请维修")
    new = office.register("温泉支路夜市油烟与噪声扰民")
    found = alike(office, new)
    assert [one.number for one in found] == [old.number]
    # 温泉|泉支|支路|路夜|夜市|市油|油烟|扰民 are in both; the old title has 9 pairs, the new one 12
    assert (found[0].share, found[0].percent) == (Fraction(16, 21), 76)
    assert (found[0].unit.zh, found[0].stage, found[0].same_place, found[0].same_matter) == (office.parks.name_zh, "completed", True, False)
    assert found[0].days == Decimal("2.2")  # 2 days, 5 hours and 7 minutes


def test_a_reader_is_shown_only_tickets_within_the_own_row_scope(app: Flask) -> None:
    office = create_office()
    with transaction() as session:
        matter = Matter(code="M-1", name_zh="油烟", name_en="Fumes", level=1)
        session.add(matter)
        session.flush()
        number = matter.id
    there = office.register("夜市油烟扰民", street_town=office.other_street.id, matter=number)
    here = office.register("夜市油烟扰民", matter=number)
    new = office.register("夜市油烟扰民", matter=number)
    assert [one.number for one in alike(office, new)] == [here.number, there.number]
    assert [one.number for one in alike(office, new, office.actor("clerk"))] == [here.number]
    assert alike(office, new, office.actor("gardener")) == []


def test_void_tickets_and_those_of_years_ago_are_not_shown(app: Flask) -> None:
    office = create_office()
    office.register("夜市油烟扰民")
    office.later(days=400)
    void = office.register("夜市油烟扰民")
    office.do("duty", void, "void", reason="test", note="测试数据，作废。")
    assert alike(office, office.register("夜市油烟扰民")) == []


def proposed(office: Office, ticket: Ticket) -> Proposal:
    """The proposal that the command centre sees."""
    session = db.session()
    session.expire_all()
    with office.now(), acting_as(office.actor("duty")):
        found = session.get(Ticket, ticket.id)
        assert found is not None
        return propose(session, found, sit(session, found).rules)


def duty(office: Office, lead: int | None) -> int:
    """A matter, and an item of an approved list that says who leads it."""
    with transaction() as session:
        matter = Matter(code="M-1", name_zh="油烟", name_en="Fumes", level=1)
        listed = ResponsibilityList(code="2026-1", effective_from=date(2026, 1, 1), state="draft")
        session.add_all([matter, listed])
        session.flush()
        session.add(ResponsibilityItem(list_version_id=listed.id, number="47", matter_id=matter.id, name_zh="油烟", lead_id=lead))
        session.flush()
        listed.state = "approved"
        return matter.id


def reasons(proposal: Proposal, unit: int) -> list[str]:
    """Why a unit is proposed, in English."""
    one = next(c for c in proposal.candidates if c.unit_id == unit)
    return [words("en").phrase(reason.text) for reason in one.reasons]


def test_the_lead_of_the_responsibility_item_comes_before_the_territory(app: Flask) -> None:
    office = create_office()
    ticket = office.register(matter=duty(office, office.parks.id))
    found = proposed(office, ticket)
    assert [(one.unit_id, one.weight) for one in found.candidates] == [
        (office.parks.id, Fraction(4, 5)),
        (office.street.id, Fraction(1, 2)),
    ]
    assert reasons(found, office.parks.id) == ["Item 47 of list 2026-1 names it as lead"]
    assert found.kept()["proposed"] == office.parks.id


def test_without_a_lead_the_duty_is_the_street_towns(app: Flask) -> None:
    office = create_office()
    found = proposed(office, office.register(matter=duty(office, None)))
    assert [(one.unit_id, one.weight) for one in found.candidates] == [(office.street.id, Fraction(9, 10))]
    assert reasons(found, office.street.id)[0] == "Item 47 of list 2026-1 leaves the duty to the street-town"


def test_where_similar_archived_tickets_ended_counts_the_more_the_more_they_are(app: Flask) -> None:
    office = create_office()
    for _ in range(2):
        old = office.register("夜市油烟扰民")
        office.to_handling(old, office.police, "officer")
        office.do("officer", old, "claim_done", result="solved", note="已完成整改。")
        office.do("chief", old, "complete", opinion="现场复核，油烟达标，市民认可。")
        office.to_evaluating(db.session.get(Ticket, old.id))
        office.do("duty", old, "archive", waiver="市民当面表示无需评价。")
    found = proposed(office, office.register("夜市油烟扰民"))
    police = next(one for one in found.candidates if one.unit_id == office.police.id)
    assert police.weight == Fraction(3, 10)  # 0.6 × 2 of (2 + 2)
    assert reasons(found, office.police.id) == ["2 of 2 similar archived tickets ended with it"]
    assert found.candidates[0].unit_id == office.street.id


def test_a_unit_that_has_ended_is_not_proposed(app: Flask) -> None:
    office = create_office()
    ticket = office.register(matter=duty(office, office.parks.id))
    with transaction() as session:
        session.get(type(office.parks), office.parks.id).valid_to = (office.at - timedelta(days=30)).date()
    assert [one.unit_id for one in proposed(office, ticket).candidates] == [office.street.id]


def test_where_nothing_is_known_nothing_is_proposed_and_that_is_said(app: Flask) -> None:
    office = create_office()
    found = proposed(office, office.register(street_town=""))
    assert (found.candidates, found.kept()) == ((), {})
    assert found.why_not is not None and "Decide by hand" in words("en").phrase(found.why_not)
