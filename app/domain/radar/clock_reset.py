"""Re-dispatch that resets clocks (重派重置时限): the same unit gets the ticket again, with a fresh limit, as the old one runs out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from app.domain.radar.base import Finding, Golden, Sign, Sweep, Threshold, Thresholds, Turn
from app.domain.radar.examples import round_of, sweep
from app.domain.refusals import N_, Phrase


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """New rounds of the period at a unit that had the ticket before and left it with hardly any time, or none, for a later due time."""
    left = timedelta(hours=thresholds["left"])
    for life in material.lives():
        for place, turn in enumerate(life):
            before = _before(life[:place], turn)
            if turn.reopened or before is None or turn.dispatched_at is None or not material.period.holds(turn.dispatched_at):
                continue
            ended = before.left_at
            if before.due_at is None or turn.due_at is None or ended is None or before.finished_at is not None:
                continue
            if turn.due_at > before.due_at and before.due_at - ended <= left:
                yield Finding(turn.ticket_id, turn.ticket_no, turn.unit_id, turn.dispatched_at, _seen(before.due_at - ended))


def _before(earlier: Sequence[Turn], turn: Turn) -> Turn | None:
    """The unit's own round before this one."""
    return next((one for one in reversed(earlier) if one.unit_id == turn.unit_id), None)


def _seen(left: timedelta) -> Phrase:
    hours = int(abs(left) / timedelta(hours=1))
    if left < timedelta():
        return Phrase(N_("Dispatched to the same unit again when the limit was over by %(hours)d h"), hours=hours)
    return Phrase(N_("Dispatched to the same unit again with %(hours)d h left of the old limit"), hours=hours)


SIGN = Sign(
    code="clock_reset",
    position=50,
    name=N_("Re-dispatch that resets the clock"),
    looks_for=N_("A ticket leaves a unit shortly before or after its limit and comes back to the same unit with a later one."),
    innocent=N_("A return that was right at the time, and a duty that turned out to be the first unit's after all."),
    find=find,
    thresholds=(Threshold("left", N_("Time left of the old limit, at most"), 8, N_("hours")),),
    golden=(
        Golden(
            title="eight hours left, nine hours left, over already; the same due time as before resets nothing",
            sweep=sweep(
                turns=(
                    round_of(1, due_at="2026-09-10 18:00", withdrawn_at="2026-09-10 10:00"),
                    round_of(1, ordinal=2, dispatched_at="2026-09-11", due_at="2026-09-14 18:00"),
                    round_of(2, due_at="2026-09-10 18:00", withdrawn_at="2026-09-10 09:00"),
                    round_of(2, ordinal=2, dispatched_at="2026-09-11", due_at="2026-09-14 18:00"),
                    round_of(3, due_at="2026-09-10 18:00", returned="approved", returned_at="2026-09-11"),
                    round_of(3, unit=2, ordinal=2, dispatched_at="2026-09-11 09:00", withdrawn_at="2026-09-11 10:00"),
                    round_of(3, ordinal=3, dispatched_at="2026-09-12", due_at="2026-09-14 18:00"),
                    round_of(4, due_at="2026-09-10 18:00", withdrawn_at="2026-09-10 17:00"),
                    round_of(4, ordinal=2, dispatched_at="2026-09-11", due_at="2026-09-10 18:00"),
                )
            ),
            found=(("GL0001", 1), ("GL0003", 1)),
        ),
        Golden(
            title="another unit has a limit of its own; a matter that came back is a new duty; the new round's month counts",
            sweep=sweep(
                turns=(
                    round_of(1, due_at="2026-09-10 18:00", withdrawn_at="2026-09-10 17:00"),
                    round_of(1, unit=2, ordinal=2, dispatched_at="2026-09-11", due_at="2026-09-14 18:00"),
                    round_of(2, due_at="2026-09-10 18:00", finished_at="2026-09-10 17:00", withdrawn_at="2026-09-10 17:30"),
                    round_of(2, ordinal=2, dispatched_at="2026-09-11", due_at="2026-09-14 18:00", reopened=True),
                    round_of(3, due_at="2026-08-30 18:00", withdrawn_at="2026-08-30 17:00"),
                    round_of(3, ordinal=2, dispatched_at="2026-08-31", due_at="2026-09-03 18:00"),
                )
            ),
            found=(),
        ),
    ),
)
