"""The tickets that went longest past their due time, per unit they count against: where a rate becomes a name."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from app.domain.indicators import Verdict
from app.domain.refusals import N_
from app.domain.scorecard import Evidence, Scorecard
from reports.definitions.scorecard.group_pages import clipped
from reports.definitions.scorecard.labels import OPEN
from reports.definitions.scorecard.sentences import DOT
from reports.document import Block, Column, Heading, Table, Text
from reports.voice import Voice

SHOWN, FEWER = 5, 3
"""English names need more lines than Chinese ones: fewer rows keep a unit on one page."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A ticket, and how long it stood beyond its due time by its completion or the cut-off."""

    ticket: Evidence
    beyond: timedelta


Longest = Mapping[tuple[str, str], list[Overdue]]
"""By (group, unit code), longest first."""


def longest(scorecard: Scorecard) -> Longest:
    """One pass over the evidence, holding no more than ``SHOWN`` tickets per unit.

    Against a unit counts what missed a figure about due times of which more is better: not having been extended is no fault.
    """
    timely = {one.code for one in scorecard.definitions if one.time_role == "due" and one.direction > 0}
    heaps: dict[tuple[str, str], list[tuple[timedelta, int, Evidence]]] = {}
    for ticket in scorecard.evidence():
        if ticket.due_at is None or (ticket.completed_at is None and ticket.outcome != OPEN):
            # Without both moments nobody can say how long it took, even where the source knows that it was late.
            continue
        beyond = (ticket.completed_at or scorecard.as_of) - ticket.due_at
        if beyond <= timedelta(0):
            continue
        missed = {(group, unit) for (group, unit, code), mark in ticket.marks.items() if mark == Verdict.MISS.value and code in timely}
        for key in missed:
            heap = heaps.setdefault(key, [])
            entry = (beyond, -ticket.ticket_id, ticket)
            if len(heap) < SHOWN:
                heapq.heappush(heap, entry)
            elif entry[:2] > heap[0][:2]:
                heapq.heapreplace(heap, entry)
    return {key: [Overdue(one[2], one[0]) for one in sorted(heap, key=lambda one: one[:2], reverse=True)] for key, heap in heaps.items()}


def table(found: list[Overdue], voice: Voice) -> list[Block]:
    """The table on a unit's page; nothing where nothing was late."""
    if not found:
        return []
    columns = (
        Column(voice.stacked(N_("Ticket")), 10, whole=True),
        Column(voice.stacked(N_("Matter")), 40),
        Column(voice.stacked(N_("Handled by")), 40),
        Column(voice.stacked(N_("Due")), 10, whole=True),
        Column(voice.stacked(N_("Completed")), 10, whole=True),
        Column(voice.stacked(N_("Hours late")), 9, figures=True, strong=True),
    )
    rows: list[tuple[Text | str, ...]] = []
    for one in found if voice.languages == ("zh",) else found[:FEWER]:
        ticket = one.ticket
        done = Text(voice.stacked(N_("Still open")), tone="bad") if ticket.completed_at is None else voice.moment(ticket.completed_at)
        hours = voice.decimal(Fraction(one.beyond // timedelta(seconds=1), 3600), 1)
        rows.append(
            (
                clipped(ticket.ticket_no, 28),
                clipped(voice.named(ticket.matter), 50),
                clipped(voice.named(ticket.handler), 50),
                voice.moment(ticket.due_at),
                done,
                hours,
            )
        )
    note = voice(N_("among those counted against the unit")) + DOT + voice(N_("calendar hours, by the ticket's own due time"))
    return [Heading(voice(N_("Longest past due: %(count)s"), count=len(rows)), note), Table(columns, tuple(rows))]
