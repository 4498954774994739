"""Time left: how far a due instant lies ahead, or how long it is over, in the unit people think in."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from app.core.languages import Words
from app.crud.cells import Cell
from app.domain.refusals import N_
from app.domain.rounding import half_up

SOON = timedelta(hours=2)
"""Less than this is shown as a warning."""

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEFT = {MINUTES: N_("%(count)s min left"), HOURS: N_("%(count)s h left"), DAYS: N_("%(count)s d left")}
WAITED = {MINUTES: N_("%(count)s min waiting"), HOURS: N_("%(count)s h waiting"), DAYS: N_("%(count)s d waiting")}
OVER = {MINUTES: N_("%(count)s min over"), HOURS: N_("%(count)s h over"), DAYS: N_("%(count)s d over")}


def time_left(due: datetime | None, ended: datetime | None, now: datetime, writer: Words) -> Cell | None:
    """A chip for what is still open and has a due instant; the difference is plain clock time, calendars are in ``due``."""
    if due is None or ended is not None:
        return None
    unit, said = _measured(abs(due - now))
    if due < now:
        return Cell(writer(OVER[unit], count=said), "left", "bad", hint=writer.moment(due))
    return Cell(writer(LEFT[unit], count=said), "left", "warn" if due - now < SOON else "neutral", hint=writer.moment(due))


def waited(since: datetime | None, now: datetime, writer: Words) -> Cell | None:
    """A chip for what has no due instant but has been lying about since one."""
    if since is None or since > now:
        return None
    unit, said = _measured(now - since)
    return Cell(writer(WAITED[unit], count=said), "left", "neutral", hint=writer.moment(since))


def _measured(distance: timedelta) -> tuple[timedelta, str]:
    unit = MINUTES if distance < SOON else HOURS if distance < DAYS else DAYS
    count = half_up(Decimal(distance // timedelta(seconds=1)) / Decimal(unit // timedelta(seconds=1)), 0 if unit == MINUTES else 1)
    return unit, f"{count:f}".removesuffix(".0")
