"""An appeal as a page: what is contested, what the nodes said, what a verdict would change for every unit, and who may speak now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.languages import NOTHING, Words
from app.crud.cells import show_address
from app.crud.resource import resource_of
from app.domain.appeals import CLASSES, KINDS, NODES, OPEN, STATES, VERDICTS
from app.domain.rounding import half_up
from app.domain.scorecard import DEDUCTION, Group, Line, Names
from app.entities.appeal import TONES, Appeal
from app.entities.appeal_step import AppealStep, Proof
from app.entities.evaluation import Evaluation
from app.entities.exclusion_reason import ExclusionReason
from app.entities.unit import Unit
from app.queries.appeals import Effect, contestable, effect_of, proofs_of, steps_of, turn_of
from app.services.appeals import MAY_FILE, Place, why_not_file
from app.services.hearing import line_of, why_not_hear
from app.web.evidence_page import VERDICTS as COUNTED


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One ticket the appeal names, and whether it is decided for."""

    id: int
    number: str
    href: str
    counted: str
    granted: bool | None


@dataclass(frozen=True, slots=True)
class NodeLine:
    """One node: what it said, or that it has not spoken."""

    name: str
    verdict: str
    tone: str
    who: str
    at: str
    opinion: str
    gain: str
    now: bool


@dataclass(frozen=True, slots=True)
class RankLine:
    """One unit of the group as it stands, and as it would."""

    name: str
    score: tuple[str, str]
    rank: tuple[str, str]
    changed: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """What a verdict would change: points, total and rank of the unit that appeals, and the ranks of all."""

    points: tuple[str, str]
    score: tuple[str, str]
    rank: tuple[str, str]
    gain: str
    good: bool
    ranks: Sequence[RankLine]


@dataclass(slots=True)
class AppealPage:
    """The whole page."""

    row: Appeal
    evaluation: Evaluation
    unit: str
    line: str
    kind: str
    state: str
    tone: str
    manual: bool
    takes: bool
    tried: str
    most: str
    tickets: Sequence[TicketLine]
    nodes: Sequence[NodeLine]
    proofs: Sequence[Proof]
    impact: Impact
    turn: str
    turn_name: str
    can_hear: bool
    why_not: str
    can_withdraw: bool
    reasons: Sequence[tuple[str, str]]
    verdicts: Sequence[tuple[str, str]]
    chosen: frozenset[int]


def appeal_page(session: Session, row: Appeal, writer: Words, tried: Sequence[int] | None = None, value: str = "") -> AppealPage:
    """Build it. ``tried`` are tickets (and ``value`` points by hand) somebody wants to see the effect of before deciding."""
    evaluation, line = session.get_one(Evaluation, row.evaluation_id), line_of(session, row)
    steps, who = steps_of(session, row.id), current_actor()
    refused, turn = why_not_hear(session, row, steps, who), turn_of(row, steps)
    value = "" if line.measured or (value and Fraction(value) > line.weight) else value
    shown = [t for t in row.tickets if t in set(tried)] if tried is not None else row.granted if row.state != OPEN else row.tickets
    effect = effect_of(session, evaluation, row.group, row.unit_id, line, shown, value or (row.value if row.state != OPEN else ""))
    unit = session.get_one(Unit, row.unit_id)
    hearer = who.sees_all and who.has_role("evaluator", "command_centre", "district_admin")
    return AppealPage(
        row=row,
        evaluation=evaluation,
        unit=writer.names(Names(unit.name_zh, unit.name_en)),
        line=writer.phrase(line.title),
        kind=writer(KINDS[row.kind]),
        state=writer(STATES[row.state]),
        tone=TONES[row.state],
        manual=not line.measured,
        takes=line.section == DEDUCTION,
        tried=value,
        most=writer.decimal(line.weight),
        tickets=_tickets(session, row, line, writer),
        nodes=_nodes(row, steps, turn, writer),
        proofs=proofs_of(session, appeal_id=row.id),
        impact=impact(effect, row.unit_id, writer),
        turn=turn,
        turn_name=writer(NODES[turn]) if turn else "",
        can_hear=refused is None,
        why_not=writer.phrase(refused.phrase) if refused is not None and hearer and row.state == OPEN else "",
        can_withdraw=row.state == OPEN and who.has_role(*MAY_FILE) and who.unit_id == row.unit_id,
        reasons=reasons_for(session, line, writer),
        verdicts=[(code, writer(STATES[code])) for code in VERDICTS],
        chosen=frozenset(shown),
    )


def _tickets(session: Session, row: Appeal, line: Line, writer: Words) -> list[TicketLine]:
    found = {one.ticket_id: one for one in contestable(session, row.evaluation_id, row.unit_id, line)}
    decided, granted = row.state in VERDICTS, set(row.granted)
    return [
        TicketLine(
            ticket,
            found[ticket].number if ticket in found else str(ticket),
            show_address(resource_of("Ticket"), ticket),
            counted(found[ticket].marks, writer) if ticket in found else NOTHING,
            ticket in granted if decided else None,
        )
        for ticket in row.tickets
    ]


