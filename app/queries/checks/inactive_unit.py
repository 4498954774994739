"""Unit not in use at the time: a duty fell to a unit before it existed or after it had ended."""

from __future__ import annotations

from app.domain.facts import Fact
from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, Found, Material, tickets_of


def _find(material: Material) -> Found:
    bounded = {unit: valid for unit, valid in material.units.items() if valid != (None, None)}

    def outside(fact: Fact) -> bool:
        first, last = bounded[fact.unit_id]
        day = material.calendar.local_day(fact.dispatched_at or fact.began_at)
        return (first is not None and day < first) or (last is not None and day > last)

    return tickets_of(material, (fact.ticket_id for fact in material.facts if fact.unit_id in bounded and outside(fact)))


CHECK = DataCheck(
    code="inactive_unit",
    position=150,
    title=N_("Unit not in use at the time"),
    advice=N_("Correct the unit's days of validity, or the ticket's unit."),
    find=_find,
)
