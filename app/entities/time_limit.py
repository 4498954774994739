"""Time limits (时限): how long each clock may run, by urgency and matter; the most particular row wins."""

from __future__ import annotations

from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, LIMIT
from app.domain.refusals import N_
from app.domain.rulebook import CLOCKS
from app.domain.workflow import URGENCIES
from app.entities.matter import Matter

CLOCK = tuple(Option(code, name) for code, name in CLOCKS.items())
URGENCY = tuple(Option(urgency.code, urgency.name) for urgency in URGENCIES)


class TimeLimit(Entity):
    """One limit. Without urgency or matter it holds for all; the responsibility list's own limits go before it."""

    __tablename__ = "time_limit"
    __table_args__ = (UniqueConstraint("clock", "urgency", "matter_id"),)

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, listed=True, rules=[CODE], example="handle-quickly")
    clock: Mapped[str] = column.choice(CLOCK, N_("Clock"), required=True, listed=True, filtered=True, look="text")
    urgency: Mapped[str] = column.choice(URGENCY, N_("Urgency"), listed=True, filtered=True, help=N_("Empty: every urgency."), look="text")
    matter: Mapped[Matter | None] = column.link(
        "Matter",
        N_("Matter"),
        table="matter",
        listed=True,
        filtered=True,
        help=N_("Empty: every matter; a matter includes those below it."),
    )
    limit: Mapped[str] = column.text(12, N_("Limit"), required=True, listed=True, rules=[LIMIT], example="3wd")
    basis: Any = column.localized(300, N_("Basis"), lines=2)


RESOURCE = Resource(
    TimeLimit,
    singular=N_("Time limit"),
    plural=N_("Time limits"),
    area="reference",
    icon="stopwatch",
    position=40,
    order="code",
    path="time-limits",
    about=N_("How long each clock may run. Tickets keep the due times they were given; changes hold for what starts afterwards."),
)
