"""Steps of appeals: what each review node said, and the proofs; plain rows, written once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UTCDateTime


class AppealStep(Model):
    """One node's verdict on one appeal, with its opinion; the last node's is the decision."""

    __tablename__ = "appeal_step"
    __table_args__ = (UniqueConstraint("appeal_id", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id", ondelete="CASCADE"), nullable=False)
    ordinal: Mapped[int] = mapped_column(nullable=False)
    node: Mapped[str] = mapped_column(String(20), nullable=False)
    verdict: Mapped[str] = mapped_column(String(20), nullable=False)
    opinion: Mapped[str] = mapped_column(String(2000), nullable=False, default="")
    granted: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    value: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    effect: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    decided_by: Mapped[str] = mapped_column(String(128), nullable=False, default="")


class Proof(Model):
    """A file that goes with an appeal or an exclusion; it lies in the store under its SHA-256."""

    __tablename__ = "evaluation_proof"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id", ondelete="CASCADE"), index=True)
    exclusion_id: Mapped[int | None] = mapped_column(ForeignKey("exclusion.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(255), nullable=False)
    media_type: Mapped[str] = mapped_column(String(100), nullable=False)
    size: Mapped[int] = mapped_column(nullable=False, default=0)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    added_by: Mapped[str] = mapped_column(String(128), nullable=False, default="")
