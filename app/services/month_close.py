"""Closing a month (月度结账): after the cut-off the month is computed once, provisionally, and evaluators learn what stands in the way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.runs import Progress, Run, enqueue
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.evaluation import COMPUTED
from app.domain.period import MONTH, Period, month_holding, period_of
from app.domain.refusals import N_, Phrase, Refused
from app.entities.evaluation import Evaluation
from app.entities.parameter import parameter
from app.entities.ticket import Ticket
from app.queries.calendar import city_zone
from app.queries.holders import holders
from app.queries.reminding import habits_of
from app.queries.scores import evaluation_of
from app.services.evaluation import compute, cut_off, publishable
from app.services.notices import tell

KIND = "month_close"


def ask_for_close() -> int | None:
    """Queue the computation of the month whose cut-off has passed, unless somebody computed it or it was tried; the run's number."""
    with acting_as(SYSTEM), transaction() as session:
        period = _last_month(session)
        if now() < cut_off(period, int(parameter("cutoff_days", "3"))) or evaluation_of(session, period.key) is not None:
            return None
        tried = select(Run.id).where(Run.kind == KIND, Run.period == period.key)
        counted = select(func.count(Ticket.id)).where(Ticket.reported_at < period.end)
        if session.execute(tried).first() is not None or not session.execute(counted).scalar_one():
            return None
        number = enqueue(KIND, Phrase(N_("Provisional evaluation of %(month)s"), month=period.key), {"period": period.key})
        session.get_one(Run, number).period = period.key
        return number


def _last_month(session: Session) -> Period:
    """The month that ended last, of the kind that was evaluated last: natural, or from the 26th to the 25th."""
    statement = select(Evaluation.period).where(Evaluation.kind == MONTH).order_by(Evaluation.after.desc()).limit(1)
    latest = session.execute(statement).scalar_one_or_none()
    month = month_holding(now(), city_zone())
    if latest is None or period_of(latest, city_zone()).natural:
        return month.back()
    cut = period_of(f"{month.key}@26", city_zone())
    return cut if cut.end <= now() else cut.back()


def close(key: str, progress: Progress, public_url: str) -> dict[str, Any]:
    """Compute the month unless somebody did meanwhile, and tell evaluators what the gate found. Returns where to look."""
    with transaction() as session:
        present = evaluation_of(session, key)
        if present is not None and present.computed_by != SYSTEM.name:
            return {"next": f"/evaluations/{key}"}
    try:
        evaluation = compute(key, public_url=public_url, progress=progress)
    except Refused as refused:
        if refused.status != 503:
            _tell(key, Phrase(N_("The evaluation of %(month)s could not be computed: %(why)s"), month=key, why=refused.phrase), "warn")
        raise
    if evaluation.state == COMPUTED:
        _tell(key, *_outcome(key))
    return {"next": f"/evaluations/{key}"}


def _outcome(key: str) -> tuple[Phrase, str]:
    """What an evaluator must know, and how it sounds."""
    with transaction() as session:
        evaluation = evaluation_of(session, key)
        assert evaluation is not None
        try:
            publishable(session, evaluation)
        except Refused as refused:
            said = N_("%(month)s was computed provisionally. It cannot be published yet: %(why)s")
            return Phrase(said, month=key, why=refused.phrase), "warn"
        to_look_at = sum(1 for check in evaluation.checks if check["count"])
        if to_look_at:
            said = N_("%(month)s was computed provisionally. It can be published; checks with something to look at: %(count)s")
            return Phrase(said, month=key, count=to_look_at), "neutral"
        return Phrase(N_("%(month)s was computed provisionally. No check found anything; it can be published."), month=key), "neutral"


def _tell(key: str, text: Phrase, tone: str) -> None:
    with acting_as(SYSTEM), transaction() as session:
        tell(session, holders(session, "evaluator"), f"close:{key}", "evaluation", text, habits=habits_of(session), tone=tone)
