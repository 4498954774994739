"""What programs get: marshmallow schemas made from declared columns; they only write out, so no request shares one."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.core.languages import words
from app.crud.columns import Day, Field, Flag, Link, Links, Moment, Number
from app.crud.columns.links import label_of
from app.crud.masking import masked
from app.crud.resource import Resource


class _Value(fields.Raw):
    """A stored value as JSON; personal ones masked."""

    def __init__(self, column: Field, **options: Any) -> None:
        super().__init__(**options)
        self.column = column

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        stored = self.column.value_of(obj)
        return masked(self.column.personal, str(stored or "")) if self.column.personal else self.column.plain(stored)


class _LinkValue(fields.Raw):
    """A linked record: its number and its name in the reader's language."""

    def __init__(self, column: Link | Links, **options: Any) -> None:
        super().__init__(**options)
        self.column = column

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        found = getattr(obj, self.column.name)
        many = found if isinstance(self.column, Links) else [found] if found is not None else []
        shown = [{"id": row.id, "text": label_of(row, words())} for row in many]
        return shown if isinstance(self.column, Links) else (shown[0] if shown else None)


def read_schema(resource: Resource, name: str) -> Schema:
    """How a record is written out."""
    shape: dict[str, fields.Field[Any]] = {"id": fields.Integer(), "version": fields.Integer()}
    for key, column in resource.fields.items():
        shape[key] = _LinkValue(column) if isinstance(column, (Link, Links)) else _documented(column)
    return Schema.from_dict(shape, name=name)()


def write_schema(resource: Resource, name: str, *, partial: bool) -> Schema:
    """What may be sent, for the documentation; reading goes through the same rules as forms and files."""
    shape: dict[str, fields.Field[Any]] = {"version": fields.Integer(required=True)} if partial else {}
    for key, column in resource.written.items():
        if not (partial and column.fixed):
            shape[key] = _plain(column, required=column.required and not partial)
    return Schema.from_dict(shape, name=name)()


def _documented(column: Field) -> fields.Field[Any]:
    return _Value(column, metadata={"description": column.label, "type": _json_type(column)})


def _json_type(column: Field) -> str:
    if isinstance(column, Flag):
        return "boolean"
    if isinstance(column, Number) and not column.places:
        return "integer"
    return "string"


def _plain(column: Field, *, required: bool) -> fields.Field[Any]:
    options: dict[str, Any] = {"required": required, "metadata": {"description": column.label}}
    if isinstance(column, Flag):
        return fields.Boolean(**options)
    if isinstance(column, Links):
        return fields.List(fields.Raw(), **options)
    if isinstance(column, Link):
        options["metadata"]["oneOf"] = [{"type": "integer"}, {"type": "string"}]  # OpenAPI 3.0 knows no lists of types
        return fields.Raw(**options)
    if isinstance(column, Number):
        return fields.Decimal(**options) if column.places else fields.Integer(**options)
    if isinstance(column, Day):
        return fields.Date(**options)
    if isinstance(column, Moment):
        return fields.DateTime(**options)
    return fields.String(**options)
