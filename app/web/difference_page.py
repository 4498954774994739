"""What a revision changed, as a page: per unit its score and rank, per line its integers, per ticket why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.core.languages import NOTHING, Words
from app.crud.cells import show_address
from app.crud.resource import resource_of
from app.domain.difference import KINDS, Difference, DutyChange, LineChange, UnitChange
from app.domain.indicators import all_indicators
from app.domain.refusals import N_
from app.domain.scorecard import LineScore, Scorecard
from app.web.evidence_page import VERDICTS

MOST = 500
"""So many tickets stand on the page; the workbook has them all."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit, before and after."""

    name: str
    score: tuple[str, str]
    gain: str
    good: bool | None
    rank: tuple[str, str]
    moved: int | None
    lines: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One duty that counts differently, and why."""

    number: str
    href: str
    unit: str
    kind: str
    fields: Sequence[tuple[str, str, str]]
    figures: Sequence[tuple[str, str, str]]


@dataclass(slots=True)
class DifferencePage:
    """The whole page."""

    card: Scorecard
    title: str
    difference: Difference
    groups: Sequence[tuple[str, Sequence[UnitLine]]]
    unchanged: int
    tickets: Sequence[TicketLine]
    count: int


def difference_page(card: Scorecard, told: Difference, writer: Words) -> DifferencePage:
    """Build it; units that are as they were are only counted."""
    names = {group.code: writer.names(group.names) for group in card.groups}
    changed = [unit for unit in told.units if unit.changed]
    groups = [(name, [_unit(unit, writer) for unit in changed if unit.group == code]) for code, name in names.items()]
    return DifferencePage(
        card=card,
        title=writer.month(card.period),
        difference=told,
        groups=[(name, rows) for name, rows in groups if rows],
        unchanged=len(told.units) - len(changed),
        tickets=[_ticket(duty, writer) for duty in told.duties[:MOST]],
        count=len(told.duties),
    )


def _unit(unit: UnitChange, writer: Words) -> UnitLine:
    gained = unit.gained
    return UnitLine(
        name=writer.names(unit.names),
        score=(_score(unit.score_before, writer), _score(unit.score_after, writer)),
        gain=NOTHING if not gained else writer.change(gained),
        good=None if not gained else gained > 0,
        rank=(str(unit.rank_before or NOTHING), str(unit.rank_after or NOTHING)),
        moved=unit.moved,
        lines=[_line(line, writer) for line in unit.lines],
    )


def _score(value: Decimal | None, writer: Words) -> str:
    return NOTHING if value is None else writer.decimal(value)


def _line(line: LineChange, writer: Words) -> tuple[str, str, str]:
    return writer.phrase(line.title), _pair(line.before), _pair(line.after)


def _pair(score: LineScore | None) -> str:
    return NOTHING if score is None else f"{score.n:,}/{score.d:,}"


def _ticket(duty: DutyChange, writer: Words) -> TicketLine:
    known = all_indicators()
    return TicketLine(
        number=duty.ticket_no,
        href=show_address(resource_of("Ticket"), duty.ticket_id),
        unit=writer.names(duty.unit),
        kind=writer(KINDS[duty.kind]),
        fields=[(writer(one.label), _said(one.before, writer), _said(one.after, writer)) for one in duty.fields],
        figures=[
            (writer(known[code].name) if code in known else code, _verdict(before, writer), _verdict(after, writer))
            for code, before, after in duty.verdicts
        ],
    )


def _verdict(code: str, writer: Words) -> str:
    return writer(VERDICTS[code][0]) if code in VERDICTS else NOTHING


def _said(value: Any, writer: Words) -> str:
    """A part of a duty in words; what only programs would understand is only said to differ."""
    if value is None or value == "" or value == ():
        return NOTHING
    if isinstance(value, bool):
        return writer(N_("yes") if value else N_("no"))
    if isinstance(value, datetime):
        return writer.moment(value, seconds=True)
    if isinstance(value, date):
        return writer.day(value)
    if isinstance(value, Mapping):
        return ", ".join(value) or NOTHING
    return str(value) if isinstance(value, (str, int)) else writer(N_("other"))
