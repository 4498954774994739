"""Revisions of an evaluation side by side: what a later one changed, duty by duty, for whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.domain.actors import SYSTEM
from app.domain.counts import Verdict
from app.domain.difference import Difference, duty_changes, unit_changes
from app.domain.indicators.base import Marks
from app.domain.scorecard import Group
from app.entities.evaluation import Evaluation
from app.queries.frozen_facts import frozen_facts, frozen_verdicts
from app.queries.frozen_groups import groups_of
from app.queries.scopes import units_of


def revisions_of(session: Session, period: str) -> Sequence[Evaluation]:
    """Every revision of a period that the actor may see, the newest first."""
    statement = select(Evaluation).where(Evaluation.period == period).order_by(Evaluation.revision.desc())
    return session.execute(statement).scalars().all()


def difference_of(session: Session, evaluation: Evaluation) -> Difference | None:
    """What a revision changed against the one before it; nothing for a first one.

    Scores and ranks of all units stand in the lists anyway; the duties behind them only those of the actor's own units, unless it
    sees all.
    """
    actor = current_actor()
    with acting_as(SYSTEM):
        before = _before(session, evaluation)
        if before is None:
            return None
        was, now = groups_of(session, before.id), groups_of(session, evaluation.id)
        names = {unit.unit_id: unit.names for groups in (was, now) for group in groups for unit in (*group.units, *group.apart)}
        duties = duty_changes(_marks(session, before.id), _marks(session, evaluation.id), names)
    mine = set(units_of(actor))
    return Difference(
        revision_before=before.revision,
        revision_after=evaluation.revision,
        hash_before=before.snapshot_hash,
        hash_after=evaluation.snapshot_hash,
        reason=evaluation.reason,
        units=unit_changes(was, now),
        duties=tuple(duty for duty in duties if actor.sees_all or duty.unit_id in mine),
    )


def _before(session: Session, evaluation: Evaluation) -> Evaluation | None:
    earlier = select(Evaluation).where(Evaluation.period == evaluation.period, Evaluation.revision < evaluation.revision)
    return session.execute(earlier.order_by(Evaluation.revision.desc()).limit(1)).scalar_one_or_none()


def _marks(session: Session, evaluation_id: int) -> list[Marks]:
    said = dict(frozen_verdicts(session, evaluation_id))
    facts = frozen_facts(session, evaluation_id)
    return [Marks(fact, {code: Verdict(value) for code, value in said.get(fact.key, {}).items()}) for fact in facts]


def changed_groups(difference: Difference, groups: Sequence[Group]) -> list[str]:
    """The groups in which anything changed, in their order."""
    touched = {unit.group for unit in difference.units if unit.changed}
    return [group.code for group in groups if group.code in touched]
