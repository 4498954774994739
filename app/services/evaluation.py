"""Evaluating a period: compute (provisional), publish (frozen). Figures are decided in ``app.domain``; here they are kept."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.phrases import to_json
from app.core.runs import Progress, Silent
from app.core.transaction import transaction
from app.core.undisturbed import undisturbed
from app.domain.evaluation import COMPUTED, FINAL, PUBLISHED, moved
from app.domain.indicators.base import Verdict
from app.domain.period import Period, period_of
from app.domain.refusals import N_, NotFound, Phrase, Refused
from app.domain.snapshot import canonical, sealed, snapshot_digest
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.evaluation_file import EvaluationFinding
from app.entities.parameter import parameter
from app.queries.calendar import city_zone, working_calendar
from app.queries.quality import Material, blocked, examine, findings, validity
from app.queries.schemes import list_in_force
from app.queries.scores import definitions, evaluation_of
from app.services.evaluation_keeping import forget, keep_ground, keep_groups
from app.services.evaluation_work import Work, cut_off, notes, work_out

__all__ = ["compute", "cut_off", "publish", "required", "work_out"]


def compute(key: str, *, public_url: str = "", progress: Progress | None = None) -> Evaluation:
    """Compute the evaluation of the period ``key`` and keep it as provisional; an earlier provisional one is replaced.

    Longer periods are counted from facts like months, never from the months' figures. A published one is returned as it is: it is
    frozen. Raises ``Refused`` where no scheme is in force or the period has not begun.
    """
    watch = progress or Silent()
    with transaction() as session:
        period = period_of(key, city_zone())
        present = evaluation_of(session, period.key)
        if present is not None and present.state != COMPUTED:
            return present
        if period.start > now():
            raise Refused("not-begun", N_("%(month)s has not begun yet."), month=period.key)
        return _compute(session, period, present, public_url, watch)


def publish(month: str, *, public_url: str = "", progress: Progress | None = None) -> Evaluation:
    """Publish a month: computed once more, then frozen with facts, versions and hash. Publishing twice changes nothing.

    Raises ``Refused`` where a check forbids it, and where nobody had any duty: a ranking of nothing ranks nobody.
    """
    with transaction() as session:
        evaluation = compute(month, public_url=public_url, progress=progress)
        if evaluation.state in (PUBLISHED, FINAL):
            return evaluation
        publishable(session, evaluation)
        evaluation.state = moved(evaluation.state, PUBLISHED)
        evaluation.published_at, evaluation.published_by = now(), current_actor().name
        session.flush()
        return evaluation


def publishable(session: Session, evaluation: Evaluation) -> None:
    """The data-quality gate. Raises ``Refused`` where a check forbids publishing, and where nobody had any duty."""
    if not _has_facts(session, evaluation):
        raise Refused("empty", N_("%(month)s has no tickets to evaluate; nothing was published."), month=evaluation.period, status=409)
    refused = blocked(evaluation.checks)
    if refused is not None:
        raise refused


def _has_facts(session: Session, evaluation: Evaluation) -> bool:
    return session.execute(select(EvaluationFact.id).where(EvaluationFact.evaluation_id == evaluation.id).limit(1)).first() is not None


def _compute(session: Session, period: Period, present: Evaluation | None, public_url: str, watch: Progress) -> Evaluation:
    work = work_out(session, period, watch)
    watch.begin(Phrase(N_("Keeping the result")))
    if present is not None:
        forget(session, present.id)
    evaluation = present or Evaluation(period=period.key, kind=period.kind, first=period.first, after=period.after, revision=1)
    return keep(session, evaluation, work, public_url)


@undisturbed()
def keep(session: Session, evaluation: Evaluation, work: Work, public_url: str, versions: tuple[str, str] | None = None) -> Evaluation:
    """Keep what was worked out as a provisional evaluation, with everything it stands on.

    ``versions`` are those of responsibility list and calendar where they are not today's.
    """
    found = _describe(session, evaluation, work, public_url, versions)
    session.add(evaluation)
    session.flush()
    for row in found:
        row.evaluation_id = evaluation.id
    session.add_all(found)
    keep_groups(session, evaluation.id, work.groups, {used.group: canonical(sealed(used.scheme)) for used in work.schemes})
    keep_ground(session, evaluation.id, work.tickets, work.marks)
    return evaluation


def _describe(
    session: Session, evaluation: Evaluation, work: Work, public_url: str, versions: tuple[str, str] | None
) -> list[EvaluationFinding]:
    """The evaluation's own row: versions, hash, notes, checks, definitions; what the checks found is kept beside it."""
    calendar = working_calendar(session)
    evaluation.zone, evaluation.state = work.period.zone, COMPUTED
    evaluation.as_of, evaluation.opened = work.as_of, work.period.opened
    evaluation.computed_at, evaluation.computed_by = now(), current_actor().name
    evaluation.list_version, evaluation.calendar_version = versions or (list_in_force(session, work.period), calendar.version)
    evaluation.tickets = len(work.tickets)
    evaluation.snapshot_hash = snapshot_digest(
        period=work.period,
        as_of=work.as_of,
        schemes={used.group: used.scheme for used in work.schemes},
        list_version=evaluation.list_version,
        calendar_version=evaluation.calendar_version,
        facts=[mark.fact for mark in work.marks],
        groups=work.groups,
    )
    evaluation.header = {
        "district_zh": parameter("district.zh"),
        "district_en": parameter("district.en"),
        "product_zh": parameter("product.zh", "一线处置"),
        "product_en": parameter("product.en", "Frontline"),
        "url": f"{public_url}/evaluations/{work.period.key}" if public_url else "",
        "demo": parameter("demo") == "1",
    }
    evaluation.notes = [to_json(note) for note in notes(work)]
    found = examine(Material(work.tickets, [mark.fact for mark in work.marks], validity(session), work.period, calendar, now()))
    evaluation.checks = [
        {"code": c.code, "title": c.title, "severity": c.severity, "count": c.count, "note": to_json(c.note)} for c, _ in found
    ]
    evaluation.excluded = len({mark.fact.ticket_id for mark in work.marks if Verdict.EXCLUDED in mark.verdicts.values()})
    evaluation.definitions = definitions()
    return findings(found)


def required(session: Session, key: str, revision: int | None = None) -> Evaluation:
    """The evaluation of a period that stands, or one of its revisions; ``NotFound`` in words where it was never computed."""
    period = period_of(key, city_zone())
    found = evaluation_of(session, period.key, revision)
    if found is None and revision is not None:
        raise NotFound(N_("%(month)s has no revision %(revision)d."), month=period.key, revision=revision)
    if found is None:
        latest = select(Evaluation.period).where(Evaluation.kind == period.kind).order_by(Evaluation.after.desc()).limit(1)
        known = session.execute(latest).scalar_one_or_none()
        if known is None:
            raise NotFound(N_("%(month)s has not been evaluated yet."), month=period.key)
        raise NotFound(N_("%(month)s has not been evaluated yet; the latest evaluation is %(known)s."), month=period.key, known=known)
    return found
