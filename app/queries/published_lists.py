"""A list as it was when it left the house: its state and its appeals of that day, so that it can be printed again with the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.evaluation import FINAL, PRELIMINARY, PUBLISHED
from app.domain.refusals import N_, Refused
from app.domain.scorecard import AppealEntry, Scorecard
from app.entities.evaluation import Evaluation
from app.queries.scores import evaluation_of

AS_PUBLISHED, AS_PRELIMINARY = "published", "preliminary"
"""A list may have left the house twice, unchanged: as the preliminary one and, where no appeal was upheld, as the final one."""


def as_it_was(card: Scorecard, evaluation: Evaluation, when: str) -> Scorecard:
    """The scorecard as it was published: ``when`` says as which list; empty leaves it as it stands today.

    A preliminary list that appeals have changed since was published as no other. Figures, names and versions are frozen anyway; only
    what came later (supersession, later appeals) is taken off. Raises ``Refused`` where it never left the house as that list.
    """
    if not when:
        return card
    if when == AS_PUBLISHED and evaluation.published_at is not None:
        state = FINAL if evaluation.preliminary_at is not None else PUBLISHED
        return replace(card, state=state, appeals=_known(card, evaluation.published_at))
    if when in (AS_PUBLISHED, AS_PRELIMINARY) and evaluation.preliminary_at is not None and evaluation.revision == 1:
        appeals = _known(card, evaluation.preliminary_at)
        return replace(card, state=PRELIMINARY, published_at=None, published_by="", appeals=appeals)
    message = N_("Revision %(revision)d of %(month)s was not published as that list.")
    raise Refused("not-published", message, field="as", revision=card.revision, month=card.period.key, status=404)


def _known(card: Scorecard, moment: datetime) -> tuple[AppealEntry, ...]:
    return tuple(entry for entry in card.appeals if entry.filed_at <= moment)


def stood_at(session: Session, period: str, moment: datetime | None) -> Evaluation | None:
    """The list of a period that stood at a moment, whatever became of it since; without a moment the one that stands.

    What was compared with another period when it was published goes on being compared with the list of that day.
    """
    if moment is None:
        return evaluation_of(session, period)
    since = func.coalesce(Evaluation.published_at, Evaluation.preliminary_at)
    earlier = select(Evaluation).where(Evaluation.period == period, since <= moment)
    return session.execute(earlier.order_by(Evaluation.revision.desc()).limit(1)).scalar_one_or_none()
