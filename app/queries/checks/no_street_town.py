"""Without a street-town: the ticket counts in no territory."""

from __future__ import annotations

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, tickets_where

CHECK = DataCheck(
    code="place",
    position=110,
    title=N_("Without a street-town"),
    advice=N_("Enter the street-town; the ticket then counts in its figures."),
    find=tickets_where(lambda ticket, _: ticket.street_town_id is None),
)
