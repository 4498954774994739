"""Relations: how somebody stands to a ticket, which decides, together with the right, whether a move is theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.actors import Actor
from app.domain.casefile import OPEN, CaseFile, Part
from app.domain.refusals import N_


@dataclass(frozen=True, slots=True)
class Relation:
    """A way of standing to a ticket. ``holds`` asks for an actor and, where a move is about one, a called department."""

    code: str
    name: str
    holds: Callable[[CaseFile, Actor, Part | None], bool]


def _units(actor: Actor) -> tuple[int, ...]:
    return tuple(unit for unit in (actor.unit_id, actor.stationed_id) if unit is not None)


def _holder(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return case.turn is not None and case.turn.unit_id in _units(actor)


def _street_holder(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return _holder(case, actor, part) and case.now_held.unit_type == "street_town"


def _territory(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return case.street_town_id is not None and case.street_town_id in _units(actor)


def _centre(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return actor.has_role("command_centre")


def _centre_instead(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return actor.has_role("command_centre") and (case.street_town_id is None or case.turn is None or case.now_held.kind == "escalation")


def _called(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return part.unit_id in _units(actor) if part is not None else any(each.valid and each.unit_id in _units(actor) for each in case.parts)


def _caller(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    calls = [case.call(part.call)] if part is not None else case.call_list
    return any(call is not None and call.street_town_id in _units(actor) for call in calls)


def _rater(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    """Nobody rates the own unit, even where he is stationed at the one that does."""
    units = _units(actor)
    awaited = (r for r in case.ratings if r.state == OPEN and (part is None or r.part == part.key))
    return any(r.rater_id in units and r.rated_id != actor.unit_id for r in awaited if r.rater_id is not None)


def _ordered(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    units = _units(actor)
    return any(order.answered_at is None and order.unit_id in units for order in case.orders)


def _system(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return actor.has_role("system")


def _citizen(case: CaseFile, actor: Actor, part: Part | None) -> bool:
    return actor.has_role("citizen")


HOLDER = Relation("holder", N_("Unit that holds the round"), _holder)
STREET_HOLDER = Relation("street_holder", N_("Street-town that holds the round"), _street_holder)
TERRITORY = Relation("territory", N_("Street-town of the place"), _territory)
CENTRE = Relation("centre", N_("Command centre"), _centre)
CENTRE_INSTEAD = Relation("centre_instead", N_("Command centre, where no street-town stands for the ticket"), _centre_instead)
CALLED = Relation("called", N_("Called department"), _called)
CALLER = Relation("caller", N_("Street-town that called"), _caller)
RATER = Relation("rater", N_("Unit whose rating is awaited"), _rater)
ORDERED = Relation("ordered", N_("Unit whose answer is demanded"), _ordered)
SYSTEM = Relation("system", N_("The clock"), _system)
CITIZEN = Relation("citizen", N_("The citizen"), _citizen)

RELATIONS: Mapping[str, Relation] = {
    r.code: r for r in (HOLDER, STREET_HOLDER, TERRITORY, CENTRE, CENTRE_INSTEAD, CALLED, CALLER, RATER, ORDERED, SYSTEM, CITIZEN)
}
