"""Completed without opinion: tickets registered here owe a completion opinion; a foreign ledger may have no column for it."""

from __future__ import annotations

from typing import Any

from app.domain.refusals import N_
from app.queries.checks.base import BLOCKING, DataCheck, Material, tickets_where


def _silent(ticket: Any, _material: Material) -> bool:
    registered_here = ticket.source_no == ticket.number
    return registered_here and ticket.completed_at is not None and not (ticket.opinion or "").strip()


CHECK = DataCheck(
    code="no_opinion",
    position=50,
    title=N_("Completed without opinion"),
    advice=N_("Have the unit enter its completion opinion."),
    find=tickets_where(_silent),
    severity=BLOCKING,
)
