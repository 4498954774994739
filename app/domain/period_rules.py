"""Period rules: which period a schedule reports, seen from the day it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.domain.period import FROM_26TH, HALF, MONTH, QUARTER, YEAR, Period, period_of
from app.domain.refusals import N_

_RULES: Mapping[str, tuple[str, str, bool, int]] = {
    "last_month": (N_("Last month"), MONTH, True, 1),
    "last_month_26": (N_("Last month, from the 26th to the 25th"), MONTH, False, 1),
    "last_quarter": (N_("Last quarter"), QUARTER, True, 1),
    "last_half": (N_("Last half-year"), HALF, True, 1),
    "last_year": (N_("Last year"), YEAR, True, 1),
    "this_month": (N_("This month, so far"), MONTH, True, 0),
    "month_before_last": (N_("The month before last"), MONTH, True, 2),
}
"""What it is called, the kind of period, whether it begins on the first of a month, and how many before the one under way."""

PERIOD_RULES: Mapping[str, str] = {code: name for code, (name, _, _, _) in _RULES.items()}


def period_for(rule: str, day: date, zone: str = "Asia/Shanghai") -> Period:
    """The period that ``rule`` (a key of ``PERIOD_RULES``) means on ``day``; raises ``KeyError`` for another rule.

    "Last month, from the 26th to the 25th" is the last one that is over: from the 26th of September on, August 26 to September 25.
    """
    _, kind, natural, back = _RULES[rule]
    return _holding(day, kind, natural, zone).back(back)


def _holding(day: date, kind: str, natural: bool, zone: str) -> Period:
    """The period of that kind in which ``day`` lies."""
    named = day if natural or day.day < 26 else day.replace(day=1) + timedelta(days=31)
    part = {MONTH: f"-{named.month:02d}", QUARTER: f"-Q{(named.month + 2) // 3}", HALF: f"-H{(named.month + 5) // 6}", YEAR: ""}[kind]
    return period_of(f"{named.year:04d}{part}{'' if natural else FROM_26TH}", zone)
