"""46,000 real events of another house's tickets, told again by the services: each pause honoured, each refusal explained."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.assignment_round import AssignmentRound
from app.entities.suspension import Suspension
from app.entities.ticket_event import TicketEvent
from app.entities.time_limit import TimeLimit
from tests.real_data import real_file
from tests.services.casework import create_office
from tests.trust.life_cycles import Teller, log_of, tickets

CASES = int(os.environ.get("FRONTLINE_TRUST_CASES", "40"))
"""So many cases, evenly drawn; 0 means all of them, as `make trust` asks."""

CITY = ZoneInfo("Asia/Shanghai")
WORKING_HOURS = 40
NATURAL_HOURS = {"at_once": 24, "within_limit": 120}


def test_the_life_cycles_of_another_house_replay_through_the_services(lite: Flask) -> None:
    cases = list(log_of(real_file("lifecycle_log/bpic2013_dev.csv.gz")))
    if CASES:
        cases = cases[:: max(1, len(cases) // CASES)]
    office = create_office()
    with transaction() as session:
        for limit in session.execute(select(TimeLimit).where(TimeLimit.clock == "handle")).scalars():
            session.delete(limit)
        session.flush()
        session.add(TimeLimit(code="handle-quickly", clock="handle", urgency="quickly", limit=f"{WORKING_HOURS}wh"))
        for urgency, hours in NATURAL_HOURS.items():
            session.add(TimeLimit(code=f"handle-{urgency}", clock="handle", urgency=urgency, limit=f"{hours}h"))
    teller = Teller(office)
    teller.prepare({event.group for _, events in cases for event in events})
    ids = [teller.tell(case, events) for case, events in cases]

    refused = sum(teller.refused.values())
    print(f"{len(cases)} cases, {teller.events} events, {teller.told} told by {sum(teller.moves.values())} moves")  # noqa: T201
    print(f"{teller.waits} waits; refused: {dict(teller.refused)}")  # noqa: T201
    assert teller.told + refused == teller.events == sum(len(events) for _, events in cases)
    assert {key.split(": ")[1] for key in teller.refused} <= {"no-counterpart", "reopen-too-late", "overdue"}
    assert refused <= teller.events // 100

    pauses: dict[int, list[Suspension]] = defaultdict(list)
    for pause in db.session.execute(select(Suspension).order_by(Suspension.ordinal)).scalars():
        pauses[pause.ticket_id].append(pause)
    granted = sum(1 for rows in pauses.values() for pause in rows if pause.reason != "under_review")
    assert granted == teller.waits
    checked = sum(_check_clocks(turn, pauses[turn.ticket_id]) for turn in db.session.execute(select(AssignmentRound)).scalars())
    assert checked > len(cases) // 3
    events = defaultdict(int)
    for ticket_id in db.session.execute(select(TicketEvent.ticket_id)).scalars():
        events[ticket_id] += 1
    assert all(ticket.version == events[ticket.id] for ticket in tickets(ids))


def _check_clocks(turn: AssignmentRound, pauses: list[Suspension]) -> bool:
    """A round's due time, counted again minute by minute, pauses left out; whether there was anything to count."""
    if not turn.limit or (turn.dispatched_at is None and turn.started_at is None):
        return False
    start = turn.dispatched_at or turn.started_at
    assert start is not None and turn.due_at is not None
    stops = [(p.from_at, p.to_at) for p in pauses if p.round == turn.ordinal and p.from_at and p.to_at]
    if turn.limit != f"{WORKING_HOURS}wh":
        due = start + timedelta(hours=int(turn.limit.removesuffix("h")))
        for begin, end in stops:
            due += end - begin if begin <= due else timedelta()
        assert turn.due_at == due
        return bool(stops)
    due = start
    left = timedelta(hours=WORKING_HOURS)
    for begin, end in [*stops, (None, None)]:
        limit = begin or datetime.max.replace(tzinfo=UTC)
        due, left = _count(due, left, limit)
        if not left:
            break
        assert end is not None
        due = end
    assert abs(turn.due_at - due) < timedelta(seconds=1), (turn.ticket_id, turn.ordinal, turn.due_at, due)
    return bool(stops)


def _count(start: datetime, left: timedelta, limit: datetime) -> tuple[datetime, timedelta]:
    """Spend working time from ``start``, at most until ``limit``: where that leads, and what is left."""
    day = start.astimezone(CITY).date()
    while True:
        for opened, closed in _hours(day):
            begin, end = max(opened, start), min(closed, limit)
            if end > begin:
                if end - begin >= left:
                    return begin + left, timedelta()
                left -= end - begin
            if closed >= limit:
                return limit, left
        day += timedelta(days=1)


def _hours(day: date) -> list[tuple[datetime, datetime]]:
    if not chinese_calendar.is_workday(day):
        return []
    clock = [(time(8), time(12)), (time(14), time(18))]
    return [(datetime.combine(day, a, CITY).astimezone(UTC), datetime.combine(day, b, CITY).astimezone(UTC)) for a, b in clock]
