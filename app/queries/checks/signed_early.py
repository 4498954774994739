"""Signed before dispatched: a signature that came before its order would always be in time."""

from __future__ import annotations

from app.domain.refusals import N_
from app.queries.checks.base import BLOCKING, DataCheck, Found, Material, tickets_of


def _find(material: Material) -> Found:
    moments = ((fact.ticket_id, fact.signed_at, fact.dispatched_at) for fact in material.facts)
    return tickets_of(material, (ticket for ticket, signed, sent in moments if signed and sent and signed < sent))


CHECK = DataCheck(
    code="signed_early",
    position=30,
    title=N_("Signed before dispatched"),
    advice=N_("Correct the times in the source and import the tickets again."),
    find=_find,
    severity=BLOCKING,
)
