"""What a zone's clock shows, against the instants of the world: hours that daylight saving skips, and hours it shows twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def instants_of(shown: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants (UTC, in order) at which the clock of ``zone`` shows ``shown`` (naive): one, two of a doubled hour, none in a gap."""
    first, second = _both(shown, zone)
    if first == second:
        return (first,)
    return (first, second) if first < second else ()


def first_instant(shown: datetime, zone: ZoneInfo) -> datetime:
    """When the clock first shows ``shown``; for a time that it skips, the first instant (UTC, to the second) after the gap."""
    before, after = _both(shown, zone)
    return before if before <= after else _end_of_gap(after, before, zone)


def earliest_shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """A time (naive) before which nothing shown comes after ``instant``: what the clock shows then, or a day less near a change."""
    near = _offset(instant - _DAY, zone) != _offset(instant + _DAY, zone)
    return instant.astimezone(zone).replace(tzinfo=None) - (_DAY if near else timedelta())


def _both(shown: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Taken as shown before a change of the clock, and after it; in a gap the first is the later one."""
    return (shown.replace(tzinfo=zone, fold=0).astimezone(UTC), shown.replace(tzinfo=zone, fold=1).astimezone(UTC))


def _end_of_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the change, which lies in (low, high]."""
    old = _offset(low, zone)
    first, last = 1, (high - low) // _SECOND
    while first < last:
        middle = (first + last) // 2
        if _offset(low + middle * _SECOND, zone) == old:
            first = middle + 1
        else:
            last = middle
    return low + first * _SECOND


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()
