"""Where things stand on a group's sheet, so that other sheets can point at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.scorecard import Group, UnitScore
from reports.definitions.scorecard.formulas import Places
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

    def places(self, line: int, row: int) -> Places:
        """The addresses of one line of one unit."""
        n, d, rate, full, points = (at(self.column(line, part), row) for part in range(PER_LINE))
        return Places(n, d, rate, full, points, f"{letter(self.column(line, 3))}${WEIGHT_ROW}")

    def row(self, unit: UnitScore) -> int:
        """The row of a ranked unit."""
        return FIRST_ROW + self.group.units.index(unit)

    def down(self, column: int) -> Area:
        """A column over all ranked units."""
        return Area(self.name, column, FIRST_ROW, column, max(self.last_row, FIRST_ROW))

    def away(self, column: int, row: int) -> str:
        """A cell's address from another sheet."""
        return f"{quoted(self.name)}!{at(column, row)}"


def grids(groups: Sequence[Group], names: Sequence[str]) -> list[Grid]:
    """One grid per group."""
    return [Grid(group, name) for group, name in zip(groups, names, strict=True)]
