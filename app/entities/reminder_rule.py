"""Reminder rules (提醒规则): which clock warns whom, how long before or after it runs out, and how the warning climbs."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, LIMIT
from app.domain.refusals import N_
from app.domain.reminders import EVENTS, RECIPIENTS

EVENT = tuple(Option(code, name) for code, name in EVENTS.items())
RECIPIENT = tuple(Option(code, name) for code, name in RECIPIENTS.items())


class ReminderRule(Entity):
    """One rule: ``offset`` before (for what is ahead) or after (for what is over) the clock runs out; empty: at once."""

    __tablename__ = "reminder_rule"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, listed=True, rules=[CODE], example="overdue-lead")
    name: Any = column.localized(120, N_("Name"), required=True, listed=True)
    event: Mapped[str] = column.choice(EVENT, N_("When"), required=True, listed=True, filtered=True, look="text")
    offset: Mapped[str] = column.text(12, N_("How long before or after"), listed=True, rules=[LIMIT], example="4wh")
    recipient: Mapped[str] = column.choice(RECIPIENT, N_("Whom"), required=True, listed=True, filtered=True, look="text")
    mail: Mapped[bool] = column.flag(N_("Also by mail"), default=True, listed=True, filtered=True)
    urgent: Mapped[bool] = column.flag(N_("Also in quiet hours"), default=False, listed=True)
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


RESOURCE = Resource(
    ReminderRule,
    singular=N_("Reminder rule"),
    plural=N_("Reminder rules"),
    area="reference",
    icon="bell",
    position=42,
    order="code",
    path="reminder-rules",
    about=N_("Who is reminded of what, and to whom it climbs when nothing happens."),
)
