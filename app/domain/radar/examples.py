"""Invented work for the radar's worked examples: turns, parts of calls, answers and delays, written as shortly as a table on paper."""

from __future__ import annotations

from typing import Any

from app.domain.examples import at
from app.domain.period import month_of
from app.domain.radar.base import Answer, Delay, Part, Sweep, Turn


def number(ticket: int) -> str:
    """The number of an invented ticket."""
    return f"GL{ticket:04d}"


def _moments(known: dict[str, Any]) -> dict[str, Any]:
    return {name: at(value) if name.endswith("_at") and value is not None else value for name, value in known.items()}


def sweep(month: str = "2026-09", as_of: str = "2026-10-03 09:00", **rows: Any) -> Sweep:
    """A month's material."""
    several: dict[str, Any] = {name: tuple(value) for name, value in rows.items()}
    return Sweep(month_of(month), at(as_of), **several)


def round_of(ticket: int, unit: int = 1, ordinal: int = 1, **known: Any) -> Turn:
    """A round; texts among ``known`` whose name ends in ``_at`` are city times."""
    return Turn(ticket, number(ticket), unit, ordinal, **_moments(known))


def part(ticket: int, street_town: int = 1, unit: int = 9, **known: Any) -> Part:
    """A department in a call."""
    return Part(ticket, number(ticket), street_town, unit, **_moments(known))


def answer(ticket: int, caller: str, rated: str, unit: int = 1, *, content: bool = True) -> Answer:
    """A citizen's rating, given from the telephone ``caller``."""
    return Answer(ticket, number(ticket), unit, at(rated), caller, f"***{caller[-2:]}", content)


def delay(ticket: int, requested: str, reason: str, unit: int = 1) -> Delay:
    """A wish for more time."""
    return Delay(ticket, number(ticket), unit, at(requested), reason)
