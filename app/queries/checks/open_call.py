"""Open call on a completed ticket: the called department's duty hangs in the air and would count as never done."""

from __future__ import annotations

from app.domain.facts import CALL, DEPARTMENT, Fact
from app.domain.refusals import N_
from app.queries.checks.base import BLOCKING, DataCheck, Found, Material, tickets_of


def _open(fact: Fact) -> bool:
    ended = fact.completed_at is not None or fact.withdrawn_at is not None or bool(fact.completed)
    return fact.kind == CALL and fact.group == DEPARTMENT and not ended and fact.returned != "approved"


def _find(material: Material) -> Found:
    closed = {ticket.id for ticket in material.tickets if ticket.completed_at is not None}
    return tickets_of(material, (fact.ticket_id for fact in material.facts if fact.ticket_id in closed and _open(fact)))


CHECK = DataCheck(
    code="open_call",
    position=40,
    title=N_("Open call on a completed ticket"),
    advice=N_("Have the called department finish, or withdraw the call."),
    find=_find,
    severity=BLOCKING,
)
