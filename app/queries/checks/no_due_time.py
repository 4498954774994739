"""Without a due time: whether the ticket was in time cannot be told."""

from __future__ import annotations

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, tickets_where

CHECK = DataCheck(
    code="due",
    position=130,
    title=N_("Without a due time"),
    advice=N_("Such tickets are attributed to the period in which they were reported."),
    find=tickets_where(lambda ticket, _: ticket.due_at is None),
)
