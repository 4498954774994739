"""The desk on which made-up tickets are written: everything that all of them draw on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.demo.chance import Shares
from app.demo.district import Duty, Profile, profiles, rows
from app.demo.office import Office

DueAt = Callable[[str, datetime], datetime]
"""From a limit code (``4wh``, ``3wd``, ``24h``, ``5d``) and a start to the due time, both aware."""

USUAL_LATE = 0.075
"""The late share of an ordinary unit, against which the others are slow or quick."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Keys of rows that already exist, by code. Street-towns and departments share the ids of units."""

    street_towns: Mapping[str, int]
    communities: Mapping[str, int]
    departments: Mapping[str, int]
    matters: Mapping[str, int]
    channels: Mapping[str, int]

    def unit(self, code: str) -> int:
        """The id of a street-town or department; ``KeyError`` when it has none."""
        return self.street_towns[code] if code in self.street_towns else self.departments[code]


@dataclass(slots=True)
class Desk:
    """Calendar, ids, limits, the units' habits, and the tally that keeps shares steady."""

    ids: Ids
    office: Office
    due_at: DueAt
    profiles: Mapping[str, Profile] = field(default_factory=profiles)
    shares: Shares = field(default_factory=Shares)
    limits: Mapping[tuple[str, str], str] = field(
        default_factory=lambda: {(row["urgency"], row["purpose"]): row["limit"] for row in rows("limits")}
    )

    def limit(self, duty: Duty | None, urgency: str) -> str:
        """The code of the limit for finishing: the list's, or the general one where the list has a gap."""
        return duty.limits[urgency] if duty else self.limits[urgency, "finish"]

    def due(self, limit: str, start: datetime) -> datetime:
        """When ``limit`` runs out, in whole seconds."""
        return self.due_at(limit, start).replace(microsecond=0)

    def at_work(self, instant: datetime, spread: timedelta) -> datetime:
        """``instant``, or, outside office hours, ``spread`` into the next half-day."""
        opening = self.office.next_open(instant)
        return instant if opening == instant else opening + spread
