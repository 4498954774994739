"""Similar tickets: recent ones of the same matter, street-town or community whose words are alike, within the reader's row scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.likeness import bigrams, likeness
from app.domain.rounding import half_up
from app.domain.scorecard import Names
from app.domain.workflow import ALL_STAGES
from app.entities.ticket import Ticket
from app.entities.unit import Unit

EACH = 150
"""So many of the newest tickets are compared per clue; each clue has its index."""

RECENT = timedelta(days=365)
LEAST = Fraction(30, 100)
"""Less in common than this is chance."""

LONGEST = 600
"""Characters of a description that are compared."""

_STAGES = {stage.code: stage.name for stage in ALL_STAGES}
_SECOND = timedelta(seconds=1)
_COLUMNS = (
    *(Ticket.id, Ticket.number, Ticket.title, Ticket.description, Ticket.stage, Ticket.unit_id, Ticket.matter_id, Ticket.address),
    *(Ticket.reported_at, Ticket.completed_at),
)


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket like another one. ``share`` is how many character pairs both have; ``days`` how long it took, where it is done."""

    id: int
    number: str
    title: str
    share: Fraction
    stage: str
    stage_name: str
    unit_id: int | None
    unit: Names
    days: Decimal | None
    same_matter: bool
    same_place: bool

    @property
    def percent(self) -> int:
        """The share as a whole percentage, rounded down: nothing is called the same that is not."""
        return int(self.share * 100)


def similar_to(session: Session, ticket: Ticket, most: int = 5, *, stage: str = "") -> list[Similar]:
    """The tickets most like ``ticket``, the most alike first; with ``stage`` only those that stand there."""
    own = bigrams(_text(ticket))
    found = [(likeness(own, bigrams(_text(row))), row) for row in _candidates(session, ticket, stage)]
    best = sorted((pair for pair in found if pair[0] >= LEAST), key=lambda pair: (-pair[0], -pair[1].id))[:most]
    names = _names(session, {row.unit_id for _, row in best})
    return [_similar(ticket, share, row, names) for share, row in best]


def _candidates(session: Session, ticket: Ticket, stage: str) -> Sequence[Any]:
    since = ticket.reported_at - RECENT
    where = [Ticket.id != ticket.id, Ticket.ended == "", Ticket.reported_at >= since, *([Ticket.stage == stage] if stage else [])]
    base = select(*_COLUMNS).where(*where).limit(EACH)
    clues = []
    if ticket.matter_id is not None:
        clues.append(base.where(Ticket.matter_id == ticket.matter_id).order_by(Ticket.id.desc()))
    if ticket.community_id is not None:
        clues.append(base.where(Ticket.community_id == ticket.community_id).order_by(Ticket.id.desc()))
    if ticket.street_town_id is not None:
        clues.append(base.where(Ticket.street_town_id == ticket.street_town_id).order_by(Ticket.reported_at.desc()))
    return list({row.id: row for clue in clues for row in session.execute(clue)}.values())


def _text(row: Any) -> str:
    return f"{row.title} {(row.description or '')[:LONGEST]}"


def _similar(ticket: Ticket, share: Fraction, row: Any, names: dict[int, Names]) -> Similar:
    took = Fraction((row.completed_at - row.reported_at) // _SECOND, 86400) if row.completed_at is not None else None
    return Similar(
        id=row.id,
        number=row.number,
        title=row.title,
        share=share,
        stage=row.stage,
        stage_name=_STAGES[row.stage],
        unit_id=row.unit_id,
        unit=names.get(row.unit_id, Names("")),
        days=half_up(took, 1) if took is not None else None,
        same_matter=ticket.matter_id is not None and row.matter_id == ticket.matter_id,
        same_place=bool(ticket.address) and row.address == ticket.address,
    )


def _names(session: Session, units: set[int | None]) -> dict[int, Names]:
    wanted = sorted(unit for unit in units if unit is not None)
    statement = select(Unit.id, Unit.name_zh, Unit.name_en).where(Unit.id.in_(wanted))
    return {row.id: Names(row.name_zh, row.name_en) for row in session.execute(statement)} if wanted else {}
