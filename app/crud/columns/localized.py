"""A text per language: one declaration, a Chinese and an English column, and one name that follows the reader."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, event

from app.core.languages import current_language
from app.core.pinyin import LENGTH, pinyin_key
from app.crud.columns.base import Field
from app.crud.columns.texts import Text
from app.domain.refusals import N_
from app.domain.scorecard import Names


class Localized(Text):
    """``name = localized(...)`` becomes ``name_zh``, ``name_en`` and a readable ``name``.

    Chinese is the working language: where the pair is required, the Chinese half is; a missing English half
    is borrowed from it and marked. With ``keyed`` a hidden ``name_key`` holds the pinyin for search and sorting.
    """

    def __init__(self, length: int, label: str, *, keyed: bool = False, **options: Any) -> None:
        super().__init__(length, label, **options)
        self.keyed = keyed

    def expand(self, name: str) -> dict[str, Field]:
        """The two concrete columns."""
        pair: dict[str, Field] = {}
        for language, suffix in (("zh", N_("(Chinese)")), ("en", N_("(English)"))):
            half = Text(
                self.length,
                self.label,
                lines=self.lines,
                required=self.required and language == "zh",
                help=self.help,
                rules=self.rules,
                search=self.search,
                indexed=self.indexed and language == "zh",
                group=self.group,
                example=self.example,
            )
            half.language, half.suffix, half.pair = language, suffix, name
            pair[f"{name}_{language}"] = half
        if self.keyed:
            pair[f"{name}_key"] = Text(LENGTH, self.label, hidden=True, derived=True, search=True, indexed=True)
        return pair

    def attach(self, owner: type[Any], name: str) -> None:
        """The readable half: a property that follows the reader's language; and the pinyin key, kept current."""
        self.owner, self.name = owner, name
        setattr(owner, name, LocalizedName(name, self.keyed))
        if self.keyed:
            event.listen(owner, "before_insert", self._renew_key, propagate=True)
            event.listen(owner, "before_update", self._renew_key, propagate=True)

    def derive(self, values: dict[str, Any]) -> dict[str, Any]:
        """What follows from the stored halves, for rows that are written in bulk."""
        return {f"{self.name}_key": pinyin_key(values.get(f"{self.name}_zh") or "")} if self.keyed else {}

    def _renew_key(self, _mapper: Any, _connection: Any, row: Any) -> None:
        setattr(row, f"{self.name}_key", pinyin_key(getattr(row, f"{self.name}_zh") or ""))


class LocalizedName:
    """Reads ``<name>_zh``/``<name>_en`` by the reader's language; on the class, the SQL for sorting by it."""

    def __init__(self, name: str, keyed: bool) -> None:
        self.name = name
        self.keyed = keyed

    def __get__(self, row: Any, owner: type[Any]) -> Any:
        if row is None:
            return self.sql(owner)
        return names_of(row, self.name).in_(current_language())

    def sql(self, owner: type[Any]) -> ColumnElement[str]:
        """What to sort by: pinyin for Chinese readers, English names (or the borrowed Chinese) for the others."""
        zh, en = getattr(owner, f"{self.name}_zh"), getattr(owner, f"{self.name}_en")
        if current_language() == "zh":
            return getattr(owner, f"{self.name}_key") if self.keyed else zh
        return case((en == "", zh), else_=en)


def names_of(row: Any, name: str = "name") -> Names:
    """Both halves of a localized column."""
    return Names(zh=getattr(row, f"{name}_zh"), en=getattr(row, f"{name}_en"))
