"""Worked examples as evaluators write them: a short text of counts per line and of duties in rows, read into exact values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.case_words import (
    AS_OF,
    CHOICE,
    EXCLUSION,
    FLAG,
    KINDS,
    MARK_WORDS,
    MOMENT,
    MOMENTS,
    NAMES,
    PERIOD,
    SAID,
    SETTINGS,
    SIZE,
    UNKNOWNS,
    WHOLE,
    WORDS,
    Word,
)
from app.domain.facts import Fact, Mark
from app.domain.period import Period, period_of
from app.domain.refusals import N_, Phrase, Refused

ROWS = 200
"""No example is longer than this; what needs more is no example any more."""

_WIDE = str.maketrans("＝｜：；，／×（）　＊", "=|:;,/*() *")
_NUMBER = re.compile(r"^(\d{1,12}(?:\.\d{1,6})?)\s*(s|min|h|d|秒|分钟?|小时|天)?$")
_SPANS = {"": 1, "s": 1, "秒": 1, "min": 60, "分": 60, "分钟": 60, "h": 3600, "小时": 3600, "d": 86400, "天": 86400}
_BOOKS_CLOSE = timedelta(days=2, hours=9)
"""Without a cut-off of its own an example is cut off at 09:00 on the third day after its period."""


@dataclass(frozen=True, slots=True)
class Tally:
    """``DONE_OT = 737/972``: what was counted for one line, in cases; ``d`` is ``None`` where one number stands alone."""

    row: int
    code: str
    n: Fraction
    d: Fraction | None = None
    group: Fraction | None = None


@dataclass(frozen=True, slots=True)
class CaseText:
    """What a worked example says. ``size`` is area × population of its unit; ``facts`` are its duties."""

    tallies: tuple[Tally, ...] = ()
    facts: tuple[Fact, ...] = ()
    period: Period | None = None
    as_of: datetime | None = None
    size: Fraction | None = None


def wrong(row: int, message: str, **values: Any) -> Refused:
    """The refusal of one row of an example, in words that name it."""
    return Refused("bad-case", N_("Row %(row)d: %(reason)s"), field="given", row=row, reason=Phrase(message, **values))


def read_case(text: str, group: str, zone: str = "Asia/Shanghai") -> CaseText:
    """Read an example's text; its duties are those of one unit of ``group``, its times the clock's of ``zone``.

    Raises ``Refused("bad-case")`` naming the first row that cannot be read and why.
    """
    rows = [(number, row.translate(_WIDE).strip()) for number, row in enumerate(text.splitlines(), start=1)]
    rows = [(number, row) for number, row in rows if row and not row.startswith("#")]
    if not rows:
        raise Refused("bad-case", N_("Say what is given: counts such as DONE_OT = 737/972, or duties in rows."), field="given")
    if len(rows) > ROWS:
        raise wrong(rows[ROWS][0], N_("an example has at most %(most)d rows"), most=ROWS)
    settings: dict[str, Any] = {}
    tallies: dict[str, Tally] = {}
    facts: list[Fact] = []
    for number, row in rows:
        name, equals, value = (part.strip() for part in row.partition("="))
        if "|" in row or not equals:
            facts.append(_fact(number, row, group, zone))
        elif name.lower() in SETTINGS:
            settings[SETTINGS[name.lower()]] = _setting(number, SETTINGS[name.lower()], value, zone)
        elif name in tallies:
            raise wrong(number, N_("%(name)s was given before"), name=name)
        else:
            tallies[name] = _tally(number, name, value)
    return _whole(settings, tuple(tallies.values()), tuple(facts))


def _whole(settings: Mapping[str, Any], tallies: tuple[Tally, ...], facts: tuple[Fact, ...]) -> CaseText:
    period, as_of = settings.get(PERIOD), settings.get(AS_OF)
    if facts and period is None:
        raise Refused("bad-case", N_("Duties need a period: add a row such as period = 2026-09."), field="given")
    if period is not None and as_of is None:
        as_of = period.end + _BOOKS_CLOSE
    return CaseText(tallies, facts, period, as_of, settings.get(SIZE))


# --- counts and settings ---------------------------------------------------------------------------------


def _tally(row: int, code: str, text: str) -> Tally:
    counted, _, behind = (part.strip() for part in text.partition(","))
    n, slash, d = (part.strip() for part in counted.partition("/"))
    group = None
    if behind:
        word, _, amount = behind.partition(" ")
        if word not in ("group", "全组"):
            raise wrong(row, N_("“%(text)s” is not understood; only “group 200” may stand behind a count"), text=behind)
        group = _number(row, amount)
    return Tally(row, code, _number(row, n), _number(row, d) if slash else None, group)


def _number(row: int, text: str) -> Fraction:
    found = _NUMBER.match(text.strip())
    if not found:
        raise wrong(row, N_("“%(text)s” is not a number; write DONE_OT = 737/972, or OTHER = 8.5 for a line entered by hand"), text=text)
    return Fraction(found[1]) * _SPANS[found[2] or ""]


def _setting(row: int, name: str, text: str, zone: str) -> Any:
    if name == AS_OF:
        return _moment(row, text, zone)
    if name == PERIOD:
        return _period(row, text, zone)
    size = Fraction(1)
    for part in text.split("*"):
        size *= _number(row, part)
    if not size:
        raise wrong(row, N_("a size is more than 0"))
    return size


def _period(row: int, text: str, zone: str) -> Period:
    try:
        return period_of(text, zone)
    except Refused as refused:
        raise Refused("bad-case", N_("Row %(row)d: %(reason)s"), field="given", row=row, reason=refused.phrase) from refused


def _moment(row: int, text: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise wrong(row, N_("“%(text)s” is no time; write 2026-09-10 or 2026-09-10 17:30"), text=text) from error
    if moment.tzinfo is not None:
        raise wrong(row, N_("“%(text)s” is no time; write 2026-09-10 or 2026-09-10 17:30"), text=text)
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# --- duties ----------------------------------------------------------------------------------------------


def _fact(row: int, text: str, group: str, zone: str) -> Fact:
    kind, *parts = (part.strip() for part in text.split("|"))
    if kind not in KINDS:
        message = N_("“%(text)s” begins neither a count (CODE = 3/4) nor a duty; a duty begins with case, round or call and a stroke |")
        raise wrong(row, message, text=kind[:40])
    known: dict[str, Any] = {}
    for part in filter(None, parts):
        _fill(row, part, known, zone)
    if "reported_at" not in known:
        raise wrong(row, N_("the duty does not say when it was reported"))
    excluded, unknown = known.pop("excluded", {}), frozenset(known.pop("unknown", ()))
    kind = KINDS[kind]
    return Fact(f"{kind}-{row}", row, f"#{row}", group, 1, kind, 1, excluded=excluded, unknown=unknown, **known)


def _fill(row: int, text: str, known: dict[str, Any], zone: str) -> None:
    word, value = _split(row, text, WORDS)
    if word.field in known and word.takes != EXCLUSION:
        raise wrong(row, N_("“%(text)s”: this was said before"), text=text)
    if word.takes == EXCLUSION:
        code, _, reason = value.partition(" ")
        if not code or not reason.strip():
            raise wrong(row, N_("“%(text)s”: name the line (or *) and the reason"), text=text)
        known.setdefault("excluded", {})[code] = reason.strip()
    elif word.takes == SAID:
        known[word.field] = _mark(row, value, zone)
    else:
        known[word.field] = _value(row, word, value, text, zone)


def _split(row: int, text: str, words: Mapping[str, Word]) -> tuple[Word, str]:
    """The longest word that ``text`` begins with, and what stands behind it."""
    low = text.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = text[len(word) :]
        if low.startswith(word) and (not rest or rest[0] in " :" or not word.isascii()):
            return words[word], rest.strip(" :")
    raise wrong(row, N_("“%(text)s” is not understood"), text=text[:60])


def _value(row: int, word: Word, value: str, text: str, zone: str) -> Any:
    if word.takes == FLAG:
        if value:
            raise wrong(row, N_("“%(text)s”: nothing may stand behind this word"), text=text)
        return word.value
    if not value:
        raise wrong(row, N_("“%(text)s” lacks its value"), text=text)
    if word.takes == MOMENT:
        return _moment(row, value, zone)
    if word.takes == MOMENTS:
        return tuple(_moment(row, one, zone) for one in value.split(";"))
    if word.takes == WHOLE:
        if not re.fullmatch(r"\d{1,9}", value):
            raise wrong(row, N_("“%(text)s”: write a whole number"), text=text)
        return int(value)
    if word.takes == NAMES:
        return _names(row, value)
    assert word.takes == CHOICE and word.options is not None
    if value not in word.options:
        raise wrong(row, N_("“%(value)s” is none of: %(options)s"), value=value, options=list(word.options))
    return word.options[value]


def _names(row: int, value: str) -> tuple[str, ...]:
    names = tuple(filter(None, re.split(r"[,;\s]+", value)))
    for name in names:
        if name not in UNKNOWNS:
            raise wrong(row, N_("“%(value)s” is none of: %(options)s"), value=name, options=sorted(UNKNOWNS))
    return names


def _mark(row: int, text: str, zone: str) -> Mark:
    """``received effect solved, closed 2026-09-10, open 2026-09-12``: given, unless it says otherwise."""
    said: dict[str, Any] = {"state": "given"}
    for part in filter(None, (part.strip() for part in text.split(","))):
        word, value = _split(row, part, MARK_WORDS)
        said[word.field] = _value(row, word, value, part, zone)
    return Mark(**said)
