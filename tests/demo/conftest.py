"""A year of the demo district, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import count

import pytest

from app.demo.desk import DueAt
from app.demo.district import rows
from app.demo.tickets import Ids, histories
from app.domain.calendar import WorkingCalendar
from app.domain.deadlines import due, limit_of
from app.domain.examples import at
from app.domain.history import TicketHistory
from app.domain.period import Period, month_of

SPRING_FESTIVAL = {date(2026, 2, day): "off" for day in range(16, 21)}
NATIONAL_DAY = {date(2026, 10, day): "off" for day in (1, 2, 5, 6, 7)}
CALENDAR = WorkingCalendar("test", SPRING_FESTIVAL | NATIONAL_DAY, frozenset({2025, 2026, 2027}))


@pytest.fixture(scope="session")
def months() -> list[Period]:
    """December 2025 to November 2026."""
    return [month_of("2026-11").back(step) for step in range(11, -1, -1)]


@pytest.fixture(scope="session")
def until() -> datetime:
    """A Monday morning in the last of them."""
    return at("2026-11-23 09:40")


@pytest.fixture(scope="session")
def calendar() -> WorkingCalendar:
    """Monday to Friday but for two long holidays."""
    return CALENDAR


@pytest.fixture(scope="session")
def due_at() -> DueAt:
    """Due times by the real rules."""

    def found(code: str, start: datetime) -> datetime:
        return due(limit_of(code), start, CALENDAR).due_at

    return found


@pytest.fixture(scope="session")
def ids() -> Ids:
    """Made-up keys; no two units share one."""
    units = count(1)
    street_towns = {row["code"]: next(units) for row in rows("street_towns")}
    departments = {row["code"]: next(units) for row in rows("departments")}
    others = {name: {row["code"]: n for n, row in enumerate(rows(name), 1)} for name in ("communities", "matters", "channels")}
    return Ids(street_towns, others["communities"], departments, others["matters"], others["channels"])


Make = Callable[..., list[TicketHistory]]


@pytest.fixture(scope="session")
def make(ids: Ids, due_at: DueAt) -> Make:
    """Months of tickets, as the caller wants them."""

    def made(months: list[Period], until: datetime, per_month: int = 120, seed: int = 350102) -> list[TicketHistory]:
        return list(histories(months, ids, due_at=due_at, until=until, per_month=per_month, seed=seed, is_working=CALENDAR.is_working))

    return made


@pytest.fixture(scope="session")
def year(make: Make, months: list[Period], until: datetime) -> list[TicketHistory]:
    """The twelve months as they stand when the last is three weeks old."""
    return make(months, until, 1200)
