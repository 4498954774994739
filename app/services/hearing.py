"""Hearing appeals (申诉审核): node by node, each another person's, until the last one decides; and the unit's own withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.transaction import transaction
from app.domain.actors import SYSTEM, Actor
from app.domain.appeals import OPEN, PARTLY, REJECTED, UPHELD, WITHDRAWN, granted_of, node_of, why_not_decide
from app.domain.refusals import N_, ChangedMeanwhile, NotAllowed, NotFound, Refused
from app.domain.rounding import half_up
from app.domain.scorecard import DEDUCTION, Line
from app.entities.appeal import Appeal
from app.entities.appeal_step import AppealStep
from app.entities.evaluation import Evaluation
from app.entities.exclusion import Exclusion
from app.queries.appeals import HEARERS, effect_of, heard, steps_of, told
from app.queries.frozen_groups import groups_of
from app.queries.manual_entries import entered_by
from app.queries.scopes import units_of
from app.services.appeal_notices import tell_step, tell_withdrawn
from app.services.appeals import MAY_FILE
from app.services.evaluation_outcome import line_in
from app.services.exclusions import after_appeal, fitting


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a node says: its verdict, its opinion, the tickets it decides for, points by hand, the reason the exclusions will carry."""

    verdict: str
    opinion: str
    tickets: Sequence[int] = ()
    value: str = ""
    reason: str = ""


def withdraw_appeal(appeal_id: int) -> Appeal:
    """The unit takes its appeal back before it is decided; the line cannot be appealed again."""
    with transaction() as session:
        appeal = _locked(session, appeal_id)
        who = current_actor()
        if not who.has_role(*MAY_FILE) or who.unit_id != appeal.unit_id:
            raise NotAllowed(N_("A unit's lead withdraws the own unit's appeal."))
        if appeal.state != OPEN:
            raise Refused("decided", N_("The appeal is no longer being heard."), status=409)
        appeal.state, appeal.decided_at = WITHDRAWN, now()
        session.flush()
        tell_withdrawn(session, appeal, line_of(session, appeal).title)
        return appeal


def line_of(session: Session, appeal: Appeal) -> Line:
    """The line an appeal is about, as it was frozen with the list."""
    found = line_in(groups_of(session, appeal.evaluation_id), appeal.group, appeal.line)
    if found is None:
        raise NotFound()
    return found


def why_not_hear(session: Session, appeal: Appeal, steps: Sequence[AppealStep], who: Actor) -> Refused | None:
    """Why this person may not speak on an appeal now; nothing where it may."""
    if not who.has_role(*HEARERS):
        return NotAllowed(N_("Appeals are heard by evaluators, the command centre and the district's administrators."))
    if appeal.state != OPEN:
        return Refused("decided", N_("The appeal is no longer being heard."), status=409)
    return why_not_decide(
        who.user_id, appeal.filed_by_id, heard(steps), _entered_by(session, appeal), frozenset(units_of(who)), appeal.unit_id
    )


def _entered_by(session: Session, appeal: Appeal) -> frozenset[int]:
    """Who entered what the appeal is against: points by hand, or exclusions of the tickets it names."""
    line = line_of(session, appeal)
    if not line.measured:
        return entered_by(session, session.get_one(Evaluation, appeal.evaluation_id).period, appeal.unit_id, line.code)
    with acting_as(SYSTEM):
        rows = session.execute(select(Exclusion.entered_by_id).where(Exclusion.ticket_id.in_(appeal.tickets)))
        return frozenset(person for person in rows.scalars() if person is not None)


def hear(appeal_id: int, node: str, verdict: Verdict) -> Appeal:
    """Speak for a node. The last node decides: what it upholds becomes exclusions, and the unit learns the outcome.

    ``node`` is the one whose form was filled in. Raises ``ChangedMeanwhile`` where another has spoken since, ``NotAllowed``, ``Refused``.
    """
    with transaction() as session:
        appeal = _locked(session, appeal_id)
        steps, who = steps_of(session, appeal.id), current_actor()
        refused = why_not_hear(session, appeal, steps, who)
        if refused is not None:
            raise refused
        present = node_of(appeal.nodes, heard(steps))
        if node != present:
            raise ChangedMeanwhile(N_("Another node has spoken meanwhile; look at what it said first."))
        step = _spoken(session, appeal, verdict, present, len(steps) + 1)
        session.add(step)
        if step.ordinal == len(appeal.nodes):
            _decided(session, appeal, step, verdict.reason)
        session.flush()
        tell_step(session, appeal, [*steps, step], line_of(session, appeal).title)
        return appeal


def _spoken(session: Session, appeal: Appeal, verdict: Verdict, node: str, ordinal: int) -> AppealStep:
    line, who = line_of(session, appeal), current_actor()
    if not verdict.opinion.strip():
        raise Refused("required", N_("Write the node's opinion."), field="opinion")
    granted = granted_of(verdict.verdict, appeal.tickets, verdict.tickets, manual=not line.measured)
    value = _value(line, verdict)
    if verdict.verdict != REJECTED and line.measured:
        fitting(session, verdict.reason, line.measured)
    evaluation = session.get_one(Evaluation, appeal.evaluation_id)
    return AppealStep(
        appeal_id=appeal.id,
        ordinal=ordinal,
        node=node,
        verdict=verdict.verdict,
        opinion=verdict.opinion.strip()[:2000],
        granted=list(granted),
        value=value,
        effect=told(effect_of(session, evaluation, appeal.group, appeal.unit_id, line, granted, value)),
        decided_at=now(),
        decided_by_id=who.user_id,
        decided_by=who.name[:128],
    )


def _value(line: Line, verdict: Verdict) -> str:
    """The points a line by hand gets; upheld means that nothing is taken, or everything earned."""
    if line.measured or verdict.verdict == REJECTED:
        return ""
    if verdict.verdict == UPHELD:
        return "0" if line.section == DEDUCTION else str(line.weight)
    try:
        value = Fraction(verdict.value.strip())
    except (ValueError, ZeroDivisionError) as error:
        raise Refused("not-a-number", N_("Enter the points the line gets, with at most two decimals."), field="value") from error
    if not 0 <= value <= line.weight or (value * 100).denominator != 1:
        raise Refused("out-of-range", N_("The line's points lie between 0 and %(most)s."), field="value", most=half_up(line.weight))
    return str(value)


def _decided(session: Session, appeal: Appeal, step: AppealStep, reason: str) -> None:
    appeal.state, appeal.decided_at = step.verdict, step.decided_at
    appeal.granted, appeal.value, appeal.effect = step.granted, step.value, step.effect
    measured = line_of(session, appeal).measured
    if appeal.state in (UPHELD, PARTLY) and measured:
        after_appeal(session, appeal, measured, reason)


def _locked(session: Session, appeal_id: int) -> Appeal:
    """The appeal, if it is there for the actor, held until the end of the transaction."""
    statement = select(Appeal).where(Appeal.id == appeal_id).with_for_update(of=Appeal).execution_options(populate_existing=True)
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found
