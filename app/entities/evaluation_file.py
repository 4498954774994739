"""Files made from evaluations, and what the data checks found: plain rows beside an evaluation, written once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import UTCDateTime


class EvaluationFile(Model):
    """A file that left the house: by its digest anybody learns later which evaluation it was made from."""

    __tablename__ = "evaluation_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), nullable=False, unique=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False, index=True)
    snapshot_hash: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    state: Mapped[str] = mapped_column(String(20), nullable=False)
    revision: Mapped[int] = mapped_column(nullable=False, default=1)
    report: Mapped[str] = mapped_column(String(40), nullable=False)
    format: Mapped[str] = mapped_column(String(10), nullable=False)
    language: Mapped[str] = mapped_column(String(10), nullable=False, default="")
    name: Mapped[str] = mapped_column(String(255), nullable=False, default="")
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(128), nullable=False, default="")


class EvaluationFinding(Model):
    """What one data check found when an evaluation was computed: the tickets to look at, in order."""

    __tablename__ = "evaluation_finding"
    __table_args__ = (UniqueConstraint("evaluation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), nullable=False)
    code: Mapped[str] = mapped_column(String(40), nullable=False)
    tickets: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    days: Mapped[list[Any]] = mapped_column(JSON, nullable=False, default=list)
