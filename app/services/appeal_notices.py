"""Telling people of the cycle: the units when a list is out and how their appeals stand, the hearers when one waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.domain.actors import SYSTEM
from app.domain.appeals import NODES, STATES
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Names
from app.entities.appeal import Appeal
from app.entities.appeal_step import AppealStep
from app.entities.evaluation import Evaluation
from app.entities.evaluation_result import EvaluationGroup, EvaluationUnit
from app.entities.unit import Unit
from app.queries.appeals import hearers
from app.queries.reminding import habits_of
from app.queries.staff import Member, staff
from app.services.notices import is_silent, tell

EVALUATION, APPEAL = "evaluation", "appeal"
"""Kinds of notices; their keys begin with it and the number of what they lead to."""


def tell_preliminary(session: Session, evaluation: Evaluation) -> None:
    """A preliminary list is out: everybody it ranks may look, and appeal until the window closes."""
    text = Phrase(
        N_("The preliminary list of %(period)s is out. Appeals are taken until %(until)s"),
        period=evaluation.period,
        until=evaluation.appeal_until,
    )
    _tell_ranked(session, evaluation, f"preliminary.{evaluation.revision}", text)


def tell_final(session: Session, evaluation: Evaluation) -> None:
    """A final list, or a correction, is out."""
    said = N_("The final list of %(period)s is out, revision %(revision)d")
    _tell_ranked(session, evaluation, f"final.{evaluation.revision}", Phrase(said, period=evaluation.period, revision=evaluation.revision))


def tell_filed(session: Session, appeal: Appeal, line: Phrase) -> None:
    """A unit has appealed: the hearers learn that one waits."""
    _tell_hearers(
        session, appeal, "filed", N_("%(unit)s appeals “%(line)s” of %(period)s: %(node)s"), line, node=Phrase(NODES[appeal.nodes[0]])
    )


def tell_step(session: Session, appeal: Appeal, steps: Sequence[AppealStep], line: Phrase) -> None:
    """A node has spoken: the unit learns it, and the next node's people that it is their turn, or the outcome."""
    last, key = steps[-1], f"step{len(steps)}"
    if len(steps) < len(appeal.nodes):
        node = Phrase(NODES[appeal.nodes[len(steps)]])
        _tell_unit(session, appeal, key, N_("Your appeal against “%(line)s” of %(period)s moved on: %(node)s"), line, node=node)
        spoken = {step.decided_by_id for step in steps}
        message = N_("The appeal of %(unit)s against “%(line)s” of %(period)s waits: %(node)s")
        _tell_hearers(session, appeal, key, message, line, without=spoken, node=node)
    else:
        outcome = Phrase(STATES[last.verdict])
        _tell_unit(session, appeal, key, N_("Your appeal against “%(line)s” of %(period)s is decided: %(outcome)s"), line, outcome=outcome)


def tell_withdrawn(session: Session, appeal: Appeal, line: Phrase) -> None:
    """Nothing is left to decide."""
    _tell_hearers(session, appeal, "withdrawn", N_("%(unit)s withdrew its appeal against “%(line)s” of %(period)s"), line)


def _tell_unit(session: Session, appeal: Appeal, key: str, message: str, line: Phrase, **values: object) -> None:
    with acting_as(SYSTEM):
        people = staff(session, [appeal.unit_id]).leads_of(appeal.unit_id)
    _tell(session, people, appeal, f"unit.{key}", message, line, values)


def _tell_hearers(
    session: Session, appeal: Appeal, key: str, message: str, line: Phrase, *, without: Iterable[int | None] = (), **values: object
) -> None:
    with acting_as(SYSTEM):
        people = [member for member in hearers(session) if member.account_id not in set(without)]
    _tell(session, people, appeal, key, message, line, values)


def _tell(
    session: Session, people: Sequence[Member], appeal: Appeal, key: str, message: str, line: Phrase, values: dict[str, object]
) -> None:
    if is_silent():
        return
    with acting_as(SYSTEM):
        unit, evaluation = session.get_one(Unit, appeal.unit_id), session.get_one(Evaluation, appeal.evaluation_id)
        names = Names(unit.name_zh, unit.name_en)
        text = Phrase(message, unit=names, line=line, period=evaluation.period, **values)
        tell(session, people, f"{APPEAL}:{appeal.id}:{key}", APPEAL, text, habits=habits_of(session))


def _tell_ranked(session: Session, evaluation: Evaluation, key: str, text: Phrase) -> None:
    if is_silent():
        return
    with acting_as(SYSTEM):
        ranked = (
            select(EvaluationUnit.unit_id)
            .join(EvaluationGroup, EvaluationGroup.id == EvaluationUnit.group_id)
            .where(EvaluationGroup.evaluation_id == evaluation.id)
        )
        people = staff(session, session.execute(ranked).scalars()).members
        tell(session, people, f"{EVALUATION}:{evaluation.period}:{key}", EVALUATION, text, habits=habits_of(session), mail=False)
