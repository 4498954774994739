"""Notices (通知): telling people what concerns them, once each, on screen and, by their own choice, by mail.

Written beneath the row scope with one statement that leaves alone what is there already: whoever comes second, be it another
sweep at the same moment, tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.phrases import to_json
from app.core.transaction import transaction
from app.crud.columns.localized import names_of
from app.domain.actors import SYSTEM, Actor
from app.domain.casefile import CaseFile, Happening
from app.domain.refusals import N_, NotFound, Phrase
from app.domain.reminders import AT_ONCE, DIGEST, NEVER, Habits
from app.domain.tellings import Telling, tellings
from app.entities.notice import Notice
from app.entities.staff_profile import StaffProfile
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.entities.unit import Unit
from app.queries.reminding import habits_of
from app.queries.staff import Member, Staff, staff

_silent: ContextVar[bool] = ContextVar("silent", default=False)


@contextmanager
def silently() -> Iterator[None]:
    """Inside, nobody is told anything: for what repeats the past (ledgers that are replayed, a demo district)."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Whether nobody is told anything here."""
    return _silent.get()


def tell(
    session: Session,
    people: Iterable[Member],
    key: str,
    kind: str,
    text: Phrase,
    *,
    habits: Habits,
    ticket_id: int | None = None,
    tone: str = "neutral",
    mail: bool = True,
    urgent: bool = False,
) -> int:
    """Put a notice into everybody's inbox, unless one with this key is there; how many were new. Joins the caller's transaction."""
    at = now()
    rows = []
    for member in people:
        how = member.mails if mail and member.mails in (AT_ONCE, DIGEST) else ""
        rows.append(
            {
                "user_id": member.account_id,
                "key": key[:120],
                "kind": kind,
                "tone": tone,
                "ticket_id": ticket_id,
                "text": to_json(text),
                "created_at": at,
                "mail": how,
                "mail_after": habits.goes_at(how, at, urgent) if how else None,
            }
        )
    if not rows:
        return 0
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    table: Any = Notice.__table__
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=["key", "user_id"]).returning(table.c.id)
    return len(session.connection().execute(statement, rows).all())


def after_move(session: Session, ticket: Ticket, case: CaseFile, happening: Happening, who: Actor) -> None:
    """Tell what a move means for others; never the one who made it, who has thereby read what he was told of the ticket.

    Runs inside the move's transaction.
    """
    if _silent.get():
        return
    told = tellings(case, happening)
    with acting_as(SYSTEM):
        if who.user_id is not None:
            _read_of(session, ticket.id, who.user_id)
        if not told:
            return
        units = {unit for telling in told for unit in telling.units}
        orders = any(telling.order for telling in told)
        people = staff(session, units, centre=orders or any(telling.centre for telling in told))
        habits = habits_of(session)
        for telling in told:
            reached = [member for member in _people(session, ticket, telling, people) if member.account_id != who.user_id]
            key = f"{telling.kind}:{ticket.id}:{ticket.version}"
            text = sentence(session, ticket, telling)
            tell(
                session,
                reached,
                key,
                telling.kind,
                text,
                habits=habits,
                ticket_id=ticket.id,
                tone=telling.tone,
                mail=telling.mail,
                urgent=telling.urgent,
            )


def _read_of(session: Session, ticket_id: int, user_id: int) -> None:
    """Whoever works on a ticket need not read anywhere else what there is to do about it."""
    mine = (Notice.ticket_id == ticket_id, Notice.user_id == user_id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*mine).values(read_at=now()).execution_options(synchronize_session=False))


def _people(session: Session, ticket: Ticket, telling: Telling, people: Staff) -> list[Member]:
    found = {member.account_id: member for unit in telling.units for member in people.at_unit(unit)}
    if telling.centre:
        found |= {member.account_id: member for member in people.at_centre()}
    if telling.order:
        found |= {member.account_id: member for member in _who_ordered(session, ticket, telling.order, people)}
    return list(found.values())


def _who_ordered(session: Session, ticket: Ticket, number: int, people: Staff) -> list[Member]:
    """The unit of whoever issued a supervision order, as the timeline has it; the centre where that says nothing."""
    statement = select(TicketEvent.details, TicketEvent.unit_id).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.action == "supervise"
    )
    unit = next((row.unit_id for row in session.execute(statement) if row.details.get("order") == number), None)
    if unit is None:
        return people.at_centre()
    return list(staff(session, [unit]).members)


def sentence(session: Session, ticket: Ticket, telling: Telling) -> Phrase:
    """What is told, with the names of the day; the due time follows where there is one."""
    values: dict[str, Any] = {"number": ticket.number, "title": ticket.title}
    if telling.unit is not None:
        unit = session.get(Unit, telling.unit)
        values["unit"] = names_of(unit) if unit else ""
    if telling.into is not None:
        other = session.get(Ticket, telling.into)
        values["into"] = other.number if other else ""
    said = Phrase(telling.message, **values)
    return Phrase(N_("%(what)s. Due %(due)s"), what=said, due=telling.due) if telling.due else said


# --- the own inbox ------------------------------------------------------------------------------------------


def read_one(notice_id: int) -> Notice:
    """Mark one of the own notices as read; ``NotFound`` for anybody else's."""
    with transaction() as session:
        notice = session.get(Notice, notice_id)
        if notice is None or notice.user_id != current_actor().user_id:
            raise NotFound()
        notice.read_at = notice.read_at or now()
        return notice


def read_all() -> int:
    """Mark all own notices as read; how many there were."""
    with transaction() as session:
        mine = (Notice.user_id == current_actor().user_id, Notice.read_at.is_(None))
        count = session.execute(select(func.count(Notice.id)).where(*mine)).scalar_one()
        session.execute(update(Notice).where(*mine).values(read_at=now()).execution_options(synchronize_session=False))
        return count


def choose_mails(how: str) -> None:
    """Say how one wants to be reached by mail; ``NotFound`` for an account without a profile."""
    with transaction() as session:
        profile = session.execute(select(StaffProfile).where(StaffProfile.account_id == current_actor().user_id)).scalar_one_or_none()
        if profile is None or how not in (AT_ONCE, DIGEST, NEVER):
            raise NotFound()
        profile.mails = how
