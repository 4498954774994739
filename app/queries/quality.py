"""Questions put to the data before anybody publishes a figure made from it, each answered by a count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.calendar import WorkingCalendar
from app.domain.period import Period, days_of
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Check

BLOCKING, WARNING = "blocking", "warning"


def checks(tickets: Iterable[Any], period: Period, calendar: WorkingCalendar, now: datetime) -> tuple[Check, ...]:
    """Every check with how many tickets (or days) answer it badly; 0 is good."""
    rows, zone = list(tickets), ZoneInfo(calendar.zone)
    reported = [t for t in rows if period.holds(t.reported_at)]
    days = {t.reported_at.astimezone(zone).date() for t in reported}
    gaps = [day for day in days_of(period) if day not in days] if reported else []
    found = [
        _check("future", N_("Times in the future"), BLOCKING, [t for t in rows if t.reported_at > now or (t.completed_at or now) > now]),
        _check("order", N_("Completed before reported"), BLOCKING, [t for t in rows if t.completed_at and t.completed_at < t.reported_at]),
        _check("place", N_("Without a street-town"), WARNING, [t for t in rows if t.street_town_id is None]),
        _check("unit", N_("Without a handling unit"), WARNING, [t for t in rows if t.unit_id is None]),
        _check("matter", N_("Without a matter"), WARNING, [t for t in rows if t.matter_id is None]),
        _check("due", N_("Without a due time"), WARNING, [t for t in rows if t.due_at is None]),
        _check("outcome", N_("Outcome unknown"), WARNING, [t for t in rows if _unknown_outcome(t)]),
        Check(
            "gaps",
            N_("Days without any ticket"),
            WARNING,
            len(gaps),
            Phrase(N_("%(days)s"), days=gaps[:10]) if gaps else None,
        ),
        Check(
            "calendar",
            N_("Years without a holiday notice"),
            WARNING,
            len({period.first.year, period.after.year} - calendar.known_years),
            Phrase(N_("Deadlines that reach into such a year are provisional.")),
        ),
    ]
    return tuple(found)


def _check(code: str, title: str, severity: str, bad: list[Any]) -> Check:
    examples = [t.number for t in bad[:5]]
    return Check(code, title, severity, len(bad), Phrase(N_("For example %(numbers)s"), numbers=examples) if examples else None)


def _unknown_outcome(t: Any) -> bool:
    return t.completed_at is None and t.completed is None and "completed" in (t.unknown or ())
