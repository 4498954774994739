"""The bulletin (通报): official sentences in which every figure is a placeholder bound to the evaluation, never a number that was typed.

A placeholder is written ``{street_town.DONE_OT.rate}``; what stands there is looked up whenever the text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.refusals import N_, Phrase
from app.domain.rounding import half_up
from app.domain.scorecard import Group, Line, Scorecard, UnitScore

RATE, COUNT, SCORE, WORDS = "rate", "count", "score", "words"
DRAFT, APPROVED = "draft", "approved"
STATES = {DRAFT: N_("Draft"), APPROVED: N_("Approved")}
LONGEST = 8000
ENDS = 3
"""So many units at either end of a ranking are named."""

_PLACEHOLDER = re.compile(r"\{([^{}\s]{1,120})\}")
_UNITS = r"%|％|件|家|名|位|分|个百分点|percentage points?|per cent|points?|tickets?|units?"
_FIGURE = re.compile(rf"(?<![\w.])\d[\d,]*(?:\.\d+)?\s*(?:{_UNITS})|(?<![\w.])\d+\.\d+", re.IGNORECASE)
"""A number that says how much: with a unit behind it, or with decimals. Years, dates and numbers of documents are none."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a placeholder stands for: a value of some kind, and the integers behind it where it has any."""

    kind: str
    value: object
    n: int | None = None
    d: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: typed words, or a placeholder with its ``key``; ``loose`` marks figures that are bound to nothing."""

    text: str
    key: str = ""
    loose: bool = False


def bindings(card: Scorecard, before: Scorecard | None = None) -> dict[str, Bound]:
    """Every placeholder of an evaluation; ``before`` is the period before, for changes."""
    found = {
        "district": Bound(WORDS, card.district),
        "tickets": Bound(COUNT, card.tickets),
    }
    earlier = {group.code: group for group in before.groups} if before is not None else {}
    for group in card.groups:
        found |= dict(_of_group(group, earlier.get(group.code)))
    return found


def _of_group(group: Group, before: Group | None) -> Iterator[tuple[str, Bound]]:
    code, scores = group.code, [unit.score for unit in group.units if unit.score is not None]
    yield f"{code}.name", Bound(WORDS, group.names)
    yield f"{code}.count", Bound(COUNT, len(group.units))
    yield f"{code}.apart", Bound(COUNT, len(group.apart))
    if scores:
        yield f"{code}.highest", Bound(SCORE, max(scores))
        yield f"{code}.lowest", Bound(SCORE, min(scores))
        yield f"{code}.first", Bound(WORDS, [unit.names for unit in group.units[:ENDS]])
        yield f"{code}.last", Bound(WORDS, [unit.names for unit in group.units[ENDS:][-ENDS:]])
    for line in group.lines:
        yield from _of_line(group, line, before)
    for unit in group.units:
        yield from _of_unit(group, unit)


def _of_line(group: Group, line: Line, before: Group | None) -> Iterator[tuple[str, Bound]]:
    key, (n, d) = f"{group.code}.{line.code}", group.total.get(line.code, (0, 0))
    yield f"{key}.name", Bound(WORDS, line.title)
    if line.form == "duration" or not d:
        return
    rate = Fraction(n, d)
    yield f"{key}.rate", Bound(RATE, rate, n, d)
    yield f"{key}.n", Bound(COUNT, n)
    yield f"{key}.d", Bound(COUNT, d)
    old = before.total.get(line.code, (0, 0)) if before is not None else (0, 0)
    yield f"{key}.trend", Bound(WORDS, _trend(rate, Fraction(*old) if old[1] else None), n, d)


def _trend(rate: Fraction, old: Fraction | None) -> Phrase:
    """What became of a rate since the period before, in percentage points (never in percent of a percentage)."""
    if old is None:
        return Phrase(N_("not compared with the period before"))
    change = half_up(abs(rate - old) * 100)
    if not change:
        return Phrase(N_("as in the period before"))
    message = (
        N_("up %(change)s percentage points on the period before")
        if rate > old
        else N_("down %(change)s percentage points on the period before")
    )
    return Phrase(message, change=change)


def _of_unit(group: Group, unit: UnitScore) -> Iterator[tuple[str, Bound]]:
    key = f"{group.code}.{unit.code}"
    yield f"{key}.name", Bound(WORDS, unit.names)
    yield f"{key}.score", Bound(SCORE, unit.score)
    yield f"{key}.rank", Bound(COUNT, unit.rank)
    for line in group.lines:
        score = unit.lines[line.code]
        if score.rate is not None and line.form != "duration":
            yield f"{key}.{line.code}.rate", Bound(RATE, score.rate, score.n, score.d)


def pieces(text: str, known: Mapping[str, Bound]) -> list[Piece]:
    """The text taken apart: words, placeholders that are known, and what is loose: typed figures and placeholders of nothing."""
    found: list[Piece] = []
    at = 0
    for match in _PLACEHOLDER.finditer(text):
        found += _typed(text[at : match.start()])
        found.append(Piece(match[0], match[1]) if match[1] in known else Piece(match[0], loose=True))
        at = match.end()
    return [*found, *_typed(text[at:])]


def _typed(text: str) -> Iterator[Piece]:
    at = 0
    for match in _FIGURE.finditer(text):
        if match.start() > at:
            yield Piece(text[at : match.start()])
        yield Piece(match[0], loose=True)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:])


def loose(text: str, known: Mapping[str, Bound]) -> list[str]:
    """The figures and placeholders of a text that are bound to nothing, each once."""
    return list(dict.fromkeys(piece.text.strip() for piece in pieces(text, known) if piece.loose))


def heaviest(group: Group, count: int = 3) -> list[Line]:
    """The lines a bulletin speaks of: the weightiest with a rate over all units."""
    rated = [line for line in group.lines if line.form == "rate" and group.total.get(line.code, (0, 0))[1]]
    return sorted(rated, key=lambda line: -line.weight)[:count]
