"""Reminders (提醒): sweep the open clocks and tell the right people, once per rule and occurrence; the chain of escalation is the rules.

A clock that is put off or stood still ends at another time; that is another occurrence, of which people are told anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns.localized import names_of
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, Phrase
from app.domain.reminders import (
    CALL_UNDECIDED,
    CENTRE,
    HANDLERS,
    LEADS,
    UNDECIDED,
    WAITING,
    WORDINGS,
    Habits,
    Rule,
    stretch,
)
from app.entities.notice import Notice
from app.entities.unit import Unit
from app.queries.calendar import working_calendar
from app.queries.open_clocks import OpenClock, open_clocks
from app.queries.reminding import habits_of, rules_of
from app.queries.staff import Member, Staff, staff
from app.services.notices import tell

CHUNK = 200
"""So many clocks are told of in one transaction."""


def remind() -> int:
    """Tell whom the clock must warn now; how many notices were new."""
    at = now()
    told = 0
    with acting_as(SYSTEM):
        session = db.session()
        rules, calendar, habits = rules_of(session), working_calendar(session), habits_of(session)
        people = staff(session, everybody=True)
        for rule in rules:
            found = open_clocks(session, rule.event, stretch(rule, at, calendar))
            reached = [clock for clock in found if recipients(rule, clock, people)]
            for clocks in _fresh(session, rule, reached):
                with transaction() as writer:
                    told += sum(_say(writer, rule, clock, people, habits) for clock in clocks)
    return told


def _key(rule: Rule, clock: OpenClock) -> str:
    return f"{rule.code}|{clock.key}"


def _fresh(session: Session, rule: Rule, clocks: Sequence[OpenClock]) -> Iterator[list[OpenClock]]:
    """The clocks of which nobody was told by this rule yet, some at a time."""
    for place in range(0, len(clocks), CHUNK):
        some = clocks[place : place + CHUNK]
        keys = [_key(rule, clock) for clock in some]
        known = set(session.execute(select(Notice.key).where(Notice.key.in_(keys)).distinct()).scalars())
        fresh = [clock for clock in some if _key(rule, clock) not in known]
        if fresh:
            yield fresh


def _say(session: Session, rule: Rule, clock: OpenClock, people: Staff, habits: Habits) -> int:
    wording = WORDINGS[rule.event]
    values: dict[str, Any] = {"number": clock.number, "title": clock.title}
    own = rule.recipient == HANDLERS
    unit = session.get(Unit, clock.unit_id) if clock.unit_id is not None else None
    values["unit"] = names_of(unit) if unit else ""
    what = Phrase(wording.own if own else wording.about, **values)
    message = N_("%(what)s. Waiting since %(due)s") if rule.event in WAITING else N_("%(what)s. Due %(due)s")
    return tell(
        session,
        recipients(rule, clock, people),
        _key(rule, clock),
        rule.event,
        Phrase(message, what=what, due=clock.due_at),
        habits=habits,
        ticket_id=clock.ticket_id,
        tone=wording.tone,
        mail=rule.mail,
        urgent=rule.urgent,
    )


def recipients(rule: Rule, clock: OpenClock, people: Staff) -> list[Member]:
    """Whom a rule tells of a clock. Where nobody else stands for a ticket, the centre does."""
    unit = {UNDECIDED: None, CALL_UNDECIDED: clock.street_town_id}.get(rule.event, clock.unit_id)
    if rule.recipient == CENTRE:
        return people.at_centre()
    if rule.recipient in (HANDLERS, LEADS):
        if unit is None:
            return people.at_centre()
        return people.at_unit(unit) if rule.recipient == HANDLERS else people.leads_of(unit)
    return people.at_unit(clock.street_town_id) if clock.street_town_id is not None else people.at_centre()
