"""Without a handling unit: nobody answers for the ticket."""

from __future__ import annotations

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, tickets_where

CHECK = DataCheck(
    code="unit",
    position=120,
    title=N_("Without a handling unit"),
    advice=N_("Dispatch the ticket, or enter the unit in the source."),
    find=tickets_where(lambda ticket, _: ticket.unit_id is None),
)
