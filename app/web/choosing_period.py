"""Choosing a period: a year, which part of it, and how its months are cut; the form and what comes back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.languages import Words
from app.domain.period import FROM_26TH, HALF, KINDS, LENGTH, MONTH, QUARTER, YEAR, Period, period_of
from app.domain.refusals import N_

WRITTEN = {MONTH: "{:02d}", QUARTER: "Q{}", HALF: "H{}"}
CUTS = (("", N_("Calendar months")), (FROM_26TH, N_("26th to 25th")))


@dataclass(frozen=True, slots=True)
class PeriodChooser:
    """``parts`` are groups of (value, name): months, quarters, half-years, the whole year. ``part`` and ``year`` are chosen at first."""

    year: int
    part: str
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    cuts: tuple[tuple[str, str], ...]


def period_chooser(first: Period, words: Words) -> PeriodChooser:
    """The form's choices, with ``first`` chosen."""
    parts = tuple((words(KINDS[kind]), tuple(_parts(kind, first.year, words))) for kind in (MONTH, QUARTER, HALF, YEAR))
    return PeriodChooser(first.year, first.key.partition("-")[2], parts, tuple((value, words(name)) for value, name in CUTS))


def _parts(kind: str, year: int, words: Words) -> list[tuple[str, str]]:
    if kind == YEAR:
        return [("", words(N_("Whole year")))]
    written = [WRITTEN[kind].format(number) for number in range(1, 12 // LENGTH[kind] + 1)]
    return [(part, words.month_short(period_of(f"{year:04d}-{part}"))) for part in written]


def chosen_period(form: Mapping[str, str]) -> str:
    """The period's key from ``period`` (or ``month``), else from ``year``, ``part`` and ``cut``."""
    written = (form.get("period") or form.get("month") or "").strip()
    if written:
        return written
    year, part, cut = (form.get(name, "").strip() for name in ("year", "part", "cut"))
    return f"{year}{'-' if part else ''}{part}{cut}"
