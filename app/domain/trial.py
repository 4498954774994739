"""What if: a scheme with weights or targets tried out on it, and the ranking it would give beside the published one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from app.domain.evaluation import Scheme
from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Group, Line, Names, UnitScore
from app.domain.shapes import params_of

_WEIGHT = re.compile(r"^\d{1,4}(\.\d{1,2})?$")


@dataclass(frozen=True, slots=True)
class LineMove:
    """One line of one unit: its points then and now; ``None`` where the line was not there, or had no figure."""

    line: Line
    old: Fraction | None
    new: Fraction | None

    @property
    def change(self) -> Fraction:
        """Points more (or fewer)."""
        return (self.new or Fraction(0)) - (self.old or Fraction(0))


@dataclass(frozen=True, slots=True)
class UnitMove:
    """One unit then and now; ``apart`` says why it would not be ranked."""

    code: str
    names: Names
    old_score: Decimal | None
    new_score: Decimal | None
    old_rank: int | None
    new_rank: int | None
    lines: tuple[LineMove, ...]
    apart: Phrase | None = None

    @property
    def gained(self) -> Decimal | None:
        """Points gained (+) or lost (−), on the published two decimals."""
        return None if self.old_score is None or self.new_score is None else self.new_score - self.old_score

    @property
    def climbed(self) -> int | None:
        """Places gained (+) or lost (−)."""
        return None if self.old_rank is None or self.new_rank is None else self.old_rank - self.new_rank


def with_edits(scheme: Scheme, edits: Mapping[str, Mapping[str, str]]) -> Scheme:
    """``scheme`` with ``weight`` and ``params`` of some lines as they were typed; nothing is stored.

    Raises ``Refused("bad-trial")`` naming the line.
    """
    return replace(scheme, lines=tuple(_edited(line, edits.get(line.code, {})) for line in scheme.lines))


def _edited(line: Line, edit: Mapping[str, str]) -> Line:
    weight = edit.get("weight", "").strip()
    if weight:
        if not _WEIGHT.match(weight):
            raise Refused(
                "bad-trial", N_("%(line)s: “%(text)s” is no weight; write 15 or 12.5"), field="weight", line=line.code, text=weight
            )
        line = replace(line, weight=Fraction(weight))
    if "params" in edit:
        try:
            line = replace(line, params=params_of(edit["params"]))
        except Refused as refused:
            raise Refused("bad-trial", N_("%(line)s: %(reason)s"), field="params", line=line.code, reason=refused.phrase) from refused
    return line


def moves(old: Group, new: Group) -> tuple[UnitMove, ...]:
    """Every unit then and now, in the order of the new ranking; those that would not be ranked stand last."""
    before = {unit.code: unit for unit in (*old.units, *old.apart)}
    lines = _lines(old.lines, new.lines)
    return tuple(_move(before.get(unit.code), unit, lines) for unit in (*new.units, *new.apart))


def _lines(old: Sequence[Line], new: Sequence[Line]) -> list[Line]:
    """All lines that earn points in one of the two, the new version's first."""
    known = {line.code for line in new}
    found = [*new, *(line for line in old if line.code not in known)]
    weights = {line.code: line.weight for line in old}
    return [line for line in found if line.weight or weights.get(line.code)]


def _move(old: UnitScore | None, new: UnitScore, lines: Sequence[Line]) -> UnitMove:
    then = old.lines if old is not None else {}
    return UnitMove(
        code=new.code,
        names=new.names,
        old_score=old.score if old is not None else None,
        new_score=new.score,
        old_rank=old.rank if old is not None else None,
        new_rank=new.rank,
        lines=tuple(
            LineMove(
                line,
                then[line.code].points if line.code in then else None,
                new.lines[line.code].points if line.code in new.lines else None,
            )
            for line in lines
        ),
        apart=new.apart,
    )
