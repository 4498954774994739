"""The tickets that a unit's page names as longest past due: those that cost it a figure about due times, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.scorecard import Definition, Evidence
from reports.definitions.scorecard.overdue import longest
from tests.reports import specimens

UNIT = ("department", "B001")


def late(number: int, hours: int, **marks: str) -> Evidence:
    ticket = next(iter(specimens.scorecard(tickets=1).evidence()))
    due = ticket.reported_at + timedelta(days=1)
    found = {(*UNIT, code): mark for code, mark in marks.items()}
    return replace(ticket, ticket_id=number, ticket_no=f"GL{number}", due_at=due, completed_at=due + timedelta(hours=hours), marks=found)


def test_only_what_missed_a_due_time_is_named_and_the_longest_comes_first() -> None:
    card = specimens.scorecard(tickets=1)
    never_extended = late(1, 90, EXT="miss", REWORK="miss", RESP="miss")
    tickets = [never_extended, late(2, 5, DONE_OT="miss"), late(3, 50, DONE_OT="miss", EXT="hit"), late(4, 70, DONE_OT="hit")]
    extension = Definition("EXT", "Extension rate", "", "", "due", "", "", -1)
    card = replace(card, definitions=(*card.definitions, extension), evidence=lambda: iter(tickets))
    assert [(one.ticket.ticket_no, one.beyond) for one in longest(card)[UNIT]] == [
        ("GL3", timedelta(hours=50)),
        ("GL2", timedelta(hours=5)),
    ]
