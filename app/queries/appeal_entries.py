"""The appeals of a period as entries of its scorecard: what everybody who may see them reads on pages and sheets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.refusals import Phrase
from app.domain.scorecard import AppealEntry, Names
from app.entities.appeal import Appeal
from app.entities.appeal_step import AppealStep
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationTicket
from app.entities.evaluation_result import EvaluationGroup, EvaluationUnit


def entries_of(session: Session, period: str) -> tuple[AppealEntry, ...]:
    """Every appeal against a list of the period that the actor may see, in order of filing."""
    appeals = (
        session.execute(
            select(Appeal)
            .join(Evaluation, Evaluation.id == Appeal.evaluation_id)
            .where(Evaluation.period == period)
            .order_by(Appeal.filed_at, Appeal.id)
            .options(selectinload(Appeal.unit))
        )
        .scalars()
        .all()
    )
    if not appeals:
        return ()
    titles, numbers, names = _titles(session, appeals), _numbers(session, appeals), _names(session, appeals)
    opinions = {
        step.appeal_id: step.opinion
        for step in session.execute(
            select(AppealStep).where(AppealStep.appeal_id.in_([one.id for one in appeals])).order_by(AppealStep.ordinal)
        ).scalars()
    }
    return tuple(_entry(appeal, titles, numbers, names, opinions.get(appeal.id, "")) for appeal in appeals)


def _entry(appeal: Appeal, titles: dict[Any, Phrase], numbers: dict[Any, str], names: dict[Any, Names], opinion: str) -> AppealEntry:
    before, after = (appeal.effect.get("score") or [None, None])[:2]
    return AppealEntry(
        number=appeal.id,
        group=appeal.group,
        unit_code=appeal.unit.code,
        unit=names.get((appeal.evaluation_id, appeal.unit_id), Names(appeal.unit.name_zh, appeal.unit.name_en)),
        line=appeal.line,
        title=titles.get((appeal.evaluation_id, appeal.group, appeal.line), Phrase(appeal.line)),
        kind=appeal.kind,
        state=appeal.state,
        filed_at=appeal.filed_at,
        decided_at=appeal.decided_at,
        tickets=_numbered(appeal, appeal.tickets, numbers),
        granted=_numbered(appeal, appeal.granted, numbers),
        text=appeal.text,
        opinion=opinion if appeal.decided_at is not None else "",
        score=(None if before is None else Decimal(before), None if after is None else Decimal(after)),
    )


def _numbered(appeal: Appeal, tickets: Iterable[int], numbers: dict[Any, str]) -> tuple[str, ...]:
    return tuple(numbers.get((appeal.evaluation_id, ticket), str(ticket)) for ticket in tickets)


def _titles(session: Session, appeals: Iterable[Appeal]) -> dict[Any, Phrase]:
    """What the contested lines were called in the lists they stood in."""
    rows = session.execute(select(EvaluationGroup).where(EvaluationGroup.evaluation_id.in_({one.evaluation_id for one in appeals})))
    return {(row.evaluation_id, row.code, line["code"]): line_title(line) for row in rows.scalars() for line in row.lines}


def line_title(line: dict[str, Any]) -> Phrase:
    """What a kept line is called: its own name, else the indicator's."""
    names = line.get("names")
    return Phrase("%(names)s", names=Names(*names)) if names else Phrase(line["name"])


def _names(session: Session, appeals: Iterable[Appeal]) -> dict[Any, Names]:
    """What the units were called in the lists they appealed: a later name does not change what was printed."""
    rows = session.execute(
        select(EvaluationGroup.evaluation_id, EvaluationUnit.unit_id, EvaluationUnit.name_zh, EvaluationUnit.name_en)
        .join(EvaluationUnit, EvaluationUnit.group_id == EvaluationGroup.id)
        .where(
            EvaluationGroup.evaluation_id.in_({one.evaluation_id for one in appeals}),
            EvaluationUnit.unit_id.in_({one.unit_id for one in appeals}),
        )
    )
    return {(row.evaluation_id, row.unit_id): Names(row.name_zh, row.name_en) for row in rows}


def _numbers(session: Session, appeals: Iterable[Appeal]) -> dict[Any, str]:
    lists = {one.evaluation_id for one in appeals}
    named = {ticket for one in appeals for ticket in one.tickets}
    rows = session.execute(
        select(EvaluationTicket.evaluation_id, EvaluationTicket.ticket_id, EvaluationTicket.number).where(
            EvaluationTicket.evaluation_id.in_(lists), EvaluationTicket.ticket_id.in_(named)
        )
    )
    return {(row.evaluation_id, row.ticket_id): row.number for row in rows}
