"""Rows of one file that belong to each other: a row whose superior cannot be taken waits too, and nobody is above himself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crud.importing.sheets import Line
from app.crud.resource import Resource
from app.domain.refusals import N_, Refused


@dataclass(frozen=True, slots=True)
class Kin:
    """A row that would be written with links to its own table: its number (negative while new) and whom it points to."""

    line: Line
    row_id: int
    targets: Mapping[str, int]
    operation: Any


@dataclass(slots=True)
class Kinship:
    """Holds such rows back until the whole file has been read; then decides which of them can be taken."""

    session: Session
    resource: Resource
    waiting: list[Kin] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def hold(self, kin: Kin) -> None:
        """Decide about this row later."""
        self.waiting.append(kin)

    def refuse(self, line: int) -> None:
        """This line cannot be taken, nor can what links to it."""
        self.refused.add(-line)

    def settle(self) -> Iterator[tuple[Kin, Refused | None]]:
        """Every row that was held back, in order, with the reason why it cannot be taken, if there is one."""
        reasons: dict[int, Refused] = {}
        for name in sorted({name for kin in self.waiting for name in kin.targets}):
            self._refuse_circles(name, reasons)
        again = True
        while again:
            again = False
            for kin in self.waiting:
                found = next(((n, t) for n, t in kin.targets.items() if t in self.refused), None)
                if found is not None and kin.row_id not in reasons:
                    reasons[kin.row_id] = self._orphaned(*found)
                    self.refused.add(kin.row_id)
                    again = True
        for kin in self.waiting:
            yield kin, reasons.get(kin.row_id)

    def _orphaned(self, name: str, target: int) -> Refused:
        column = self.resource.fields[name]
        return column.refused("orphaned", N_("“%(label)s” stands in row %(row)d, which cannot be taken itself"), row=abs(target))

    def _refuse_circles(self, name: str, reasons: dict[int, Refused]) -> None:
        column = self.resource.fields[name]
        entity: Any = self.resource.entity
        stored = self.session.execute(select(entity.id, getattr(entity, column.key))).all()
        above: dict[int, int | None] = {row[0]: row[1] for row in stored}
        above |= {kin.row_id: kin.targets[name] for kin in self.waiting if name in kin.targets}
        for kin in self.waiting:
            if name in kin.targets and _returns(kin.row_id, above):
                reasons[kin.row_id] = column.refused("circle", N_("“%(label)s” leads in a circle back to the record itself"))
                self.refused.add(kin.row_id)


def _returns(start: int, above: Mapping[int, int | None]) -> bool:
    """Whether the way up from ``start`` comes back to it."""
    passed: set[int] = set()
    at = above.get(start)
    while at is not None and at != start and at not in passed:
        passed.add(at)
        at = above.get(at)
    return at == start
