"""Both languages: message ids into sentences, and numbers, days and instants as each reader writes them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import flask_appbuilder
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from app.domain.period import Period
from app.domain.refusals import N_, Phrase
from app.domain.rounding import half_up
from app.domain.scorecard import Names

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT = "zh"
CATALOGUES = Path(__file__).resolve().parents[2] / "translations"
NOTHING = "—"

_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_COUNTED, _ORDINAL = "一二三四", ("First", "Second", "Third", "Fourth")
_HALVES = ("上半年", "下半年")
_COUNT = re.compile(r"%\((\w+)\)d")
"""Counts are written with thousands marks, so a placeholder for a number takes text."""

_forced: ContextVar[str | None] = ContextVar("language", default=None)
_zone: ContextVar[str] = ContextVar("zone", default="Asia/Shanghai")


def _zh_period(period: Period) -> str:
    part = {"month": f"{period.number}月", "year": ""}.get(period.kind)
    if part is None:
        part = f"第{_COUNTED[period.number - 1]}季度" if period.kind == "quarter" else _HALVES[period.number - 1]
    return f"{period.year}年{part}"


def _en_period(period: Period) -> str:
    if period.kind == "month":
        return f"{_MONTHS[period.number - 1]} {period.year}"
    return f"{period.year}" if period.kind == "year" else f"{_ORDINAL[period.number - 1]} {period.kind} of {period.year}"


def compile_catalogues() -> None:
    """Bring every ``.mo`` file up to its ``.po``; cheap when nothing changed."""
    for po in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3])
        fresh = mo.with_suffix(f".mo.{os.getpid()}")  # the server and its worker start together
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(mo)


@lru_cache(maxsize=None)
def translations(language: str) -> NullTranslations:
    """Our catalogue laid over FAB's, so that its gaps are ours to fill; compiled before it is read, whoever asks first."""
    compile_catalogues()
    theirs = Translations.load(str(Path(flask_appbuilder.__file__).parent / "translations"), [language])
    ours = Translations.load(str(CATALOGUES), [language])
    if not isinstance(theirs, Translations):
        return ours
    return theirs.merge(ours) if isinstance(ours, Translations) else theirs


def current_language() -> str:
    """The language of whoever is being answered: forced, chosen by the reader, or Chinese."""
    from_context = _forced.get()
    return from_context if from_context in LANGUAGES else DEFAULT


@contextmanager
def speaking(language: str) -> Iterator[Words]:
    """Everything inside is written in ``language`` (``zh`` or ``en``)."""
    token = _forced.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield words()
    finally:
        _forced.reset(token)


def set_language(language: str) -> None:
    """Choose the language for the rest of this context (one request, one job)."""
    _forced.set(language if language in LANGUAGES else DEFAULT)


@lru_cache(maxsize=None)
def _words(language: str, zone: str) -> Words:
    return Words(language, zone)


def set_zone(zone: str) -> None:
    """The city's time zone for the rest of this context (a system parameter)."""
    _zone.set(zone)


def words(language: str | None = None, zone: str | None = None) -> Words:
    """The writer for ``language`` (default: the current one), on the city's clock unless ``zone`` says otherwise."""
    return _words(language or current_language(), zone or _zone.get())


