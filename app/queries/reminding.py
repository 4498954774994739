"""What the district decided about reminding: its rules, its quiet hours, the time of its digest."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import limit_of
from app.domain.reminders import Habits, Rule, clock_of, quiet_of
from app.entities.parameter import Parameter
from app.entities.reminder_rule import ReminderRule
from app.queries.calendar import ZONE


def rules_of(session: Session) -> list[Rule]:
    """The rules in use, by code."""
    rows = session.execute(select(ReminderRule).where(ReminderRule.active.is_(True)).order_by(ReminderRule.code)).scalars()
    return [
        Rule(row.code, row.event, limit_of(row.offset) if row.offset else None, row.recipient, bool(row.mail), bool(row.urgent))
        for row in rows
    ]


def habits_of(session: Session) -> Habits:
    """When mail goes out."""
    codes = ("quiet_hours", "digest_at", "time_zone")
    rows = session.execute(select(Parameter.code, Parameter.value).where(Parameter.code.in_(codes)))
    said: dict[str, str] = {code: value or "" for code, value in rows}
    return Habits(quiet_of(said.get("quiet_hours", "")), clock_of(said.get("digest_at", ""), "08:30"), said.get("time_zone") or ZONE)
