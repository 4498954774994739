"""Appeals as they are read: what a unit may contest, what upholding would change, who hears, and how many were filed and upheld.

Core statements on purpose where a change is worked out: it concerns the ranks of all units, whoever asks; what is told of other
units is what their published list tells anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.domain.actors import SYSTEM
from app.domain.appeals import OPEN, PARTLY, REJECTED, UPHELD, WITHDRAWN, Heard, node_of
from app.domain.reminders import DIGEST
from app.domain.rounding import half_up
from app.domain.scorecard import Group, Line, UnitScore
from app.entities.account import Account
from app.entities.appeal import Appeal
from app.entities.appeal_step import AppealStep, Proof
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.staff_profile import StaffProfile
from app.queries.frozen_evaluation import Wish, frozen, worked_again
from app.queries.staff import Member

HEARERS = ("evaluator", "command_centre", "district_admin")
"""Roles whose people hear appeals."""

_FACT: Any = EvaluationFact.__table__
IN_PART = ("half", "some", "most")


@dataclass(frozen=True, slots=True)
class Contested:
    """One ticket that cost a unit points on a line: how its duties were counted."""

    ticket_id: int
    number: str
    marks: tuple[str, ...]


def contestable(session: Session, evaluation_id: int, unit_id: int, line: Line) -> list[Contested]:
    """The tickets that count against a unit on a line, in order of their number; none on a line that no indicator measures."""
    if not line.measured:
        return []
    against = {*IN_PART, "miss" if line.direction > 0 else "hit"}
    statement = select(_FACT.c.ticket_id, _FACT.c.ticket_no, _FACT.c.marks).where(
        _FACT.c.evaluation_id == evaluation_id, _FACT.c.unit_id == unit_id
    )
    found: dict[int, list[Any]] = {}
    for ticket, number, marks in session.connection().execute(statement.order_by(_FACT.c.key)):
        if marks.get(line.measured) in against:
            found.setdefault(ticket, [number]).append(marks[line.measured])
    return sorted((Contested(ticket, told[0], tuple(told[1:])) for ticket, told in found.items()), key=lambda one: one.number)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands: its points on the contested line, its total, its rank."""

    points: Fraction | None
    score: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a verdict would change: for the unit that appeals, and for the whole group."""

    before: Standing
    after: Standing
    group: Group
    changed: Group

    @property
    def gain(self) -> Decimal | None:
        """What the total gains; nothing where there is no total on one side."""
        return None if self.before.score is None or self.after.score is None else self.after.score - self.before.score


def effect_of(session: Session, evaluation: Evaluation, group: str, unit_id: int, line: Line, tickets: Iterable[int], value: str) -> Effect:
    """What it would change if these tickets were excluded from the line's figure for the unit, or ``value`` entered by hand."""
    with acting_as(SYSTEM):
        kept = frozen(session, evaluation)
        wishes = wishes_of(unit_id, line, tickets)
        manual = {(unit_id, line.code): (Fraction(value), "")} if value else None
        (changed,) = worked_again(kept, wishes, manual, only=group)[0]
    present = kept.group(group)
    return Effect(_standing(present, unit_id, line.code), _standing(changed, unit_id, line.code), present, changed)


def told(effect: Effect) -> dict[str, Any]:
    """An effect as it is kept: line points, total and rank, before and after, as they are published."""
    return {
        "points": [None if one.points is None else str(half_up(one.points)) for one in (effect.before, effect.after)],
        "score": [None if one.score is None else str(one.score) for one in (effect.before, effect.after)],
        "rank": [effect.before.rank, effect.after.rank],
    }


def wishes_of(unit_id: int, line: Line, tickets: Iterable[int], reason: str = "appeal") -> dict[Wish, str]:
    """The exclusions that a verdict for these tickets means."""
    return {(ticket, unit_id, line.measured): reason for ticket in tickets} if line.measured else {}


def _standing(group: Group, unit_id: int, code: str) -> Standing:
    unit = unit_in(group, unit_id)
    return Standing(unit.lines[code].points, unit.score, unit.rank)


def unit_in(group: Group, unit_id: int) -> UnitScore:
    """A unit's result in its group; ``KeyError`` where it has none."""
    return {unit.unit_id: unit for unit in (*group.units, *group.apart)}[unit_id]


# --- what was said --------------------------------------------------------------------------------------------


def steps_of(session: Session, appeal_id: int) -> Sequence[AppealStep]:
    """What the nodes said, in order."""
    return session.execute(select(AppealStep).where(AppealStep.appeal_id == appeal_id).order_by(AppealStep.ordinal)).scalars().all()


def proofs_of(session: Session, *, appeal_id: int = 0, exclusion_id: int = 0) -> Sequence[Proof]:
    """The files that go with an appeal or an exclusion."""
    whose = Proof.appeal_id == appeal_id if appeal_id else Proof.exclusion_id == exclusion_id
    return session.execute(select(Proof).where(whose).order_by(Proof.id)).scalars().all()


def heard(steps: Iterable[AppealStep]) -> list[Heard]:
    """Who has spoken at which node."""
    return [Heard(step.node, step.decided_by_id) for step in steps]


def turn_of(appeal: Appeal, steps: Sequence[AppealStep]) -> str:
    """The node whose turn it is; empty where nothing is left to decide."""
    return node_of(appeal.nodes, heard(steps)) if appeal.state == OPEN else ""


def appeals_of(session: Session, period: str) -> Sequence[Appeal]:
    """All appeals against lists of a period that the actor may see, open ones first."""
    statement = select(Appeal).join(Evaluation, Evaluation.id == Appeal.evaluation_id).where(Evaluation.period == period)
    return session.execute(statement.order_by((Appeal.state == OPEN).desc(), Appeal.filed_at, Appeal.id)).scalars().all()


def open_count(session: Session, evaluation_id: int) -> int:
    """How many appeals against a list are still being heard, whoever asks."""
    with acting_as(SYSTEM):
        statement = select(func.count(Appeal.id)).where(Appeal.evaluation_id == evaluation_id, Appeal.state == OPEN)
        return session.execute(statement).scalar_one()


@dataclass(frozen=True, slots=True)
class Tally:
    """How a unit's appeals of a period went."""

    filed: int
    upheld: int
    partly: int
    rejected: int
    withdrawn: int
    open: int


def tallies(appeals: Iterable[Appeal]) -> Mapping[int, Tally]:
    """Statistics per unit (handbook §2.10)."""
    counts: dict[int, Counter[str]] = {}
    for appeal in appeals:
        counts.setdefault(appeal.unit_id, Counter())[appeal.state] += 1
    return {
        unit: Tally(sum(one.values()), one[UPHELD], one[PARTLY], one[REJECTED], one[WITHDRAWN], one[OPEN]) for unit, one in counts.items()
    }


def hearers(session: Session) -> list[Member]:
    """The people who hear appeals, to be told when one waits."""
    statement = (
        select(Account.id, StaffProfile.mails)
        .join(Account.roles)
        .outerjoin(StaffProfile, StaffProfile.account_id == Account.id)
        .where(Account.active.is_(True), Role.name.in_(HEARERS))
        .distinct()
        .order_by(Account.id)
    )
    return [Member(account, frozenset(), frozenset(HEARERS), mails or DIGEST) for account, mails in session.execute(statement)]
