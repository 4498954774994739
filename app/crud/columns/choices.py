"""Choice columns: one of a fixed set the rules know, or one of a dictionary the district keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from app.core.languages import NOTHING, Words
from app.crud.columns.base import Field, Reading
from app.domain.refusals import N_
from app.domain.scorecard import Names


@dataclass(frozen=True, slots=True)
class Option:
    """One possible value: what is stored, what is shown (a message id, or names kept as data), and its tone."""

    value: str
    label: str = ""
    names: Names | None = None
    tone: str = "neutral"
    active: bool = True

    def text(self, writer: Words) -> str:
        """The label in the writer's language."""
        return writer.names(self.names) if self.names else writer(self.label)


Options = Sequence[Option] | Callable[[], Sequence[Option]]


class Choice(Field):
    """One of ``options``; a callable is asked each time (dictionaries kept by admins).

    Reading accepts the stored code or the label in either language.
    """

    kind: ClassVar[str] = "choice"
    operators: ClassVar[tuple[str, ...]] = ("in", "neq", "empty")

    def __init__(self, options: Options, label: str, *, look: str = "chip", dictionary: str = "", **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self._options = options
        self.look = look
        self.dictionary = dictionary

    def options(self) -> Sequence[Option]:
        """All options, inactive ones included: history must keep its words."""
        return self._options() if callable(self._options) else self._options

    def option(self, value: Any) -> Option | None:
        """The option stored as ``value``."""
        return next((o for o in self.options() if o.value == value), None)

    def sql_type(self) -> TypeEngine[Any]:
        """The stored code."""
        return String(40)

    def sql_options(self) -> dict[str, Any]:
        """No choice is the empty code."""
        return {"nullable": False, "default": self.default or "", "index": self.indexed or None}

    def read(self, raw: Any, reading: Reading) -> Any:
        """No choice is the empty code."""
        return super().read(raw, reading) or ""

    def parse(self, raw: Any, reading: Reading) -> str:
        """A code, or a label in Chinese or English."""
        said = str(raw).strip()
        for option in self.options():
            if said == option.value:
                return option.value
        lowered = said.casefold()
        for option in self.options():
            if any(lowered == option.text(Words(language)).casefold() for language in ("zh", "en")):
                return option.value
        raise self.refused(
            "not-an-option",
            N_("“%(value)s” is not one of the possible values: %(options)s"),
            value=said[:80],
            options=reading.words.listing([o.text(reading.words) for o in self.options() if o.active][:12]),
        )

    def text(self, value: Any, writer: Words) -> str:
        """The label; a code that is no longer kept is shown as it is."""
        if not value:
            return NOTHING
        option = self.option(value)
        return option.text(writer) if option else str(value)

    def cell(self, value: Any, writer: Words) -> Any:
        """The label in the reader's language."""
        return self.text(value, writer) if value else ""

    def tone(self, value: Any) -> str:
        """The option's tone."""
        option = self.option(value)
        return option.tone if option else "neutral"
