"""Two revisions told apart by hand: who gained, which line, which duty, and why."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.domain.difference import duty_changes, unit_changes
from app.domain.evaluation import evaluate_group
from app.domain.examples import at
from app.domain.facts import STREET_TOWN
from app.domain.scorecard import Names
from tests.domain.test_evaluation import CLOSE, SCHEME, SEPTEMBER, UNITS, facts

NAMES = {unit: one.names for unit, one in UNITS.items()}


def test_only_what_differs_is_told_and_every_unit_is_there() -> None:
    """Unit 2 (50.00) completes its late matter in time and has another one excluded: 2 of 2 and 2 of 2, so 100."""
    before = facts()
    after = [replace(one, completed_at=at("2026-09-10")) if one.ticket_id == 4 else one for one in before]
    after = [replace(one, excluded={"*": "test"}) if one.ticket_id == 5 else one for one in after]
    after = [one for one in after if one.ticket_id != 8]
    was, old = evaluate_group(STREET_TOWN, Names("街镇"), SCHEME, before, UNITS, SEPTEMBER, CLOSE)
    now, new = evaluate_group(STREET_TOWN, Names("街镇"), SCHEME, after, UNITS, SEPTEMBER, CLOSE)

    units = {unit.code: unit for unit in unit_changes([was], [now])}
    assert set(units) == {"01", "02", "03", "04"}
    second = units["02"]
    assert (second.score_before, second.score_after, second.gained) == (Decimal("50.00"), Decimal("100.00"), Decimal("50.00"))
    assert (second.rank_before, second.rank_after, second.moved) == (3, 1, 2)
    assert {line.code for line in second.lines} == {"DONE", "DONE_OT", "VOLUME"}
    (volume,) = units["04"].lines  # nothing of its own, but one matter less in the whole that volumes are parts of
    assert (volume.code, volume.before.n, volume.before.d, volume.after.n, volume.after.d) == ("VOLUME", 0, 7, 0, 6)

    told = {duty.ticket_id: duty for duty in duty_changes(old, new, NAMES)}
    assert {ticket: duty.kind for ticket, duty in told.items()} == {4: "changed", 5: "excluded", 8: "gone"}
    assert [(one.name, one.after) for one in told[4].fields] == [("completed_at", at("2026-09-10"))]
    assert ("DONE_OT", "miss", "hit") in told[4].verdicts
    assert ("DONE", "miss", "excluded") in told[5].verdicts


def test_the_same_twice_is_no_difference() -> None:
    group, marks = evaluate_group(STREET_TOWN, Names("街镇"), SCHEME, facts(), UNITS, SEPTEMBER, CLOSE)
    assert duty_changes(marks, marks, NAMES) == ()
    assert not any(unit.changed for unit in unit_changes([group], [group]))


def test_an_exclusion_that_touches_no_figure_is_no_difference() -> None:
    _, marks = evaluate_group(STREET_TOWN, Names("街镇"), SCHEME, facts(), UNITS, SEPTEMBER, CLOSE)
    other = [replace(one, fact=replace(one.fact, excluded={"SAT": "test"})) for one in marks]
    assert duty_changes(marks, other, NAMES) == ()
