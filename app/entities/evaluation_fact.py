"""The ground an evaluation stands on, frozen: every ticket it saw, once, and every duty with where it was counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UTCDateTime


class EvaluationTicket(Model):
    """A ticket as it was at the cut-off, with the names of that time."""

    __tablename__ = "evaluation_ticket"
    __table_args__ = (Index("ix_evaluation_ticket_evaluation_id_ticket_id", "evaluation_id", "ticket_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False)
    ticket_id: Mapped[int] = mapped_column(nullable=False)
    number: Mapped[str] = mapped_column(String(40), nullable=False)
    source: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    source_no: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    reported_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    names: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    outcome: Mapped[str] = mapped_column(String(20), nullable=False, default="")


class EvaluationFact(Model):
    """One duty (``app.domain.facts.Fact``) and its verdict per indicator (``marks``).

    ``more`` is what the duty knows beyond the columns, in the form that was sealed (``app.domain.snapshot.canonical``); older
    evaluations knew no more.
    """

    __tablename__ = "evaluation_fact"
    __table_args__ = (
        Index("ix_evaluation_fact_evaluation_id_unit_id", "evaluation_id", "unit_id"),
        Index("ix_evaluation_fact_evaluation_id_ticket_id", "evaluation_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False)
    key: Mapped[str] = mapped_column(String(60), nullable=False)
    ticket_id: Mapped[int] = mapped_column(nullable=False)
    ticket_no: Mapped[str] = mapped_column(String(40), nullable=False)
    group: Mapped[str] = mapped_column(String(20), nullable=False)
    unit_id: Mapped[int] = mapped_column(nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False)
    ordinal: Mapped[int] = mapped_column(nullable=False, default=1)
    reported_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    dispatched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    auto_signed: Mapped[bool] = mapped_column(nullable=False, default=False)
    response_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    responded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    completed: Mapped[bool | None] = mapped_column()
    on_time: Mapped[bool | None] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    returned: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    reworks: Mapped[int] = mapped_column(nullable=False, default=0)
    rating: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    rated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    excluded: Mapped[dict[str, str]] = mapped_column(JSON, nullable=False, default=dict)
    unknown: Mapped[list[str]] = mapped_column(JSON, nullable=False, default=list)
    more: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    marks: Mapped[dict[str, str]] = mapped_column(JSON, nullable=False, default=dict)
