"""Signed, then idle (签收即搁置): the signature came in time for its figure, and then nothing happened for long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from app.domain.radar.base import Finding, Golden, Sign, Sweep, Threshold, Thresholds
from app.domain.radar.examples import round_of, sweep
from app.domain.refusals import N_, Phrase


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Rounds signed quickly in the period, without any act of the unit for so many working hours after it."""
    quick, idle = timedelta(minutes=thresholds["quick"]), timedelta(hours=thresholds["idle"])
    for turn in material.turns:
        start, signed = turn.dispatched_at, turn.signed_at
        if not turn.traced or turn.auto_signed or start is None or signed is None or not material.period.holds(signed):
            continue
        ends = [moment for moment in (turn.acted_at, turn.finished_at, turn.left_at) if moment is not None]
        until = min(ends, default=material.as_of)
        # Working time never exceeds the clock's, which is quicker to ask.
        if signed - start > quick or until - signed < idle or material.worked(signed, until) < idle:
            continue
        hours = int(material.worked(signed, until) / timedelta(hours=1))
        seen = Phrase(N_("Signed after %(minutes)d min, then %(hours)d working hours without a trace"), minutes=_minutes(signed - start),
                      hours=hours)  # fmt: skip
        yield Finding(turn.ticket_id, turn.ticket_no, turn.unit_id, signed, seen)


def _minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))


SIGN = Sign(
    code="sign_idle",
    position=10,
    name=N_("Signed, then idle"),
    looks_for=N_("A ticket is signed within minutes, and then its unit leaves no trace of work for long."),
    innocent=N_("Work outside that was written down late, or a matter that can only wait."),
    find=find,
    thresholds=(
        Threshold("quick", N_("Signed within"), 10, N_("minutes")),
        Threshold("idle", N_("No trace for at least"), 16, N_("working hours")),
    ),
    golden=(
        Golden(
            title="sixteen hours after a quick signature, not a minute less; a slow one, a machine's, a ledger's; none at all",
            sweep=sweep(
                turns=(
                    round_of(1, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:10", acted_at="2026-09-02 01:10"),
                    round_of(2, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:10", acted_at="2026-09-02 01:09"),
                    round_of(3, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:11", acted_at="2026-09-05"),
                    round_of(4, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:01", acted_at="2026-09-05", auto_signed=True),
                    round_of(5, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:01", traced=False),
                    round_of(6, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:01", unit=2),
                )
            ),
            found=(("GL0006", 2), ("GL0001", 1)),
        ),
        Golden(
            title="finished, given back or taken away is no idleness; the signature's month counts; other thresholds",
            sweep=sweep(
                turns=(
                    round_of(1, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:05", finished_at="2026-09-01 12:00"),
                    round_of(2, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:05", withdrawn_at="2026-09-01 10:00"),
                    round_of(3, dispatched_at="2026-08-31 09:00", signed_at="2026-08-31 09:05", acted_at="2026-09-20"),
                    round_of(4, dispatched_at="2026-09-01 09:00", signed_at="2026-09-01 09:05", acted_at="2026-09-01 11:05"),
                )
            ),
            thresholds={"idle": 2},
            found=(("GL0001", 1), ("GL0004", 1)),
        ),
    ),
)
