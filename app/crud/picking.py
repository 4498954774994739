"""Pickers: the few records whose name, code, pinyin or alias begins to match what is typed; never the whole table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.crud.columns.links import label_of
from app.crud.columns.texts import storable
from app.crud.filters import search
from app.crud.resource import Resource
from app.crud.tables import Alias

MOST = 20


def pick(session: Session, resource: Resource, text: str, writer: Words) -> list[dict[str, Any]]:
    """Up to ``MOST`` records: ``{"id", "text", "note"}``, those still valid first."""
    entity: Any = resource.entity
    statement = select(entity)
    wanted = storable(text).strip()
    if wanted:
        former = select(Alias.row_id).where(Alias.entity == entity.__tablename__, Alias.name.contains(wanted, autoescape=True))
        found = search(resource, wanted)
        statement = statement.where(or_(found, entity.id.in_(former)) if found is not None else entity.id.in_(former))
    order = getattr(entity, resource.order.lstrip("-"), entity.id)
    rows = session.execute(statement.order_by(order, entity.id).limit(MOST)).scalars()
    return [{"id": row.id, "text": label_of(row, writer), "note": _note(resource, row)} for row in rows]


def _note(resource: Resource, row: Any) -> str:
    name = resource.natural_key[-1]
    column = resource.fields.get(name)
    value = getattr(row, name, "") if column is not None and column.kind == "text" else ""
    return "" if value == row.label() else str(value or "")
