"""When the city speaks up: how reports spread over the year, the week and the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.demo.chance import Weighted, below, seeded
from app.demo.district import Matter, Profile
from app.domain.period import Period, days_of

VOLUME = (96, 78, 98, 97, 100, 106, 112, 110, 106, 101, 101, 95)
"""Reports per month, January first, in percent of the mean: quiet at the Spring Festival, busy in heat and typhoons."""

SEASONS: Mapping[str, tuple[int, ...]] = {
    "flat": (100,) * 12,
    "heat": (70, 70, 80, 90, 110, 130, 150, 150, 130, 100, 80, 70),
    "summer": (60, 60, 80, 100, 120, 140, 150, 140, 120, 100, 80, 60),
    "cold": (160, 150, 110, 90, 80, 70, 70, 70, 80, 90, 110, 150),
    "rain": (70, 80, 110, 120, 150, 150, 110, 110, 100, 70, 70, 70),
    "storm": (50, 50, 70, 80, 110, 130, 190, 190, 170, 80, 50, 50),
    "typhoon": (0, 0, 0, 0, 40, 120, 320, 320, 280, 100, 0, 0),
    "autumn": (90, 70, 90, 95, 100, 95, 90, 90, 120, 140, 135, 105),
    "festival": (150, 160, 90, 90, 110, 90, 85, 85, 95, 130, 85, 90),
    "school": (70, 60, 110, 110, 120, 120, 80, 110, 150, 110, 100, 80),
    "admission": (50, 50, 100, 150, 200, 240, 220, 160, 60, 40, 40, 40),
    "wages": (260, 180, 70, 70, 80, 80, 80, 80, 80, 80, 90, 150),
}

HOURS: Mapping[str, tuple[int, ...]] = {
    "day": (2, 1, 1, 1, 1, 3, 8, 20, 52, 78, 82, 64, 30, 32, 62, 74, 68, 50, 30, 24, 22, 16, 9, 4),
    "any": (6, 4, 3, 3, 4, 8, 18, 30, 48, 56, 56, 48, 34, 34, 44, 50, 50, 46, 40, 38, 36, 28, 18, 10),
    "morning": (1, 1, 1, 1, 3, 10, 34, 74, 88, 76, 58, 38, 20, 20, 32, 36, 36, 34, 24, 16, 12, 8, 4, 2),
    "evening": (4, 2, 1, 1, 1, 2, 6, 16, 34, 46, 46, 36, 22, 22, 36, 44, 46, 48, 60, 76, 80, 62, 32, 12),
    "night": (40, 26, 14, 6, 4, 5, 8, 14, 30, 38, 38, 30, 20, 18, 26, 32, 32, 30, 34, 52, 84, 104, 96, 70),
    "meal": (3, 1, 1, 1, 1, 2, 4, 10, 30, 44, 52, 66, 58, 36, 36, 40, 44, 56, 76, 80, 60, 36, 16, 6),
}
"""Reports per hour of the day; people report more often when they get to it than when it happens."""

LATE_DAYS = (4, 5)
"""Friday and Saturday, when evenings are longer."""

DAY_OFF = 64
"""Reports on a day off, in percent of a working day."""

STORM_MONTHS = (7, 8, 9)
STORM_SEASONS = ("storm", "typhoon")


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody reports something: when (aware UTC), what, where. ``progress`` runs from 0 to 1 over the demo's months."""

    moment: datetime
    matter: Matter
    street_town: str
    progress: float


class Rhythm:
    """Draws the reports of a month."""

    def __init__(
        self,
        matters: Iterable[Matter],
        profiles: Mapping[str, Profile],
        mix: Iterable[Mapping[str, str]],
        is_working: Callable[[date], bool],
    ) -> None:
        self._matters = list(matters)
        self._is_working = is_working
        more = {(row["street_town"], row["matter"]): int(row["percent"]) for row in mix}
        tops = sorted({matter.top for matter in self._matters})
        self._streets = {
            top: Weighted((unit, profile.share * more.get((unit, top), 100)) for unit, profile in profiles.items() if profile.share)
            for top in tops
        }
        self._hours = {
            (name, late): Weighted((hour, weight * (14 if late and hour >= 19 else 10)) for hour, weight in enumerate(hours))
            for name, hours in HOURS.items()
            for late in (False, True)
        }

    def month(self, period: Period, per_month: int, progress: float, chance: Random) -> list[Report]:
        """The reports of ``period``, in order of time; their number follows the season."""
        number = (per_month * VOLUME[period.first.month - 1] + 50) // 100
        matters = self.of_the_season(period)
        calm, stormy = self._days(period)
        found = []
        for _ in range(number):
            matter = matters.pick(chance)
            day = (stormy if matter.season in STORM_SEASONS else calm).pick(chance)
            hour = self._hours[matter.rhythm, day.weekday() in LATE_DAYS].pick(chance)
            wall = datetime.combine(day, time(hour, below(chance, 60), below(chance, 60)), ZoneInfo(period.zone))
            found.append(Report(wall.astimezone(UTC), matter, self.street_of(matter, chance), progress))
        return sorted(found, key=lambda report: report.moment)

    def of_the_season(self, period: Period, fits: Callable[[Matter], bool] = lambda matter: True) -> Weighted[Matter]:
        """The matters of the month, or those that fit, each as often as its season has it."""
        month = period.first.month - 1
        return Weighted((matter, matter.weight * SEASONS[matter.season][month]) for matter in self._matters if fits(matter))

    def street_of(self, matter: Matter, chance: Random) -> str:
        """The street-town in which such a matter turns up."""
        return self._streets[matter.top].pick(chance)

    def _days(self, period: Period) -> tuple[Weighted[date], Weighted[date]]:
        """The days of the month as ordinary matters and as storm damage see them."""
        storm = storm_days(period)
        usual = [(day, 100 if self._is_working(day) else DAY_OFF) for day in days_of(period)]
        return Weighted(usual), Weighted((day, weight * (12 if day in storm else 1)) for day, weight in usual)


def storm_days(period: Period) -> tuple[date, ...]:
    """The two days on which a typhoon passes, in months that have one; the same for every seed."""
    if period.first.month not in STORM_MONTHS:
        return ()
    first = period.first + timedelta(days=3 + below(seeded("storm", period.key), 22))
    return first, first + timedelta(days=1)
