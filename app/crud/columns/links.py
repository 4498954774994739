"""Link columns: to one other record, or to several; always picked by searching, never by loading the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import mapped_column, relationship
from sqlalchemy.types import TypeEngine

from app.core.languages import NOTHING, Words
from app.crud.columns.base import Field, Origin, Reading
from app.domain.refusals import N_, Phrase


class Link(Field):
    """A link to one record of ``target`` (an entity's class name). ``parent`` is stored in ``parent_id``."""

    kind: ClassVar[str] = "link"
    operators: ClassVar[tuple[str, ...]] = ("in", "neq", "empty")

    def __init__(self, target: str, label: str, *, table: str, on_delete: str = "RESTRICT", order: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.target = target
        self.table = table
        self.on_delete = on_delete
        self.order = order

    @property
    def key(self) -> str:
        """The foreign key column."""
        return f"{self.name}_id"

    def attach(self, owner: type[Any], name: str) -> None:
        """A foreign key (always indexed) and the relation."""
        self.owner, self.name = owner, name
        foreign = ForeignKey(f"{self.table}.id", ondelete=self.on_delete)
        setattr(
            owner,
            self.key,
            mapped_column(Integer, foreign, nullable=self.inherited or not self.required, index=True, unique=self.unique or None),
        )
        remote: Any = {"remote_side": f"{owner.__name__}.id"} if self.target == owner.__name__ else {}
        setattr(owner, name, relationship(self.target, foreign_keys=f"{owner.__name__}.{self.key}", lazy="select", **remote))

    def sql_type(self) -> TypeEngine[Any]:
        """The target's id."""
        return Integer()

    def parse(self, raw: Any, reading: Reading) -> int:
        """An id from a picker or a program; from a file the target's natural key, name or alias."""
        text = str(raw).strip()
        by_id = reading.origin is Origin.FORM or (reading.origin is Origin.API and isinstance(raw, int) and not isinstance(raw, bool))
        if by_id:
            if not text.isdecimal() or len(text) > 9 or int(text) == 0:
                raise self.refused("not-a-link", N_("“%(value)s” is not a record of “%(label)s”"), value=text[:80])
            return int(text)
        if reading.resolve is None:
            raise self.refused("not-a-link", N_("“%(value)s” is not a record of “%(label)s”"), value=text[:80])
        found: int = reading.resolve(self, text, reading)
        return found

    def text(self, value: Any, writer: Words) -> str:
        """The target's name (``value`` is the related row)."""
        return NOTHING if value is None else label_of(value, writer)

    def cell(self, value: Any, writer: Words) -> Any:
        """The target's name."""
        return "" if value is None else label_of(value, writer)

    def plain(self, value: Any) -> Any:
        """The target's id."""
        return value


class Links(Field):
    """Links to any number of records of ``target``, kept in a table of pairs."""

    kind: ClassVar[str] = "links"
    operators: ClassVar[tuple[str, ...]] = ("in", "empty")

    def __init__(self, target: str, label: str, *, table: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.target = target
        self.table = table

    def attach(self, owner: type[Any], name: str) -> None:
        """The table of pairs and the relation."""
        self.owner, self.name = owner, name
        owner.__annotations__.pop(name, None)  # whatever it says, this is a collection
        mine = owner.__tablename__
        pairs = Table(
            f"{mine}_{name}",
            owner.metadata,
            Column("owner_id", Integer, ForeignKey(f"{mine}.id", ondelete="CASCADE"), primary_key=True),
            Column("target_id", Integer, ForeignKey(f"{self.table}.id", ondelete="RESTRICT"), primary_key=True, index=True),
        )
        setattr(
            owner,
            name,
            relationship(
                self.target,
                secondary=pairs,
                primaryjoin=lambda: owner.id == pairs.c.owner_id,
                secondaryjoin=f"{self.target}.id == {mine}_{name}.c.target_id",
                lazy="select",
                uselist=True,
                order_by=f"{self.target}.id",
            ),
        )

    def target_class(self) -> type[Any]:
        """The mapped class this links to."""
        found: type[Any] = getattr(self.owner, self.name).property.mapper.class_
        return found

    def pairs(self) -> tuple[Table, Column[Any], Column[Any]]:
        """The table of pairs, its column for the owner, and its column for the target."""
        table: Table = getattr(self.owner, self.name).property.secondary
        own: Table = self.owner.__table__
        keys = {fk.column.table.name: column for column in table.columns for fk in column.foreign_keys}
        target = self.target_class().__table__.name
        if own.name == target:
            return table, table.c.owner_id, table.c.target_id
        return table, keys[own.name], keys[target]

    def sql_type(self) -> TypeEngine[Any]:
        """The targets' ids."""
        return Integer()

    def read(self, raw: Any, reading: Reading) -> Any:
        """Nothing is an empty list."""
        return super().read(None if raw == [] else raw, reading) or []

    def parse(self, raw: Any, reading: Reading) -> list[int]:
        """Several targets: a list from forms and programs, separated by 、 ; | or new lines in files."""
        parts = raw if isinstance(raw, (list, tuple)) else _split(str(raw))
        single = Link(self.target, self.label, table=self.table)
        single.name, single.owner = self.name, self.owner
        found = [single.parse(part, reading) for part in parts if str(part).strip()]
        return list(dict.fromkeys(found))

    def text(self, value: Any, writer: Words) -> str:
        """The targets' names."""
        return writer.listing([label_of(row, writer) for row in value or ()])

    def cell(self, value: Any, writer: Words) -> Any:
        """The targets' names, in a form that can be read back."""
        return "; ".join(label_of(row, writer) for row in value or ())

    def plain(self, value: Any) -> Any:
        """The targets' ids."""
        return [row.id for row in value or ()]


def _split(text: str) -> Sequence[str]:
    for mark in ("、", ";", "；", "|", "\n"):
        text = text.replace(mark, "\x00")
    return text.split("\x00")


def label_of(row: Any, writer: Words) -> str:
    """How a record calls itself in the writer's language."""
    label = row.label() if hasattr(row, "label") else str(row)
    return writer.any(label) if not isinstance(label, Phrase) else writer.phrase(label)
