"""The radar as pages: per unit and sign how many tickets show it, and behind each count the list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from app.core.languages import Words
from app.crud.cells import show_address
from app.crud.resource import resource_of
from app.domain.period import Period
from app.domain.radar.base import JUDGEMENT, PURPOSE, Finding, Sign
from app.domain.refusals import N_

PER_PAGE = 50

Findings = Mapping[str, Sequence[Finding]]
"""What each sign found, by its code."""

Units = Mapping[int, str]
"""The names of units in the reader's language, in the order of their codes."""


@dataclass(frozen=True, slots=True)
class SignHead:
    """A sign with what explains it, how many tickets show it in the period, and where they are."""

    code: str
    name: str
    looks_for: str
    innocent: str
    thresholds: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class RadarRow:
    """A unit: per sign how many of its tickets show it, with the way there."""

    name: str
    cells: tuple[tuple[int, str], ...]
    total: int


@dataclass(frozen=True, slots=True)
class RadarPage:
    """The overview of a period."""

    period: Period
    title: str
    months: tuple[tuple[str, str], ...]
    purpose: str
    judgement: str
    signs: tuple[SignHead, ...]
    rows: tuple[RadarRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One ticket on a list."""

    number: str
    href: str
    unit: str
    at: str
    seen: str


@dataclass(frozen=True, slots=True)
class SignPage:
    """One sign's list, of all units or of one."""

    period: Period
    title: str
    sign: SignHead
    judgement: str
    units: tuple[tuple[int, str, int], ...]
    unit: int
    rows: tuple[FindingRow, ...]
    count: int
    page: int
    pages: int


def tickets_of(findings: Sequence[Finding]) -> int:
    """How many tickets stand on a list; one that two units share is one."""
    return len({one.ticket_id for one in findings})


def radar_page(
    period: Period,
    months: Sequence[Period],
    signs: Sequence[Sign],
    thresholds: Mapping[str, Mapping[str, int]],
    found: Findings,
    units: Units,
    writer: Words,
) -> RadarPage:
    """Build the overview; units in which nothing was seen are left out."""
    heads = tuple(_head(sign, thresholds[sign.code], found[sign.code], period, writer) for sign in signs)
    counts = {sign.code: Counter(unit for unit, _ in {(one.unit_id, one.ticket_id) for one in found[sign.code]}) for sign in signs}

    def row(unit_id: int, name: str) -> RadarRow:
        cells = tuple(
            (
                counts[s.code][unit_id],
                url_for("Radar.sign", period=period.key, sign=s.code, unit=unit_id) if counts[s.code][unit_id] else "",
            )
            for s in signs
        )
        return RadarRow(name, cells, sum(count for count, _ in cells))

    seen = {unit for several in counts.values() for unit in several}
    return RadarPage(
        period=period,
        title=writer.month(period),
        months=tuple((month.key, writer.month(month)) for month in months),
        purpose=writer(PURPOSE),
        judgement=writer(JUDGEMENT),
        signs=heads,
        rows=tuple(row(unit_id, name) for unit_id, name in units.items() if unit_id in seen),
        total=tickets_of([one for several in found.values() for one in several]),
    )


def _head(sign: Sign, thresholds: Mapping[str, int], found: Sequence[Finding], period: Period, writer: Words) -> SignHead:
    said = [
        writer(N_("%(name)s: %(value)s %(unit)s"), name=writer(one.name), value=thresholds[one.code], unit=writer(one.unit))
        for one in sign.thresholds
    ]
    return SignHead(
        code=sign.code,
        name=writer(sign.name),
        looks_for=writer(sign.looks_for),
        innocent=writer(sign.innocent),
        thresholds=" · ".join(said),
        count=tickets_of(found),
        href=url_for("Radar.sign", period=period.key, sign=sign.code),
    )


def sign_page(
    period: Period,
    sign: Sign,
    thresholds: Mapping[str, int],
    found: Sequence[Finding],
    units: Units,
    unit: int,
    page: int,
    writer: Words,
) -> SignPage:
    """Build a sign's list, the newest first, ``unit`` 0 for all."""
    counts = Counter(one.unit_id for one in found)
    chosen = [one for one in reversed(found) if not unit or one.unit_id == unit]
    return SignPage(
        period=period,
        title=writer.month(period),
        sign=_head(sign, thresholds, found, period, writer),
        judgement=writer(JUDGEMENT),
        units=tuple((unit_id, name, counts[unit_id]) for unit_id, name in units.items() if counts[unit_id]),
        unit=unit,
        rows=tuple(_row(one, units, writer) for one in chosen[page * PER_PAGE : (page + 1) * PER_PAGE]),
        count=len(chosen),
        page=page,
        pages=(len(chosen) + PER_PAGE - 1) // PER_PAGE,
    )


def _row(one: Finding, units: Units, writer: Words) -> FindingRow:
    return FindingRow(
        number=one.ticket_no,
        href=show_address(resource_of("Ticket"), one.ticket_id),
        unit=units.get(one.unit_id, ""),
        at=writer.moment(one.at),
        seen=writer.phrase(one.seen),
    )
