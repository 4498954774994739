"""Writing for paper: every instant with its year, and each text in both languages at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from app.core.languages import Words, speaking
from app.domain.scorecard import Names
from reports.listing import Content, Part


class Written(Words):
    """A language as it is written where nobody knows what “today” was."""

    def brief(self, instant: datetime | None, now: datetime) -> str:
        """Never brief: paper is read later."""
        return self.moment(instant)


def written(zone: str, tell: Callable[[Words], Sequence[Part]]) -> tuple[Part, ...]:
    """What ``tell`` says in Chinese and in English, cell by cell as one content; both tell the same rows.

    Records name themselves in the language that is spoken, whichever their reader has chosen for the screen.
    """
    told = []
    for language in ("zh", "en"):
        with speaking(language):
            told.append(tell(Written(language, zone)))
    chinese, english = told
    return tuple(replace(zh, rows=_rows(zh, en)) for zh, en in zip(chinese, english, strict=True))


def _rows(zh: Part, en: Part) -> list[list[Content]]:
    return [[_both(a, b) for a, b in zip_longest(one, other)] for one, other in zip_longest(zh.rows, en.rows, fillvalue=())]


def _both(zh: Content, en: Content) -> Content:
    if isinstance(zh, str) and isinstance(en, str) and zh != en:
        return Names(zh, en)
    return zh if zh is not None else en
