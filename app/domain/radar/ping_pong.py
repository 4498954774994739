"""Ping-pong returns (退单拉锯): one ticket is given back again and again."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.radar.base import Finding, Golden, Sign, Sweep, Threshold, Thresholds
from app.domain.radar.examples import round_of, sweep
from app.domain.refusals import N_, Phrase


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Every unit that asked to give a ticket back in the period, where so many returns of that ticket were asked for altogether."""
    for life in material.lives():
        asked = [turn for turn in life if turn.returned and turn.returned != "cancelled"]
        if len(asked) < thresholds["returns"]:
            continue
        told: set[int] = set()
        for turn in asked:
            at = turn.returned_at or turn.dispatched_at
            if at is None or not material.period.holds(at) or turn.unit_id in told:
                continue
            told.add(turn.unit_id)
            seen = Phrase(
                N_("Return asked for %(count)d times, by %(units)d units"), count=len(asked), units=len({one.unit_id for one in asked})
            )
            yield Finding(turn.ticket_id, turn.ticket_no, turn.unit_id, at, seen)


SIGN = Sign(
    code="ping_pong",
    position=40,
    name=N_("Ping-pong returns"),
    looks_for=N_("A ticket is given back again and again, and nobody keeps it."),
    innocent=N_("A duty that the responsibility list does not settle; then it is a case for the rotation meeting."),
    find=find,
    thresholds=(Threshold("returns", N_("Returns of one ticket, at least"), 2, N_("returns")),),
    golden=(
        Golden(
            title="given back by two units; given back once; taken back by the one who asked",
            sweep=sweep(
                turns=(
                    round_of(1, unit=1, returned="approved", returned_at="2026-09-02"),
                    round_of(1, unit=2, ordinal=2, returned="rejected", returned_at="2026-09-03"),
                    round_of(1, unit=3, ordinal=3),
                    round_of(2, unit=1, returned="approved", returned_at="2026-09-02"),
                    round_of(2, unit=2, ordinal=2, returned="cancelled", returned_at="2026-09-03"),
                )
            ),
            found=(("GL0001", 1), ("GL0001", 2)),
        ),
        Golden(
            title="one unit twice is told once; last month's return counts for the number, not for last month's unit",
            sweep=sweep(
                turns=(
                    round_of(1, unit=1, returned="approved", returned_at="2026-09-02"),
                    round_of(1, unit=1, ordinal=2, returned="open", returned_at="2026-09-03"),
                    round_of(2, unit=4, returned="approved", returned_at="2026-08-31"),
                    round_of(2, unit=5, ordinal=2, returned="lapsed", returned_at="2026-09-01"),
                )
            ),
            found=(("GL0002", 5), ("GL0001", 1)),
        ),
    ),
)