class Words:
    """One language's way of writing: sentences, numbers, days, instants (design §9, look: words)."""

    def __init__(self, language: str, zone: str = "Asia/Shanghai") -> None:
        self.language = language
        self.zone = ZoneInfo(zone)

    def __call__(self, message: str, /, **values: Any) -> str:
        """``message`` (an English message id) in this language, filled with ``values``."""
        text = translations(self.language).gettext(message) if message else ""
        if not values:
            return text
        return _COUNT.sub(r"%(\1)s", text) % {key: self.any(value) for key, value in values.items()}

    def phrase(self, phrase: Phrase) -> str:
        """A sentence of the domain."""
        return self(phrase.message, **phrase.values)

    def any(self, value: Any) -> str:
        """Whatever it is, as people write it; nothing at all is a dash, never ``None``."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, Phrase):
            return self.phrase(value)
        if isinstance(value, Names):
            return self.names(value)
        if isinstance(value, bool):
            return self("Yes") if value else self("No")
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, (Decimal, Fraction)):
            return self.decimal(value)
        if isinstance(value, (list, tuple, set, frozenset)):
            return self.listing([self.any(item) for item in value])
        return str(value)

    def names(self, names: Names) -> str:
        """A master-data name in this language, borrowed from the other where it is missing."""
        return names.in_(self.language)

    def listing(self, items: list[str]) -> str:
        """Items in a row, with this language's comma."""
        return ("、" if self.language == "zh" else ", ").join(items) or NOTHING

    def number(self, value: int) -> str:
        """A whole number with thousands marks."""
        return f"{value:,}".replace("-", "−")

    def decimal(self, value: Fraction | Decimal, places: int = 2) -> str:
        """A figure with ``places`` decimals, rounded half up."""
        return f"{half_up(value, places):,}".replace("-", "−")

    def percent(self, value: Fraction | None, places: int = 2, sign: str = "%") -> str:
        """A rate as a percentage; no rate is a dash."""
        return NOTHING if value is None else f"{half_up(value * 100, places):,}{sign}"

    def change(self, value: Fraction | Decimal | None, places: int = 2) -> str:
        """A difference with its sign; no difference known is a dash."""
        if value is None:
            return NOTHING
        rounded = half_up(value, places)
        return f"+{rounded:,}" if rounded > 0 else f"{rounded:,}".replace("-", "−")

    def local(self, instant: datetime) -> datetime:
        """An instant on the city's clock."""
        return instant.astimezone(self.zone)

    def moment(self, instant: datetime | None, *, seconds: bool = False) -> str:
        """Date and time, to the minute: 2026-11-24 09:15 / 24 Nov 2026, 09:15."""
        if instant is None:
            return NOTHING
        local = self.local(instant)
        clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
        if self.language == "zh":
            return f"{local:%Y-%m-%d} {clock}"
        return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}, {clock}"

    def brief(self, instant: datetime | None, now: datetime) -> str:
        """An instant among others in a list: today 09:15, tomorrow 09:15, 11-24 09:15; other years are written out."""
        if instant is None:
            return NOTHING
        local, today = self.local(instant), self.local(now).date()
        clock = f"{local:%H:%M}"
        near = {0: N_("Today"), 1: N_("Tomorrow")}.get((local.date() - today).days)
        if near:
            return f"{self(near)} {clock}"
        if local.year != today.year:
            return self.moment(instant)
        return f"{local:%m-%d} {clock}" if self.language == "zh" else f"{local.day} {_MONTHS[local.month - 1][:3]} {clock}"

    def day(self, day: date | None, *, weekday: bool = False) -> str:
        """A day: 2026-11-24 / 24 Nov 2026, with its weekday if asked."""
        if day is None:
            return NOTHING
        if self.language == "zh":
            return f"{day:%Y-%m-%d}" + (f"（周{_WEEKDAYS['zh'][day.weekday()]}）" if weekday else "")
        return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}" + (f" ({_WEEKDAYS['en'][day.weekday()]})" if weekday else "")

    def weekday(self, day: date) -> str:
        """The day of the week alone: 周三 / Wed."""
        return f"周{_WEEKDAYS['zh'][day.weekday()]}" if self.language == "zh" else _WEEKDAYS["en"][day.weekday()]

    def day_brief(self, day: date) -> str:
        """A day among its neighbours: 11-18 / 18 Nov."""
        return f"{day:%m-%d}" if self.language == "zh" else f"{day.day} {_MONTHS[day.month - 1][:3]}"

    def month(self, period: Period) -> str:
        """A period's name: 2026年9月 / September 2026, 2026年第三季度 / Third quarter of 2026; with its days where they are no months'."""
        named = (_zh_period if self.language == "zh" else _en_period)(period)
        return named if period.natural else named + self._span(period)

    def _span(self, period: Period) -> str:
        if self.language == "zh":
            return f"（{period.first.month}月{period.first.day}日—{period.last.month}月{period.last.day}日）"
        return f" ({self.day_brief(period.first)} – {self.day_brief(period.last)})"

    def month_short(self, period: Period) -> str:
        """A period on an axis: 9月 / Sep, 三季度 / Q3, 下半年 / H2, 2026."""
        if period.kind == "month":
            return f"{period.number}月" if self.language == "zh" else _MONTHS[period.number - 1][:3]
        if period.kind == "year":
            return str(period.year)
        if self.language == "zh":
            return f"{_COUNTED[period.number - 1]}季度" if period.kind == "quarter" else _HALVES[period.number - 1]
        return f"{period.kind[0].upper()}{period.number}"
