"""Calls withdrawn just before their limit (临限撤呼): a call disappears when a department was about to miss its limit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.domain.radar.base import Finding, Golden, Part, Sign, Sweep, Threshold, Thresholds
from app.domain.radar.examples import part, sweep
from app.domain.refusals import N_, Phrase


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Calls withdrawn in the period with hardly any time left, or after the limit; told of the street-town that withdrew."""
    span = timedelta(minutes=thresholds["minutes"])
    for one in material.parts:
        limit = _open_limit(one)
        if one.withdrawn_at is None or limit is None or not material.period.holds(one.withdrawn_at):
            continue
        if limit - one.withdrawn_at <= span:
            yield Finding(one.ticket_id, one.ticket_no, one.street_town_id, one.withdrawn_at, _seen(limit - one.withdrawn_at))


def _open_limit(one: Part) -> datetime | None:
    """The limit that was still to be kept when the call was withdrawn."""
    if one.finished_at is not None:
        return None
    return one.response_due_at if one.responded_at is None and one.response_due_at is not None else one.due_at


def _seen(left: timedelta) -> Phrase:
    minutes = int(abs(left) / timedelta(minutes=1))
    if left < timedelta():
        return Phrase(N_("The call was withdrawn %(minutes)d min after its limit"), minutes=minutes)
    return Phrase(N_("The call was withdrawn %(minutes)d min before its limit"), minutes=minutes)


SIGN = Sign(
    code="call_withdrawn",
    position=70,
    name=N_("Call withdrawn at its limit"),
    looks_for=N_("A street-town withdraws a call when the department called was about to miss its limit, or had missed it."),
    innocent=N_("The matter settled itself, or the call had gone to the wrong department."),
    find=find,
    thresholds=(Threshold("minutes", N_("Before the limit, at most"), 30, N_("minutes")),),
    golden=(
        Golden(
            title="thirty minutes before the response was due, thirty-one, after it; responded in time, the due time counts",
            sweep=sweep(
                parts=(
                    part(1, withdrawn_at="2026-09-02 09:30", response_due_at="2026-09-02 10:00", due_at="2026-09-05"),
                    part(2, withdrawn_at="2026-09-02 09:29", response_due_at="2026-09-02 10:00", due_at="2026-09-05"),
                    part(3, withdrawn_at="2026-09-02 12:00", response_due_at="2026-09-02 10:00", due_at="2026-09-05"),
                    part(
                        4,
                        withdrawn_at="2026-09-02 09:45",
                        responded_at="2026-09-02 09:00",
                        response_due_at="2026-09-02 10:00",
                        due_at="2026-09-05",
                    ),
                    part(5, street_town=2, withdrawn_at="2026-09-04 23:55", responded_at="2026-09-02 09:00", due_at="2026-09-05"),
                )
            ),
            found=(("GL0001", 1), ("GL0003", 1), ("GL0005", 2)),
        ),
        Golden(
            title="finished, never withdrawn, without a limit, withdrawn in another month",
            sweep=sweep(
                parts=(
                    part(1, withdrawn_at="2026-09-02 09:50", finished_at="2026-09-02 09:00", due_at="2026-09-02 10:00"),
                    part(2, response_due_at="2026-09-02 10:00"),
                    part(3, withdrawn_at="2026-09-02 09:50"),
                    part(4, withdrawn_at="2026-10-01 00:00", response_due_at="2026-10-01 00:10"),
                )
            ),
            found=(),
        ),
    ),
)
