"""The base of every table of ours: columns are declared with labels, and this turns declarations into a mapping."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import UTCDateTime
from app.crud.columns.base import Field
from app.crud.columns.links import Links
from app.crud.columns.localized import Localized


def _declared(owner: type[Any]) -> dict[str, Field]:
    """The declarations in ``owner`` and its unmapped mixins, in the order they were written."""
    found: dict[str, Field] = {}
    for base in reversed(owner.__mro__):
        if base is not owner and hasattr(base, "__mapper__"):
            continue
        found.update({name: value for name, value in vars(base).items() if isinstance(value, Field)})
    return found


class Declaring:
    """Attaches declared columns before SQLAlchemy looks at the class."""

    __fields__: ClassVar[dict[str, Field]] = {}
    __localized__: ClassVar[dict[str, Localized]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        if "__abstract__" not in vars(cls) and issubclass(cls, Model):
            declared = _declared(cls)
            inherited = any(hasattr(base, "__mapper__") for base in cls.__mro__[1:])
            cls.__fields__, cls.__localized__ = dict(cls.__fields__), dict(cls.__localized__)
            for name, field in declared.items():
                for part, concrete in field.expand(name).items():
                    concrete.inherited = inherited  # children share the parent's table, so their columns may be empty
                    concrete.attach(cls, part)
                    cls.__fields__[part] = concrete
                if isinstance(field, Localized):
                    field.attach(cls, name)
                    cls.__localized__[name] = field
                    cls.__annotations__.pop(name, None)
        super().__init_subclass__(**options)


def adopt(owner: type[Any], declared: dict[str, Field]) -> None:
    """Declare columns on a table that is not ours (FAB's users and roles): existing ones get a label, new ones are added."""
    owner.__fields__, owner.__localized__, owner.__logged__ = {}, {}, True
    for name, field in declared.items():
        if isinstance(field, Links):
            field.owner, field.name = owner, name  # FAB makes its many-to-many relations itself, later
        else:
            field.attach(owner, name)
        owner.__fields__[name] = field


def _never_reusing(arguments: Any) -> Any:
    """SQLite would give the number of the last row, once deleted, to the next one, and with it its change log and its links."""
    kept = {"sqlite_autoincrement": True}
    return {**arguments, **kept} if isinstance(arguments, dict) else (*arguments, kept)


class Entity(Declaring, Model):
    """A table of ours: a number, a version for optimistic locking, and who made and changed the row, when (UTC).

    ``__logged__`` puts every change into the change log; switch it off only for rows that are a log themselves.
    """

    __abstract__ = True
    __table_args__: Any = {}
    __logged__: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-100)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, sort_order=901)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, nullable=False, default=now, onupdate=now, sort_order=902)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", ondelete="SET NULL"), default=lambda: current_actor().user_id, sort_order=903
    )
    changed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", ondelete="SET NULL"),
        default=lambda: current_actor().user_id,
        onupdate=lambda: current_actor().user_id,
        sort_order=904,
    )

    def __init_subclass__(cls, **options: Any) -> None:
        # One versioned table per hierarchy: children of a mapped table share their parent's version.
        if "__abstract__" not in vars(cls) and not any(hasattr(base, "__mapper__") for base in cls.__mro__[1:]):
            cls.__table_args__ = _never_reusing(cls.__table_args__)
            cls.version = mapped_column(Integer, nullable=False, default=1, sort_order=900)
            cls.__mapper_args__ = {"version_id_col": cls.version, **getattr(cls, "__mapper_args__", {})}
        super().__init_subclass__(**options)

    def label(self) -> Any:
        """How the record calls itself: its name, else its code, else its number."""
        for name in ("name", "title", "code"):
            value = getattr(self, name, None)
            if value:
                return value
        return f"#{self.id}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"
