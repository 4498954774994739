"""Artefacts (成品文件): files that runs have made, each under the hash of its bytes, and who has taken them; none is ever overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.db import UTCDateTime


class Artefact(Model):
    """One file of one run. ``key`` names it within the run, so that doing a run twice makes no second one.

    ``unit_id`` is the unit whose rows stand in it; without one it is about the whole district. ``evaluation_id`` is what it was
    printed from. Both together say who may read it (``app.queries.scopes``).
    """

    __tablename__ = "artefact"
    __table_args__: Any = (UniqueConstraint("run_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), nullable=False)
    key: Mapped[str] = mapped_column(String(160), nullable=False)
    report: Mapped[str] = mapped_column(String(40), nullable=False)
    subject: Mapped[str] = mapped_column(String(40), nullable=False)
    """Whose ``read`` right opens it."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"), index=True)
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(20), nullable=False, default="")
    """Of the list when the file was printed from it: what was provisional then shows provisional figures for ever."""
    format: Mapped[str] = mapped_column(String(10), nullable=False)
    language: Mapped[str] = mapped_column(String(10), nullable=False)
    name: Mapped[str] = mapped_column(String(255), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    size: Mapped[int] = mapped_column(nullable=False)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now)
    kept_until: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    run: Mapped[Any] = relationship("Run")


class ArtefactReading(Model):
    """Somebody took the file: written with every download, never changed."""

    __tablename__ = "artefact_reading"
    __table_args__: Any = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    artefact_id: Mapped[int] = mapped_column(ForeignKey("artefact.id", ondelete="CASCADE"), nullable=False, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    user_name: Mapped[str] = mapped_column(String(128), nullable=False, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now)
    digest: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    """Of what was handed out: a copy with its reader's name is a file of its own."""
