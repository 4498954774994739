"""What a move's form is filled with beforehand, so that the usual case needs one press: proposal, duty in force, claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.core.languages import Words
from app.domain.calendar import WorkingCalendar
from app.domain.casefile import CaseFile
from app.domain.facts import CALLABLE
from app.domain.rulebook import Rulebook

HALF_HOUR = timedelta(minutes=30)
NOTICE_MINUTES = 60
"""A department that is called has at least this much working time to come."""

Values = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What presets are made from. ``proposed`` is the unit that the dispatch proposal puts first."""

    case: CaseFile
    rules: Rulebook
    at: datetime
    proposed: int | None = None
    own_unit: int | None = None
    others: Mapping[str, Values] = field(default_factory=dict)


def presets(action: str, known: Known, writer: Words) -> dict[str, list[str]]:
    """Values by the name of what is needed, as a form would send them."""
    if action in known.others:
        return dict(known.others[action])
    if action == "dispatch":
        unit = known.proposed or known.own_unit
        return {"unit": [str(unit)]} if unit else {}
    if action == "call":
        return _call(known, writer)
    if action == "complete" and known.case.result:
        return {"result": [known.case.result]}
    return {}


def callable_by_duty(known: Known) -> tuple[int, ...]:
    """The departments that the responsibility list in force names for the matter, the lead first, as far as they are not called yet."""
    duty = known.rules.duty
    if duty is None:
        return ()
    standing = {part.unit_id for part in known.case.parts if part.standing}
    named = [unit for unit in (duty.lead_id, *duty.support_ids) if unit is not None and unit not in standing]
    return tuple(unit for unit in dict.fromkeys(named) if known.rules.units.get(unit) in CALLABLE)


def _call(known: Known, writer: Words) -> dict[str, list[str]]:
    named = callable_by_duty(known)
    found = {
        "place": [known.case.address] if known.case.address else [],
        "appointment_at": [writer.local(next_half_hour(known.at, known.rules.calendar)).strftime("%Y-%m-%dT%H:%M")],
    }
    if named:
        found |= {"lead": [str(named[0])], "support": [str(unit) for unit in named[1:]]}
        found["reason"] = ["several_units" if len(named) > 1 else "expertise"]
    return found


def next_half_hour(at: datetime, calendar: WorkingCalendar) -> datetime:
    """The first full half hour of working time that leaves an hour's notice."""
    wanted = _rounded(calendar.add_working_minutes(at, NOTICE_MINUTES))
    while not _at_work(wanted, calendar):
        wanted = _rounded(calendar.add_working_minutes(wanted, 1))
    return wanted


def _rounded(at: datetime) -> datetime:
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    return at + (HALF_HOUR - over) if over else at


def _at_work(at: datetime, calendar: WorkingCalendar) -> bool:
    day = calendar.local_day(at)
    minute = (at - calendar.instant(day, 0)) // timedelta(minutes=1)
    return calendar.is_working(day) and any(start <= minute < end for start, end in calendar.segments)
