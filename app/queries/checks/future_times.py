"""Times in the future: what has not happened yet cannot have been reported or completed."""

from __future__ import annotations

from typing import Any

from app.domain.refusals import N_
from app.queries.checks.base import BLOCKING, DataCheck, Material, tickets_where


def _ahead(ticket: Any, material: Material) -> bool:
    return any(moment is not None and moment > material.now for moment in (ticket.reported_at, ticket.completed_at, ticket.rated_at))


CHECK = DataCheck(
    code="future",
    position=10,
    title=N_("Times in the future"),
    advice=N_("Correct the times in the source and import the tickets again."),
    find=tickets_where(_ahead),
    severity=BLOCKING,
)
