"""The first page: the desk of whoever works, the five links of the closed loop, the latest published ranking, and what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.core.phrases import from_json
from app.crud.access import may
from app.crud.resource import READ
from app.domain.workflow import PHASES, STAGES
from app.entities.evaluation import Evaluation
from app.entities.notice import Notice
from app.queries.desk import Counts
from app.web.desk_counts import at_the_desk, desk_counts
from app.web.desk_page import Desk, desk_page

NEWS = 4


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many tickets stand in a stage, and where they are listed."""

    code: str
    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """One of the five links: how many tickets are on it, and how many of them are late."""

    label: str
    count: int
    late: int
    stages: tuple[StageCount, ...]


@dataclass(frozen=True, slots=True)
class News:
    """A notice, as the desk repeats it."""

    text: str
    tone: str
    href: str
    at: str
    unread: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the first page shows; parts the person may not read are empty. ``works`` says whether anything waits to be done."""

    as_of: datetime
    works: bool
    desk: Desk | None
    open: int
    phases: Sequence[PhaseCount]
    latest: Evaluation | None
    news: Sequence[News]


def home_page(session: Session, args: Mapping[str, str], writer: Words) -> HomePage:
    """Build the page; ``args`` name the queue and its page."""
    desk = desk_page(session, args, writer)
    found = desk_counts()
    return HomePage(
        as_of=at_the_desk().at,
        works=desk is not None and any(queue.work for queue in desk.queues),
        desk=desk,
        open=sum(found.stages.values()),
        phases=_phases(found, writer) if may(READ, "Ticket") else (),
        latest=_latest(session) if may(READ, "Evaluation") else None,
        news=_news(session, writer),
    )


def _phases(found: Counts, writer: Words) -> list[PhaseCount]:
    names = {stage.code: stage.name for stage in STAGES}
    phases = []
    for phase in PHASES:
        codes = [code for code in phase.stages if code in names]
        stages = tuple(
            StageCount(code, writer(names[code]), found.stages.get(code, 0), url_for("TicketScreen.list", f=f"stage.in.{code}"))
            for code in codes
        )
        late = sum(found.late_stages.get(code, 0) for code in codes)
        phases.append(PhaseCount(writer(phase.name), sum(stage.count for stage in stages), late, stages))
    return phases


def _latest(session: Session) -> Evaluation | None:
    published = select(Evaluation).where(Evaluation.state == "published")
    return session.execute(published.order_by(Evaluation.first.desc(), Evaluation.revision.desc()).limit(1)).scalar_one_or_none()


def _news(session: Session, writer: Words) -> list[News]:
    """The person's latest notices; who sees all rows still reads the own inbox only."""
    viewer = at_the_desk()
    rows = session.execute(
        select(Notice).where(Notice.user_id == viewer.actor.user_id).order_by(Notice.created_at.desc(), Notice.id.desc()).limit(NEWS)
    ).scalars()
    found = []
    for row in rows:
        phrase = from_json(row.text)
        href = url_for("Inbox.open", notice_id=row.id) if row.ticket_id and may(READ, "Ticket") else ""
        said = writer.phrase(phrase) if phrase else ""
        found.append(News(said, row.tone, href, writer.brief(row.created_at, viewer.at), row.read_at is None))
    return found
