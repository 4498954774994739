"""Points entered by hand along an appeal: disputed or declared, heard by others than whoever entered them, adjusted, final, restated."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.crud.resource import resource_of
from app.crud.writing import add
from app.domain.actors import SYSTEM
from app.domain.difference import Difference
from app.domain.refusals import Refused
from app.domain.scorecard import UnitScore
from app.entities.exclusion import Exclusion
from app.entities.manual_entry import ManualEntry
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.queries.revisions import difference_of
from app.queries.scores import evaluation_of
from app.queries.seals import flaws
from app.services.evaluation_cycle import publish_restatement, restate
from app.services.exclusions import exclude
from tests.services.cycle import MARCH, Cycle, states

STREET, OTHER = "S-1", "S-2"
HEARD = ("evan", "evita", "director")
"""Who hears, node by node; ``eva`` entered the points."""


def line_by_hand(section: str) -> None:
    """The street-towns' version has a line of five points that is entered by hand; in the basic section satisfaction makes room for it."""
    with transaction() as session, acting_as(SYSTEM):
        version = session.execute(select(SchemeVersion).join(Scheme).where(Scheme.code == "STREET")).scalar_one()
        values = {"name_zh": "其他", "name_en": "Other", "weight": Decimal(5), "shape": "manual", "section": section, "na_policy": "full"}
        session.add(SchemeLine(scheme_version=version, code="OTHER", indicator="", position=900, **values))
        if section == "basic":
            satisfied = select(SchemeLine).where(SchemeLine.scheme_version == version, SchemeLine.code == "SAT")
            session.execute(satisfied).scalar_one().weight -= 5


def entered_by_eva(cycle: Cycle, points: str, unit: Any = None) -> ManualEntry:
    raw = {"period": MARCH, "unit": (unit or cycle.office.street).id, "line": "OTHER", "points": points, "note": "现场检查发现问题。"}
    row = cycle.does("eva", add, resource_of("ManualEntry"), raw, Reading(origin=Origin.API))
    assert isinstance(row, ManualEntry)
    return row


def _unit(cycle: Cycle, code: str = STREET, revision: int | None = None) -> UnitScore:
    group = cycle.card(revision).group("street_town")
    return next(unit for unit in (*group.units, *group.apart) if unit.code == code)


def _heard(cycle: Cycle, appeal: Any, verdict: str, value: str = "") -> Any:
    for name, node in zip(HEARD, ("check", "review", "lead"), strict=True):
        appeal = cycle.hears(name, appeal, node, verdict, reason="", value=value)
    return appeal


def _changed(revision: int) -> Difference:
    db.session.rollback()
    with acting_as(SYSTEM):
        found = evaluation_of(db.session(), MARCH, revision)
        assert found is not None
        told = difference_of(db.session(), found)
    assert told is not None
    return told


def _sealed() -> list[str]:
    with acting_as(SYSTEM):
        found = [evaluation_of(db.session(), MARCH, revision) for revision, _ in states()]
        return [str(flaw) for one in found if one is not None for flaw in flaws(db.session(), one)]


