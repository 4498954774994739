"""A time rule in one sentence: "3rd working day of the month, 09:00 (Asia/Shanghai)"."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.recurrence import (
    CRON,
    DAILY,
    EVERY,
    HALF,
    LAST_WORKING_DAY,
    MONTH_DAY,
    NEXT,
    NONE,
    PREVIOUS,
    QUARTER,
    SKIP,
    WEEKLY,
    WORKING_DAY,
    YEAR,
    TimeRule,
)
from app.domain.refusals import N_, Phrase

_OF: Mapping[str, str] = {
    EVERY: N_("of the month"),
    QUARTER: N_("of the first month of each quarter"),
    HALF: N_("of January and July"),
    YEAR: N_("of January"),
}
_ON: tuple[str, ...] = (
    N_("Every Monday"),
    N_("Every Tuesday"),
    N_("Every Wednesday"),
    N_("Every Thursday"),
    N_("Every Friday"),
    N_("Every Saturday"),
    N_("Every Sunday"),
)
_ORDINALS = {1: N_("%(n)sst"), 2: N_("%(n)snd"), 3: N_("%(n)srd")}
_SHIFTED: Mapping[str, str] = {
    NEXT: N_("%(day)s (on a day off: the next working day)"),
    PREVIOUS: N_("%(day)s (on a day off: the working day before)"),
    SKIP: N_("%(day)s (not on days off)"),
}


def said(rule: TimeRule) -> Phrase:
    """The rule as a sentence, to be spoken in the reader's language."""
    if rule.kind == CRON:
        return Phrase(N_("By cron %(cron)s (%(zone)s)"), cron=rule.cron, zone=rule.zone)
    return Phrase(N_("%(day)s, %(time)s (%(zone)s)"), day=_day(rule), time=f"{rule.at:%H:%M}", zone=rule.zone)


def _day(rule: TimeRule) -> Phrase:
    if rule.kind in (WORKING_DAY, LAST_WORKING_DAY):
        return _working_day(rule)
    if rule.kind == DAILY and rule.shift != NONE:
        return Phrase(N_("Every working day"))
    day = Phrase(N_("Every day")) if rule.kind == DAILY else Phrase(_ON[rule.weekday]) if rule.kind == WEEKLY else _month_day(rule)
    return day if rule.shift == NONE else Phrase(_SHIFTED[rule.shift], day=day)


def _working_day(rule: TimeRule) -> Phrase:
    of, nth = Phrase(_OF[rule.months]), _ordinal(rule.nth)
    if rule.kind == WORKING_DAY:
        return Phrase(N_("%(nth)s working day %(of)s"), nth=nth, of=of)
    if rule.nth == 1:
        return Phrase(N_("Last working day %(of)s"), of=of)
    return Phrase(N_("%(nth)s last working day %(of)s"), nth=nth, of=of)


def _month_day(rule: TimeRule) -> Phrase:
    of = Phrase(_OF[rule.months])
    if rule.kind == MONTH_DAY and rule.nth == 31:
        return Phrase(N_("Last day %(of)s"), of=of)
    day = Phrase(N_("Day %(n)s %(of)s"), n=rule.nth, of=of)
    return day if rule.nth < 29 else Phrase(N_("%(day)s, or its last"), day=day)


def _ordinal(number: int) -> Phrase:
    usual = N_("%(n)sth")
    return Phrase(usual if number in (11, 12, 13) else _ORDINALS.get(number % 10, usual), n=number)