def counted(marks: Sequence[str], writer: Words) -> str:
    """How a ticket's duties count, in words."""
    return " · ".join(dict.fromkeys(writer(COUNTED[mark][0]) for mark in marks if mark in COUNTED))


def _nodes(row: Appeal, steps: Sequence[AppealStep], turn: str, writer: Words) -> list[NodeLine]:
    said = {step.node: step for step in steps}
    return [_node(code, said.get(code), code == turn, writer) for code in row.nodes]


def _node(code: str, step: AppealStep | None, now: bool, writer: Words) -> NodeLine:
    if step is None:
        return NodeLine(writer(NODES[code]), "", "neutral", "", "", "", "", now)
    gain = gain_of(step.effect, writer)
    verdict = writer(STATES[step.verdict])
    return NodeLine(
        writer(NODES[code]), verdict, TONES[step.verdict], step.decided_by, writer.moment(step.decided_at), step.opinion, gain, False
    )


def gain_of(effect: Mapping[str, Any], writer: Words) -> str:
    """What a kept effect gives the unit's total."""
    before, after = (effect.get("score") or [None, None])[:2]
    return NOTHING if before is None or after is None else writer.change(Decimal(after) - Decimal(before))


def impact(effect: Effect, unit_id: int, writer: Words) -> Impact:
    """An effect in words and figures."""
    gain = effect.gain
    return Impact(
        points=(_points(effect.before.points, writer), _points(effect.after.points, writer)),
        score=(_score(effect.before.score, writer), _score(effect.after.score, writer)),
        rank=(str(effect.before.rank or NOTHING), str(effect.after.rank or NOTHING)),
        gain=NOTHING if gain is None else writer.change(gain),
        good=gain is not None and gain > 0,
        ranks=_ranks(effect.group, effect.changed, unit_id, writer),
    )


def _points(value: Fraction | None, writer: Words) -> str:
    return NOTHING if value is None else writer.decimal(half_up(value))


def _score(value: Decimal | None, writer: Words) -> str:
    return NOTHING if value is None else writer.decimal(value)


def _ranks(was: Group, now: Group, unit_id: int, writer: Words) -> list[RankLine]:
    before = {unit.unit_id: unit for unit in (*was.units, *was.apart)}
    return [
        RankLine(
            writer.names(unit.names),
            (_score(before[unit.unit_id].score, writer), _score(unit.score, writer)),
            (str(before[unit.unit_id].rank or NOTHING), str(unit.rank or NOTHING)),
            (before[unit.unit_id].score, before[unit.unit_id].rank) != (unit.score, unit.rank),
            unit.unit_id == unit_id,
        )
        for unit in now.units
    ]


def reasons_for(session: Session, line: Line, writer: Words) -> list[tuple[str, str]]:
    """The exclusion reasons that fit a line's figure; none for a line that is entered by hand."""
    if not line.measured:
        return []
    rows = session.execute(select(ExclusionReason).where(ExclusionReason.active.is_(True)).order_by(ExclusionReason.position)).scalars()
    return [(row.code, writer.names(Names(row.name_zh, row.name_en))) for row in rows if row.allows(line.measured)]


def appeal_links(session: Session, evaluation: Evaluation, group: Group, code: str, writer: Words) -> list[tuple[str, str]]:
    """Names of lines and where the acting person may appeal them for the unit ``code``; nothing for anybody but the unit's own lead."""
    who = current_actor()
    unit = next((unit for unit in (*group.units, *group.apart) if unit.code == code and unit.unit_id == who.unit_id), None)
    if unit is None:
        return []
    places = [Place(evaluation, group, unit, line) for line in group.lines]
    open_ones = [place.line for place in places if why_not_file(session, place) is None]
    return [(writer.phrase(one.title), url_for("AppealScreen.appeal", period=evaluation.period, line=one.code)) for one in open_ones]


@dataclass(slots=True)
class AppealForm:
    """The form of an appeal: the line, what it takes, and the tickets that may be named."""

    place: Place
    unit: str
    line: str
    figure: str
    kinds: Sequence[tuple[str, str]]
    tickets: Sequence[tuple[int, str, str]]
    manual: bool
    until: str
    refused: str
    back: str


def appeal_form(session: Session, place: Place, writer: Words) -> AppealForm:
    """Build it for the unit's own line."""
    refused = why_not_file(session, place)
    score = place.unit.lines[place.line.code]
    found = contestable(session, place.evaluation.id, place.unit.unit_id, place.line)
    return AppealForm(
        place=place,
        unit=writer.names(place.unit.names),
        line=writer.phrase(place.line.title),
        figure=f"{score.n:,}/{score.d:,}" if place.line.measured else _points(score.points, writer),
        kinds=[(code, writer(KINDS[code])) for code in CLASSES.get(place.line.appeal, ())],
        tickets=[(one.ticket_id, one.number, counted(one.marks, writer)) for one in found],
        manual=not place.line.measured,
        until=writer.moment(place.evaluation.appeal_until) if place.evaluation.appeal_until else "",
        refused=writer.phrase(refused.phrase) if refused is not None else "",
        back=url_for("EvaluationScreen.unit", period=place.evaluation.period, group=place.group.code, unit=place.unit.code),
    )
