"""The first page: what this person can open, and the latest published ranking; the command desk grows from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import Words
from app.crud.access import may
from app.crud.resource import READ
from app.domain.workflow import ALL_STAGES
from app.entities.evaluation import Evaluation
from app.entities.ticket import Ticket


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many tickets stand in a stage."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the first page shows; parts the person may not read are empty."""

    as_of: datetime
    stages: tuple[StageCount, ...]
    latest: Evaluation | None


def home_page(session: Session, writer: Words) -> HomePage:
    """Build the page."""
    stages: tuple[StageCount, ...] = ()
    latest = None
    if may(READ, "Ticket"):
        counts: dict[str, int] = {}
        for stage, number in session.execute(select(Ticket.stage, func.count(Ticket.id)).group_by(Ticket.stage)):
            counts[stage] = number
        stages = tuple(StageCount(s.code, writer(s.name), counts.get(s.code, 0)) for s in ALL_STAGES)
    if may(READ, "Evaluation"):
        latest = session.execute(
            select(Evaluation).where(Evaluation.state == "published").order_by(Evaluation.first.desc(), Evaluation.revision.desc()).limit(1)
        ).scalar_one_or_none()
    return HomePage(now(), stages, latest)
