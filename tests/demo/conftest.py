"""A year of the demo district, walked once for all tests of this folder, without a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from itertools import count

import pytest

from app.demo.district import STREET, duties, rows
from app.demo.tickets import District, Ids, stories
from app.demo.walk import Life, walk
from app.domain.calendar import WorkingCalendar
from app.domain.deadlines import limit_of
from app.domain.examples import at
from app.domain.period import Period, month_of
from app.domain.rulebook import ClockRule, Duty, Rulebook
from app.reference import rows as usual

OFF = [*(date(2026, 2, day) for day in range(16, 21)), *(date(2026, 10, day) for day in (1, 2, 5, 6, 7))]
MAKEUP = [date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 10)]
CALENDAR = WorkingCalendar("test", dict.fromkeys(OFF, "off") | dict.fromkeys(MAKEUP, "makeup"), frozenset({2025, 2026, 2027}))


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
    """Monday to Friday but for two long holidays and three Saturdays that make up for them."""
    return CALENDAR


@pytest.fixture(scope="session")
def ids() -> Ids:
    """Made-up keys; no two units share one."""
    units = count(1)
    street_towns = {row["code"]: next(units) for row in rows("street_towns")}
    departments = {row["code"]: next(units) for row in rows("departments")}
    others = {name: {row["code"]: n for n, row in enumerate(rows(name), 1)} for name in ("communities", "matters", "channels", "partners")}
    return Ids(
        street_towns, others["communities"], departments, others["matters"], others["channels"], others["partners"], centre=next(units)
    )


@pytest.fixture(scope="session")
def district(ids: Ids) -> District:
    """The district with its own responsibility list and the usual limits."""
    return create_district(ids, usual_clocks(), listed=True)


def usual_clocks() -> tuple[ClockRule, ...]:
    """The usual limits, as every installation begins with them."""
    return tuple(ClockRule(row["clock"], limit_of(row["limit"]), row["urgency"]) for row in usual("time_limits"))


def create_district(ids: Ids, clocks: tuple[ClockRule, ...], *, listed: bool) -> District:
    """The demo district by these limits, with or without its responsibility list."""
    kinds = dict.fromkeys(ids.street_towns.values(), "street_town") | dict.fromkeys(ids.departments.values(), "department")
    kinds[ids.centre] = "command_centre"
    code_of = {key: code for code, key in ids.matters.items()}
    parents = {row["code"]: row["parent"] for row in rows("matters")}
    items = duties() if listed else {}
    known: dict[int | None, Rulebook] = {}

    def rules_of(matter_id: int | None) -> Rulebook:
        if matter_id not in known:
            chain: list[str] = []
            code = code_of.get(matter_id or 0, "")
            while code:
                chain.append(code)
                code = parents.get(code, "")
            item = next((items[code] for code in chain if code in items), None)
            duty = None
            if item is not None:
                lead = None if item.lead == STREET else ids.departments[item.lead]
                support = tuple(ids.departments[unit] for unit in item.support)
                limits = {urgency: limit_of(limit) for urgency, limit in item.limits.items() if limit}
                duty = Duty("2025-1", item.item_no, "", "", lead, support, limits)
            ancestry = tuple(ids.matters[code] for code in chain)
            known[matter_id] = Rulebook(CALENDAR, clocks, duty, ancestry, kinds, centre_id=ids.centre)
        return known[matter_id]

    return District(ids, CALENDAR, rules_of)


Make = Callable[..., list[Life]]


@pytest.fixture(scope="session")
def make(district: District) -> Make:
    """Months of tickets, as the caller wants them, walked until then."""

    def made(months: list[Period], until: datetime, per_month: int = 120, seed: int = 350102) -> list[Life]:
        found = stories(district, months, until, per_month=per_month, seed=seed)
        return [walk(story, district.rules_of, until) for story in found if not story.whole or story.steps[0].at <= until]

    return made


@pytest.fixture(scope="session")
def year(make: Make, months: list[Period], until: datetime) -> list[Life]:
    """The twelve months as they stand when the last is three weeks old."""
    return make(months, until, 1200)