@pytest.mark.parametrize(
    ("section", "entered", "granted", "before", "after"),
    [
        ("deduction", "2.5", "1", Fraction(-5, 2), Fraction(-1)),
        ("bonus", "0.5", "2", Fraction(1, 2), Fraction(2)),
        ("basic", "2.5", "4", Fraction(5, 2), Fraction(4)),
    ],
)
def test_points_are_adjusted_by_an_appeal_and_stay_so_in_every_later_list(
    app: Flask, section: str, entered: str, granted: str, before: Fraction, after: Fraction
) -> None:
    cycle = Cycle()
    line_by_hand(section)
    row = entered_by_eva(cycle, entered)
    cycle.preliminary()
    first, neighbour = _unit(cycle), _unit(cycle, OTHER)
    assert first.lines["OTHER"].points == before and first.score is not None
    appeal = cycle.appeal("clerk", "OTHER", kind="declare")
    with pytest.raises(Refused, match="entered"):
        cycle.hears("eva", appeal, "check", "upheld", reason="")
    decided = _heard(cycle, appeal, "partly", granted)
    gain = abs(after - before)  # three halves in each section, and in the lines' own scale
    assert decided.effect["points"] == [f"{float(before):.2f}", f"{float(after):.2f}"]
    assert Decimal(decided.effect["score"][1]) - Decimal(decided.effect["score"][0]) == Decimal("1.50") == Decimal(float(gain))
    cycle.final()
    assert states() == [(1, "superseded"), (2, "final")]
    final = _unit(cycle)
    assert (final.lines["OTHER"].points, final.lines["OTHER"].note) == (after, "经核查。")
    assert final.score == first.score + Decimal("1.50")
    assert (_unit(cycle, OTHER).score, _unit(cycle, OTHER).lines) == (neighbour.score, neighbour.lines)
    changes = [(unit.code, [line.code for line in unit.lines]) for unit in _changed(2).units if unit.changed]
    assert changes[0] == (STREET, ["OTHER"]) and not _changed(2).duties
    with acting_as(SYSTEM):
        assert db.session.execute(select(Exclusion)).first() is None

    # something came to light later: what was decided stands, whatever the entry says
    cycle.does("eva", exclude, cycle.ticket("D").id, "DONE_OT", "system_fault", basis="第九条", at="04-20 09:00")
    cycle.does("eva", restate, MARCH, "补录系统故障")
    cycle.does("eva", publish_restatement, MARCH)
    assert states() == [(1, "superseded"), (2, "superseded"), (3, "final")]
    third = _unit(cycle)
    assert (third.lines["OTHER"].points, third.lines["OTHER"].note) == (after, "经核查。")
    assert next(unit for unit in _changed(3).units if unit.code == STREET).lines[0].code != "OTHER"
    assert "OTHER" not in {line.code for unit in _changed(3).units for line in unit.lines}
    assert _sealed() == []
    with acting_as(SYSTEM):
        assert db.session.get_one(ManualEntry, row.id).points == Decimal(entered), "what was entered is not rewritten"


@pytest.mark.parametrize(("section", "points"), [("deduction", Fraction(0)), ("bonus", Fraction(5)), ("basic", Fraction(5))])
def test_upheld_means_that_nothing_is_taken_or_everything_earned(lite: Flask, section: str, points: Fraction) -> None:
    cycle = Cycle()
    line_by_hand(section)
    entered_by_eva(cycle, "2.5")
    cycle.preliminary()
    _heard(cycle, cycle.appeal("clerk", "OTHER"), "upheld")
    cycle.final()
    assert _unit(cycle).lines["OTHER"].points == points


def test_rejected_leaves_the_points_and_the_list_itself_becomes_final(app: Flask) -> None:
    cycle = Cycle()
    line_by_hand("deduction")
    entered_by_eva(cycle, "2.5")
    cycle.preliminary()
    before = _unit(cycle)
    _heard(cycle, cycle.appeal("clerk", "OTHER"), "rejected")
    cycle.final()
    assert states() == [(1, "final")]
    assert _unit(cycle) == before


def test_a_line_that_nobody_entered_is_appealed_like_one_with_points(app: Flask) -> None:
    cycle = Cycle()
    line_by_hand("bonus")
    cycle.preliminary()
    before = _unit(cycle)
    decided = _heard(cycle, cycle.appeal("clerk", "OTHER", kind="declare"), "partly", "3")
    cycle.final()
    after = _unit(cycle)
    assert after.lines["OTHER"].points == 3 and before.score is not None
    assert after.score == before.score + 3 and decided.effect["points"][1] == "3.00"
    assert _sealed() == []


@pytest.mark.parametrize("value", ["5.01", "-1", "1.005", "一分", "", "1e1"])
def test_points_that_a_line_cannot_have_are_refused_by_field(lite: Flask, value: str) -> None:
    cycle = Cycle()
    line_by_hand("deduction")
    entered_by_eva(cycle, "2.5")
    cycle.preliminary()
    appeal = cycle.appeal("clerk", "OTHER")
    with pytest.raises(Refused) as refused:
        cycle.hears("evan", appeal, "check", "partly", reason="", value=value)
    assert refused.value.field == "value"
