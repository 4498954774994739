"""What a unit's own scorecard is about: one unit of one group in one evaluation, and the tickets that count for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.domain.period import Period
from app.domain.scorecard import Evidence, Group, Scorecard, UnitScore


@dataclass(frozen=True, slots=True)
class UnitCard:
    """The unit, the group it is compared with, and the evaluation both stand in."""

    scorecard: Scorecard
    group: Group
    unit: UnitScore

    @property
    def period(self) -> Period:
        """The evaluation's period."""
        return self.scorecard.period

    def evidence(self) -> Iterator[Evidence]:
        """The tickets that concern this unit, each with this unit's marks only: others' are not its business."""
        for ticket in self.scorecard.evidence():
            own = {key: mark for key, mark in ticket.marks.items() if key[:2] == (self.group.code, self.unit.code)}
            if own:
                yield replace(ticket, marks=own)

    def alone(self) -> Scorecard:
        """The evaluation as far as this unit's sheets tell of it: its group with itself in it, its own tickets."""
        ranked = tuple(unit for unit in self.group.units if unit is self.unit)
        apart = tuple(unit for unit in self.group.apart if unit is self.unit)
        group = replace(self.group, units=ranked, apart=apart)
        return replace(self.scorecard, groups=(group,), evidence=self.evidence, tickets=sum(1 for _ in self.evidence()), checks=())
