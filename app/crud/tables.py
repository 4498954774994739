"""The kit's own tables: change log, aliases, source codes, import batches, saved filters and list settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.db import UTCDateTime


class Change(Model):
    """One change of one row: who, when, what before and after. Appended, never edited (design §1.8)."""

    __tablename__ = "change_log"
    __table_args__ = (Index("ix_change_log_entity_row_id", "entity", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, index=True)
    user_id: Mapped[int | None] = mapped_column(Integer)
    user_name: Mapped[str] = mapped_column(String(128), nullable=False, default="")
    entity: Mapped[str] = mapped_column(String(60), nullable=False)
    row_id: Mapped[int] = mapped_column(Integer, nullable=False)
    row_label: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    action: Mapped[str] = mapped_column(String(10), nullable=False)
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", ondelete="SET NULL"), index=True)


class Alias(Model):
    """Another name of a record: a former name with its days, a short name, or a source system's own code for it.

    ``kind`` is ``former``, ``short`` or ``code``; for ``code``, ``source`` names the source system.
    """

    __tablename__ = "alias"
    __table_args__ = (
        Index("ix_alias_entity_name", "entity", "name"),
        Index("ix_alias_entity_row_id", "entity", "row_id"),
        UniqueConstraint("entity", "row_id", "kind", "source", "name", "valid_from", name="uq_alias_row_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(String(60), nullable=False)
    row_id: Mapped[int] = mapped_column(Integer, nullable=False)
    kind: Mapped[str] = mapped_column(String(10), nullable=False, default="former")
    source: Mapped[str] = mapped_column(String(40), nullable=False, default="")
    name: Mapped[str] = mapped_column(String(200), nullable=False)
    language: Mapped[str] = mapped_column(String(5), nullable=False, default="zh")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id", ondelete="SET NULL"), index=True)


class ImportBatch(Model):
    """One file brought in: what it was, what it did, and what would be undone."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(String(60), nullable=False, index=True)
    file_name: Mapped[str] = mapped_column(String(255), nullable=False)
    file_digest: Mapped[str] = mapped_column(String(64), nullable=False)
    file_bytes: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    mapping: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)
    state: Mapped[str] = mapped_column(String(12), nullable=False, default="uploaded", index=True)
    rows: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    created: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    changed: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    same: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    refused: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    problems: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    problems_digest: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    annotated_digest: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    note: Mapped[str] = mapped_column(Text, nullable=False, default="")
    run_id: Mapped[int | None] = mapped_column(Integer)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"), index=True)
    user_name: Mapped[str] = mapped_column(String(128), nullable=False, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, index=True)
    written_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SavedFilter(Model):
    """A filter somebody wants to find again; shared ones are offered to everybody who may read the list."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "resource", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    resource: Mapped[str] = mapped_column(String(60), nullable=False, index=True)
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    query: Mapped[str] = mapped_column(Text, nullable=False)
    shared: Mapped[bool] = mapped_column(default=False, nullable=False)


class ListSetting(Model):
    """How one person wants to see one list: columns and rows per page."""

    __tablename__ = "list_setting"
    __table_args__ = (UniqueConstraint("user_id", "resource"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    resource: Mapped[str] = mapped_column(String(60), nullable=False)
    columns: Mapped[list[str]] = mapped_column(JSON, nullable=False, default=list)
    page_size: Mapped[int] = mapped_column(Integer, nullable=False, default=50)
