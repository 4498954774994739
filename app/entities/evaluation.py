"""Evaluations (考核): one computation of one period, provisional until published, then frozen with everything it rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UTCDateTime
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain import period
from app.domain.refusals import N_

STATES = (
    Option("computed", N_("Provisional"), tone="warn"),
    Option("published", N_("Published"), tone="ok"),
    Option("preliminary", N_("Preliminary list"), tone="warn"),
    Option("appeals", N_("Appeals being decided"), tone="warn"),
    Option("final", N_("Final list"), tone="ok"),
    Option("superseded", N_("Superseded"), tone="neutral"),
)
KINDS = tuple(Option(kind, label) for kind, label in period.KINDS.items())


class Evaluation(Entity):
    """An evaluation. Its groups, units, lines, tickets and facts are rows of their own, frozen with it."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("period", "revision"),)

    period: Mapped[str] = column.text(20, N_("Period"), derived=True, required=True, search=True, listed=True)
    kind: Mapped[str] = column.choice(KINDS, N_("Kind of period"), derived=True, listed=True, filtered=True, look="text")
    first: Mapped[date] = column.day(N_("First day"), derived=True, required=True, filtered=True)
    after: Mapped[date] = column.day(N_("Day after"), derived=True, required=True, hidden=True)
    zone: Mapped[str] = column.text(40, N_("Time zone"), derived=True)
    state: Mapped[str] = column.choice(STATES, N_("State"), derived=True, listed=True, filtered=True)
    revision: Mapped[int] = column.number(N_("Revision"), derived=True, default=1, listed=True)
    tickets: Mapped[int] = column.number(N_("Tickets"), derived=True, default=0, listed=True)
    as_of: Mapped[datetime] = column.moment(N_("Cut-off"), derived=True, required=True, listed=True)
    computed_at: Mapped[datetime] = column.moment(N_("Computed"), derived=True, required=True, listed=True)
    published_at: Mapped[datetime | None] = column.moment(N_("Published at"), derived=True, listed=True)
    published_by: Mapped[str] = column.text(128, N_("Published by"), derived=True)
    preliminary_at: Mapped[datetime | None] = column.moment(N_("Preliminary list at"), derived=True)
    preliminary_by: Mapped[str] = column.text(128, N_("Preliminary list by"), derived=True)
    appeal_until: Mapped[datetime | None] = column.moment(N_("Appeals until"), derived=True)
    reason: Mapped[str] = column.text(1000, N_("Reason of the correction"), derived=True)
    computed_by: Mapped[str] = column.text(128, N_("Computed by"), derived=True)
    excluded: Mapped[int] = column.number(N_("Excluded tickets"), derived=True, default=0)
    list_version: Mapped[str] = column.text(20, N_("Responsibility list"), derived=True)
    calendar_version: Mapped[str] = column.text(40, N_("Working calendar"), derived=True)
    snapshot_hash: Mapped[str] = column.text(64, N_("Snapshot"), derived=True)

    opened: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the books of the period before were closed: what came later counts here, and the seal says so."""
    header: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    notes: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    checks: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
    definitions: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)

    def label(self) -> Any:
        """The period it is about."""
        return self.period if self.revision == 1 else f"{self.period} #{self.revision}"


RESOURCE = Resource(
    Evaluation,
    singular=N_("Evaluation"),
    plural=N_("Evaluations"),
    area="evaluation",
    icon="ranking-star",
    position=10,
    natural_key=("period", "revision"),
    order="-first",
    allows=frozenset(),
    about=N_("The scorecards of months, quarters, half-years and years: computed, checked, published, and then frozen."),
    empty=N_("No period has been evaluated yet. Compute one to see its ranking."),
)
