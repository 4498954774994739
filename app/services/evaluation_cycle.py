"""From provisional to final: the preliminary list with its appeal window, the final list, and corrections that supersede it.

Every step is one transaction and keeps who took it and when; what was public before stays readable under its revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.runs import Progress, Silent
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.appeals import PARTLY, UPHELD, window_ends
from app.domain.evaluation import APPEALS, COMPUTED, FINAL, PRELIMINARY, PUBLISHED, SUPERSEDED, moved
from app.domain.indicators.base import Verdict
from app.domain.refusals import N_, Phrase, Refused
from app.domain.snapshot import snapshot_digest
from app.entities.appeal import Appeal
from app.entities.evaluation import Evaluation
from app.entities.evaluation_result import EvaluationGroup
from app.entities.parameter import parameter
from app.queries.appeals import open_count
from app.queries.calendar import working_calendar
from app.queries.frozen_evaluation import frozen, scheme_of, worked_again
from app.queries.schemes import InForce
from app.queries.scores import evaluation_of, period_of
from app.services.appeal_notices import tell_final, tell_preliminary
from app.services.evaluation import compute, keep, publish, publishable, required
from app.services.evaluation_keeping import copy_ground, forget, keep_facts, keep_groups
from app.services.evaluation_outcome import manual_of, wishes_of_appeals
from app.services.evaluation_work import Terms, work_out

OUT = (PUBLISHED, PRELIMINARY, APPEALS, FINAL)
"""States in which a list is readable for those it ranks."""


def publish_preliminary(key: str, *, public_url: str = "", progress: Progress | None = None) -> Evaluation:
    """Publish the preliminary list: computed once more, frozen, and open to appeals for as many working days as the district gives.

    With none it is published at once. Raises ``Refused`` as ``publish`` does.
    """
    days = int(parameter("appeal_days", "3"))
    if not days:
        return publish(key, public_url=public_url, progress=progress)
    with transaction() as session:
        evaluation = compute(key, public_url=public_url, progress=progress)
        if evaluation.state != COMPUTED:
            return evaluation
        publishable(session, evaluation)
        evaluation.state = moved(evaluation.state, PRELIMINARY)
        evaluation.preliminary_at, evaluation.preliminary_by = now(), current_actor().name
        evaluation.appeal_until = window_ends(working_calendar(session), now(), days)
        session.flush()
        tell_preliminary(session, evaluation)
        return evaluation


def why_not_final(session: Session, evaluation: Evaluation) -> Refused | None:
    """Why the final list cannot be published yet; nothing where it can."""
    if evaluation.state not in (PRELIMINARY, APPEALS):
        return Refused(
            "not-preliminary", N_("%(month)s has no preliminary list that could become final."), month=evaluation.period, status=409
        )
    count = open_count(session, evaluation.id)
    waiting = Phrase(N_("%(count)d appeals are undecided"), count=count)
    until = evaluation.appeal_until
    if until is not None and now() < until:
        if count:
            message = N_("%(waiting)s; appeals are taken until %(until)s. The final list follows after both.")
            return Refused("window", message, waiting=waiting, until=until, status=409)
        return Refused("window", N_("Appeals are taken until %(until)s. The final list follows after that."), until=until, status=409)
    if count:
        return Refused("undecided", N_("%(waiting)s. The final list follows when all are decided."), waiting=waiting, status=409)
    return None


def finalise(key: str) -> Evaluation:
    """Publish the final list once the window is over and nothing is undecided.

    Where upheld appeals changed nothing the preliminary list itself becomes final; else it is worked out again from its own frozen
    duties, without what was excluded, and superseded by the result.
    """
    with transaction() as session:
        present = required(session, key)
        if present.state == FINAL:
            return present
        refused = why_not_final(session, present)
        if refused is not None:
            raise refused
        appeals = _upheld(session, present.period)
        evaluation = _after_appeals(session, present, appeals) if appeals else present
        evaluation.state = moved(evaluation.state, FINAL)
        evaluation.published_at, evaluation.published_by = now(), current_actor().name
        session.flush()
        tell_final(session, evaluation)
        return evaluation


def _upheld(session: Session, period: str) -> Sequence[Appeal]:
    """What was decided for units in any list of the period."""
    with acting_as(SYSTEM):
        decided = select(Appeal).join(Evaluation, Evaluation.id == Appeal.evaluation_id)
        decided = decided.where(Evaluation.period == period, Appeal.state.in_((UPHELD, PARTLY)))
        return session.execute(decided.order_by(Appeal.id)).scalars().all()


def _after_appeals(session: Session, present: Evaluation, appeals: Sequence[Appeal]) -> Evaluation:
    """The next revision: the same duties, the same versions, the same cut-off; only what was upheld is out."""
    with acting_as(SYSTEM):
        kept = frozen(session, present)
        wishes = wishes_of_appeals(session, kept.groups, appeals)
        groups, marks = worked_again(kept, wishes, manual_of(session, appeals))
        seals = _seals(session, present)
    evaluation = next_revision(present, N_("Appeals upheld"))
    evaluation.snapshot_hash = snapshot_digest(
        period=kept.period,
        as_of=kept.as_of,
        schemes=seals,
        list_version=present.list_version,
        calendar_version=present.calendar_version,
        facts=[mark.fact for mark in marks],
        groups=groups,
    )
    evaluation.excluded = len({mark.fact.ticket_id for mark in marks if Verdict.EXCLUDED in mark.verdicts.values()})
    session.add(evaluation)
    session.flush()
    keep_groups(session, evaluation.id, groups, seals)
    keep_facts(session, evaluation.id, marks)
    copy_ground(session, present.id, evaluation.id)
    present.state = moved(present.state, SUPERSEDED)
    session.flush()
    return evaluation


def _seals(session: Session, evaluation: Evaluation) -> dict[str, Any]:
    rows = session.execute(select(EvaluationGroup).where(EvaluationGroup.evaluation_id == evaluation.id).order_by(EvaluationGroup.position))
    return {row.code: row.sealed for row in rows.scalars()}


CARRIED = (
    *("period", "kind", "first", "after", "zone", "tickets", "as_of", "opened", "list_version", "calendar_version"),
    *("header", "notes", "checks", "definitions", "preliminary_at", "preliminary_by", "appeal_until"),
)
"""What a later revision of an evaluation takes over from the one before."""


def next_revision(present: Evaluation, reason: str) -> Evaluation:
    """A new revision, not yet kept."""
    carried = {name: getattr(present, name) for name in CARRIED}
    who = current_actor().name
    return Evaluation(**carried, state=COMPUTED, revision=present.revision + 1, reason=reason, computed_at=now(), computed_by=who)


# --- corrections ----------------------------------------------------------------------------------------------


def draft_of(session: Session, period: str) -> Evaluation | None:
    """The correction of a published evaluation that is prepared and not yet published."""
    present = evaluation_of(session, period)
    if present is None or present.state == COMPUTED:
        return None
    newest = select(Evaluation).where(Evaluation.period == period, Evaluation.state == COMPUTED, Evaluation.revision > present.revision)
    return session.execute(newest.order_by(Evaluation.revision.desc()).limit(1)).scalar_one_or_none()


def restate(key: str, reason: str, *, public_url: str = "", progress: Progress | None = None) -> Evaluation:
    """Prepare a correction: the period worked out again from today's data, on the terms of the list that stands.

    Scheme, list and calendar versions and the cut-off stay: what happened after it still does not count, what happened before and
    was not known does. Nobody but those who see everything reads it until it is published. Raises ``Refused`` without a reason and
    where nothing is published.
    """
    if not reason.strip():
        raise Refused("required", N_("Say why the published evaluation is corrected."), field="reason")
    with transaction() as session:
        present = required(session, key)
        if present.state not in (PUBLISHED, FINAL):
            message = N_("%(month)s is not published; only a published or final evaluation is corrected.")
            raise Refused("not-published", message, month=present.period, status=409)
        draft = draft_of(session, present.period)
        if draft is not None:
            forget(session, draft.id)
        with acting_as(SYSTEM):
            kept = frozen(session, present)
            schemes = [InForce(group.code, group.names, scheme_of(group)) for group in kept.groups]
            decided = manual_of(session, _upheld(session, present.period))
            terms = Terms(present.as_of, present.opened, schemes, decided)
            work = work_out(session, period_of(present), progress or Silent(), terms)
        evaluation = draft or next_revision(present, "")
        evaluation.reason = reason.strip()[:1000]
        return keep(session, evaluation, work, public_url, versions=(present.list_version, present.calendar_version))


def publish_restatement(key: str) -> Evaluation:
    """Publish the prepared correction; the list it corrects is superseded and stays readable. Raises ``Refused`` where data block it."""
    with transaction() as session:
        present = required(session, key)
        draft = draft_of(session, present.period)
        if draft is None:
            raise Refused("no-draft", N_("No correction of %(month)s is prepared."), month=present.period, status=409)
        publishable(session, draft)
        if draft.snapshot_hash == present.snapshot_hash:
            raise Refused("no-difference", N_("The correction changes nothing; there is nothing to publish."), status=409)
        draft.state = moved(draft.state, present.state)
        draft.published_at, draft.published_by = now(), current_actor().name
        present.state = moved(present.state, SUPERSEDED)
        session.flush()
        tell_final(session, draft)
        return draft


def drop_restatement(key: str) -> Evaluation:
    """Throw the prepared correction away; the published evaluation stands as it is and is returned."""
    with transaction() as session:
        present = required(session, key)
        draft = draft_of(session, present.period)
        if draft is not None:
            forget(session, draft.id)
            session.delete(draft)
            session.flush()
        return present
