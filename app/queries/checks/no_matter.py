"""Without a matter: no category, so neither limits by category nor hotspots know of the ticket."""

from __future__ import annotations

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, tickets_where

CHECK = DataCheck(
    code="matter",
    position=100,
    title=N_("Without a matter"),
    advice=N_("Choose the matter on the ticket, or add the source's name of it to the matters."),
    find=tickets_where(lambda ticket, _: ticket.matter_id is None),
)
