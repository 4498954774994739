"""What every declared column has in common: its label, its rules, and the ways its values come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeEngine

from app.core.languages import Words, words
from app.domain.refusals import N_, Phrase, Refused


class Origin(Enum):
    """The door a value came through; a picker sends ids, a program sends JSON, a file sends what people typed."""

    FORM = "form"
    API = "api"
    FILE = "file"


Resolve = Callable[["Field", str, "Reading"], Any]

CELL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!"})
"""What spreadsheets show where a formula failed."""


@dataclass(slots=True)
class Reading:
    """The circumstances under which raw values are read.

    ``on_day`` is the day for which names are looked up (a renamed unit); ``resolve`` finds the target of a
    link from what was typed; ``missing`` are the spellings that mean "nothing" in this file.
    """

    origin: Origin
    words: Words = field(default_factory=words)
    on_day: date | None = None
    resolve: Resolve | None = None
    missing: frozenset[str] = frozenset({""})
    formats: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on a single value and the sentence that refuses the others."""

    holds: Callable[[Any], bool]
    message: str
    pattern: str = ""


class Field:
    """A declared column: one line that carries everything the kit derives screens, APIs and files from.

    ``listed`` puts it into the default list, ``filtered`` into the filter bar, ``search`` into the free-text
    search; ``fixed`` allows it at creation only; ``derived`` columns are shown, never written by people;
    ``personal`` names how the value is masked (``phone``, ``name``, ``address``, ``identity``; ``secret`` and ``url`` are never
    shown again, not even to whoever may change them).
    """

    kind: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = ("eq", "neq", "empty")
    numeric: ClassVar[bool] = False

    def __init__(
        self,
        label: str,
        *,
        required: bool = False,
        unique: bool = False,
        help: str = "",
        rules: Sequence[Rule] = (),
        search: bool = False,
        listed: bool = False,
        filtered: bool = False,
        indexed: bool = False,
        fixed: bool = False,
        derived: bool = False,
        hidden: bool = False,
        personal: str = "",
        group: str = "",
        default: Any = None,
        example: str = "",
    ) -> None:
        self.label = label
        self.required = required
        self.unique = unique
        self.help = help
        self.rules = tuple(rules)
        self.search = search
        self.listed = listed
        self.filtered = filtered
        self.indexed = indexed
        self.fixed = fixed
        self.derived = derived
        self.hidden = hidden
        self.personal = personal
        self.group = group
        self.default = default
        self.example = example
        self.name = ""
        self.owner: type[Any] = object
        self.inherited = False
        self.language = ""
        self.suffix = ""
        self.pair = ""

    # --- declaration -------------------------------------------------------------------------------------

    def expand(self, name: str) -> dict[str, Field]:
        """The concrete columns this declaration stands for; itself, unless it is a pair."""
        return {name: self}

    def attach(self, owner: type[Any], name: str) -> None:
        """Give ``owner`` its mapped attribute, unless it already has one of that name (FAB's own tables)."""
        self.owner, self.name = owner, name
        if not hasattr(owner, name) or getattr(owner, name) is self:
            options = {**self.sql_options(), **({"nullable": True} if self.inherited else {})}
            setattr(owner, name, mapped_column(self.sql_type(), **options))

    def sql_type(self) -> TypeEngine[Any]:
        """The database type."""
        raise NotImplementedError

    def sql_options(self) -> dict[str, Any]:
        """Nullability, uniqueness, index and default of the database column."""
        default = {} if self.default is None else {"default": self.default}
        return {"nullable": not self.required, "unique": self.unique or None, "index": self.indexed or None, **default}

    @property
    def key(self) -> str:
        """The mapped attribute that holds the stored value."""
        return self.name

    def caption(self, writer: Words) -> str:
        """The label as the reader sees it, with the language of a localized half."""
        return writer(self.label) + (" " + writer(self.suffix) if self.suffix else "")

    # --- reading -----------------------------------------------------------------------------------------

    def read(self, raw: Any, reading: Reading) -> Any:
        """A raw value as typed, sent or found in a cell, into the stored value, or ``Refused`` with the reason.

        An empty cell means the default where there is one; in a form or a program's message it means nothing.
        """
        if raw is None or (isinstance(raw, str) and raw.strip() in reading.missing):
            if self.required:
                raise self.refused("required", N_("“%(label)s” is missing"))
            return self.default if reading.origin is Origin.FILE else None
        if reading.origin is Origin.FILE and raw in CELL_ERRORS:
            raise self.refused("cell-error", N_("the cell shows the error %(value)s instead of a value"), value=str(raw))
        value = self.parse(raw, reading)
        for rule in self.rules:
            if not rule.holds(value):
                raise self.refused("rule", rule.message, value=str(raw))
        return value

    def parse(self, raw: Any, reading: Reading) -> Any:
        """A raw value that is not empty into the stored value."""
        raise NotImplementedError

    def refused(self, code: str, message: str, **values: Any) -> Refused:
        """A refusal that names this column."""
        return Refused(code, message, field=self.name, label=Phrase(self.label), **values)

    # --- showing -----------------------------------------------------------------------------------------

    def value_of(self, row: Any) -> Any:
        """The stored value of a row."""
        return getattr(row, self.key)

    def text(self, value: Any, writer: Words) -> str:
        """A stored value as people read it."""
        return writer.any(value)

    def typed(self, value: Any, reading: Reading) -> str:
        """A stored value as it stands in an input, so that reading it again gives the same value."""
        return "" if value is None else str(value)

    def cell(self, value: Any, writer: Words) -> Any:
        """A stored value as a typed spreadsheet cell."""
        return "" if value is None else self.text(value, writer)

    def plain(self, value: Any) -> Any:
        """A stored value as JSON."""
        return value

    def tone(self, value: Any) -> str:
        """The tone of a chip, for columns that are shown as one."""
        return ""
