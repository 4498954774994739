"""Outcome unknown: the source does not say whether the ticket was completed."""

from __future__ import annotations

from typing import Any

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, Material, tickets_where


def _unknown(ticket: Any, _material: Material) -> bool:
    return ticket.completed_at is None and ticket.completed is None and "completed" in (ticket.unknown or ())


CHECK = DataCheck(
    code="outcome",
    position=140,
    title=N_("Outcome unknown"),
    advice=N_("Such tickets count in no completion figure until the source tells."),
    find=tickets_where(_unknown),
)
