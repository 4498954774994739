"""Completed before reported: one of the two times is wrong, and with it every clock of the ticket."""

from __future__ import annotations

from app.domain.refusals import N_
from app.queries.checks.base import BLOCKING, DataCheck, tickets_where

CHECK = DataCheck(
    code="order",
    position=20,
    title=N_("Completed before reported"),
    advice=N_("Correct the times in the source and import the tickets again."),
    find=tickets_where(lambda ticket, _: ticket.completed_at is not None and ticket.completed_at < ticket.reported_at),
    severity=BLOCKING,
)
