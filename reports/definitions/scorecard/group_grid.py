"""Where things stand on a group's sheet, so that other sheets can point at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.scorecard import DEDUCTION, MANUAL, Group, Line, UnitScore
from reports.definitions.scorecard.formulas import Places
from reports.definitions.scorecard.shape_formulas import Given
from reports.sheets import Area, at, letter, quoted

RANK, MOVED, CODE, NAME, SCORE, PUBLISHED, CARRYING, SPARE = range(1, 9)
PER_LINE = 5
BAND_ROW, HEAD_ROW, WEIGHT_ROW, FIRST_ROW = 4, 5, 6, 7


@dataclass(frozen=True, slots=True)
class Grid:
    """The places of ``group`` on the sheet ``name``: units from ``FIRST_ROW`` down, five columns per line."""

    group: Group
    name: str

    @property
    def last_row(self) -> int:
        """The row of the last ranked unit (or the weights' row when there is none)."""
        return FIRST_ROW + len(self.group.units) - 1

    @property
    def width(self) -> int:
        """How many columns the sheet has."""
        return SPARE + PER_LINE * len(self.group.lines)

    def column(self, line: int, part: int) -> int:
        """The column of part 0–4 (n, d, rate, full, points) of the line with index ``line``."""
        return SPARE + 1 + PER_LINE * line + part

    def places(self, line: int, unit: UnitScore) -> Places:
        """The addresses of one line of one unit, when it has a figure, and what its rule is told beside n and d."""
        row, which = self.row(unit), self.group.lines[line]
        n, d, rate, full, points = (at(self.column(line, part), row) for part in range(PER_LINE))
        given = Given(self._whole(line), unit.size, _entered(which, unit))
        weight = f"{letter(self.column(line, 3))}${WEIGHT_ROW}"
        return Places(n, d, rate, full, points, weight, _figure(which, unit, d, given.group), given)

    def _whole(self, line: int) -> str:
        """The numerator over the whole group: the sheet's own column, and what the units listed apart have."""
        code = self.group.lines[line].code
        beside = sum(unit.lines[code].n for unit in self.group.apart if code in unit.lines)
        column = letter(self.column(line, 0))
        return f"(SUM({column}${FIRST_ROW}:{column}${max(self.last_row, FIRST_ROW)})+{beside})"

    def row(self, unit: UnitScore) -> int:
        """The row of a ranked unit."""
        return FIRST_ROW + self.group.units.index(unit)

    def down(self, column: int) -> Area:
        """A column over all ranked units."""
        return Area(self.name, column, FIRST_ROW, column, max(self.last_row, FIRST_ROW))

    def away(self, column: int, row: int) -> str:
        """A cell's address from another sheet."""
        return f"{quoted(self.name)}!{at(column, row)}"


def _figure(line: Line, unit: UnitScore, d: str, whole: str) -> str:
    """The condition under which the line has a figure (``app.domain.scoring.Measured.missing``)."""
    if line.shape == MANUAL:
        return "TRUE"
    if line.shape == "density" and line.weight and not unit.size:
        return "FALSE"
    return f"AND({d}>0,{whole}>0)" if line.shape == "share" and line.weight else f"{d}>0"


def _entered(line: Line, unit: UnitScore) -> Fraction | None:
    """What was entered by hand, at the line's own weight."""
    points = unit.lines[line.code].points
    if line.shape != MANUAL or points is None:
        return None
    return -points if line.section == DEDUCTION else points


def grids(groups: Sequence[Group], names: Sequence[str]) -> list[Grid]:
    """One grid per group."""
    return [Grid(group, name) for group, name in zip(groups, names, strict=True)]
