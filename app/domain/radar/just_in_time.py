"""Completed minutes before due (临期办结): a unit keeps saying that it is done when hardly any time is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from app.domain.radar.base import Finding, Golden, Sign, Sweep, Threshold, Thresholds, Turn
from app.domain.radar.examples import round_of, sweep
from app.domain.refusals import N_, Phrase


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Rounds finished in the period within the last minutes before their due time, of units that have several such."""
    span = timedelta(minutes=thresholds["minutes"])
    units: dict[int, list[Turn]] = {}
    for turn in material.turns:
        if turn.finished_at is None or turn.due_at is None or not material.period.holds(turn.finished_at):
            continue
        if timedelta() <= turn.due_at - turn.finished_at <= span:
            units.setdefault(turn.unit_id, []).append(turn)
    for turns in units.values():
        if len(turns) >= thresholds["least"]:
            yield from (_finding(turn) for turn in turns)


def _finding(turn: Turn) -> Finding:
    assert turn.due_at is not None and turn.finished_at is not None
    minutes = int((turn.due_at - turn.finished_at) / timedelta(minutes=1))
    seen = Phrase(N_("Completed %(minutes)d min before it was due"), minutes=minutes)
    return Finding(turn.ticket_id, turn.ticket_no, turn.unit_id, turn.finished_at, seen)


SIGN = Sign(
    code="just_in_time",
    position=30,
    name=N_("Completed minutes before due"),
    looks_for=N_("A unit completes several tickets within the last minutes before they are due."),
    innocent=N_("A limit that is just long enough for the work, or somebody who watches the clocks well."),
    find=find,
    thresholds=(
        Threshold("minutes", N_("Before the due time, at most"), 15, N_("minutes")),
        Threshold("least", N_("Such tickets of one unit, at least"), 3, N_("tickets")),
    ),
    golden=(
        Golden(
            title="fifteen minutes, none at all, and one second late; a unit with two such is left alone",
            sweep=sweep(
                turns=(
                    round_of(1, due_at="2026-09-10 18:00", finished_at="2026-09-10 17:45"),
                    round_of(2, due_at="2026-09-10 18:00", finished_at="2026-09-10 18:00"),
                    round_of(3, due_at="2026-09-11 18:00", finished_at="2026-09-11 17:59"),
                    round_of(4, due_at="2026-09-10 18:00", finished_at="2026-09-10 18:00:01"),
                    round_of(5, due_at="2026-09-10 18:00", finished_at="2026-09-10 17:44:59"),
                    round_of(6, unit=2, due_at="2026-09-10 18:00", finished_at="2026-09-10 17:50"),
                    round_of(7, unit=2, due_at="2026-09-10 18:00", finished_at="2026-09-10 17:50"),
                )
            ),
            found=(("GL0001", 1), ("GL0002", 1), ("GL0003", 1)),
        ),
        Golden(
            title="no due time, not finished, another month",
            sweep=sweep(
                turns=(
                    round_of(1, finished_at="2026-09-10 17:45"),
                    round_of(2, due_at="2026-09-10 18:00"),
                    round_of(3, due_at="2026-10-01 00:05", finished_at="2026-10-01 00:00"),
                )
            ),
            thresholds={"least": 1},
            found=(),
        ),
    ),
)
