"""Notices (通知): telling people what concerns them, once each, on screen and, by their own choice, by mail."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.phrases import to_json
from app.domain.casefile import CaseFile, Happening
from app.domain.refusals import N_, Phrase
from app.entities.notice import Notice
from app.entities.staff_profile import StaffProfile
from app.entities.ticket import Ticket


def tell(
    session: Session, people: Iterable[int], key: str, kind: str, text: Phrase, *, ticket_id: int | None = None, tone: str = "neutral"
) -> int:
    """Put a notice into the inbox of each of ``people`` (account ids), unless one with this key is there; how many were new."""
    wanted = set(people)
    known = set(session.execute(select(Notice.user_id).where(Notice.key == key, Notice.user_id.in_(wanted))).scalars()) if wanted else set()
    for person in sorted(wanted - known):
        session.add(Notice(user_id=person, key=key, kind=kind, tone=tone, ticket_id=ticket_id, text=to_json(text)))
    return len(wanted - known)


def people_of(session: Session, units: Iterable[int]) -> set[int]:
    """The accounts that work for these units."""
    return set(session.execute(select(StaffProfile.account_id).where(StaffProfile.unit_id.in_(set(units)))).scalars())


def after_move(session: Session, ticket: Ticket, case: CaseFile, happening: Happening) -> None:
    """Tell a unit that a ticket has come to it, or that it is called."""
    key = f"{happening.action}:{ticket.id}:{ticket.version}"
    if happening.to_stage == "dispatched" and case.turn is not None and happening.from_stage != "dispatched":
        text = Phrase(N_("%(number)s “%(title)s” was dispatched to you; sign for it"), number=ticket.number, title=ticket.title)
        tell(session, people_of(session, [case.turn.unit_id]), key, "dispatched", text, ticket_id=ticket.id)
    if happening.action == "call":
        text = Phrase(N_("You are called to %(number)s “%(title)s”"), number=ticket.number, title=ticket.title)
        tell(session, people_of(session, happening.details["departments"]), key, "called", text, ticket_id=ticket.id, tone="warn")
