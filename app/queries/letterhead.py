"""What every printed list says at its head: whose district, whose rows, as of when, and whether the data is made up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Names
from app.entities.parameter import parameter
from app.entities.unit import Unit
from app.queries.calendar import city_zone
from app.queries.scopes import units_of


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a list. ``scope`` says in words whose rows it shows."""

    district: Names
    product: Names
    zone: str
    as_of: datetime
    demo: bool
    scope: Phrase


def letterhead(session: Session) -> Letterhead:
    """The head for whoever is acting, now."""
    return Letterhead(
        district=Names(parameter("district.zh"), parameter("district.en")),
        product=Names(parameter("product.zh", "一线处置"), parameter("product.en", "Frontline")),
        zone=city_zone(),
        as_of=now(),
        demo=parameter("demo") == "1",
        scope=scope_of(session),
    )


def scope_of(session: Session) -> Phrase:
    """Whose rows the actor sees, in words."""
    actor = current_actor()
    if actor.sees_all:
        return Phrase(N_("The whole district"))
    units = session.execute(select(Unit).where(Unit.id.in_(units_of(actor))).order_by(Unit.code)).scalars()
    names = [Names(unit.name_zh, unit.name_en) for unit in units]
    if not names:
        return Phrase(N_("No unit: no rows"))
    return Phrase(N_("Tickets of %(units)s"), units=names)
