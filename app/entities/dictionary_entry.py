"""Dictionaries (字典): short lists of words that the district may extend and rename, each in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.refusals import N_
from app.domain.scorecard import Names

_CACHE = "frontline_dictionaries"

TONES = (
    Option("neutral", N_("Neutral"), tone="neutral"),
    Option("ok", N_("Good"), tone="ok"),
    Option("warn", N_("Attention"), tone="warn"),
    Option("bad", N_("Bad"), tone="bad"),
)


class DictionaryEntry(Entity):
    """One word of one dictionary."""

    __tablename__ = "dictionary_entry"
    __table_args__ = (UniqueConstraint("dictionary", "code"),)

    dictionary: Mapped[str] = column.text(
        40, N_("Dictionary"), required=True, search=True, listed=True, filtered=True, fixed=True, rules=[CODE]
    )
    code: Mapped[str] = column.text(40, N_("Code"), required=True, search=True, listed=True, fixed=True, rules=[CODE])
    name: Any = column.localized(80, N_("Label"), required=True, search=True, listed=True)
    tone: Mapped[str] = column.choice(TONES, N_("Tone"), default="neutral", listed=True)
    position: Mapped[int] = column.number(N_("Position in lists"), default=100, least=0, most=9999, listed=True)
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


RESOURCE = Resource(
    DictionaryEntry,
    singular=N_("Dictionary entry"),
    plural=N_("Dictionaries"),
    area="system",
    icon="book",
    position=60,
    natural_key=("dictionary", "code"),
    order="dictionary",
    path="dictionaries",
    about=N_("The words that forms offer: natures of matters, results, reasons. Codes stay; labels may be improved."),
)


def dictionary(name: str) -> Callable[[], Sequence[Option]]:
    """The options of one dictionary, asked once per unit of work."""

    def options() -> Sequence[Option]:
        cache: dict[str, list[Option]] | None = db.session().info.get(_CACHE)
        if cache is None:
            cache = db.session().info[_CACHE] = _all_options()
        return cache.get(name, [])

    return options


def _all_options() -> dict[str, list[Option]]:
    columns = (DictionaryEntry.dictionary, DictionaryEntry.code, DictionaryEntry.name_zh, DictionaryEntry.name_en)
    rest = (DictionaryEntry.tone, DictionaryEntry.active)
    order = (DictionaryEntry.dictionary, DictionaryEntry.position, DictionaryEntry.id)
    found: dict[str, list[Option]] = {}
    with db.session.no_autoflush:
        for row in db.session.execute(select(*columns, *rest).order_by(*order)):
            found.setdefault(row[0], []).append(Option(row[1], names=Names(row[2], row[3]), tone=row[4], active=row[5]))
    return found
