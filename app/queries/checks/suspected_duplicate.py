"""Suspected duplicates: the same title at the same place, reported within the same minute."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, Found, Material


def _likeness(ticket: Any) -> tuple[Any, ...]:
    return ticket.title, ticket.address, ticket.street_town_id, ticket.reported_at.replace(second=0, microsecond=0)


def _find(material: Material) -> Found:
    titled = [(ticket, _likeness(ticket)) for ticket in material.tickets if ticket.title and ticket.address]
    seen = Counter(likeness for _, likeness in titled)
    return Found([ticket for ticket, likeness in titled if seen[likeness] > 1])


CHECK = DataCheck(
    code="suspected_duplicate",
    position=170,
    title=N_("Suspected duplicates"),
    advice=N_("Merge tickets that are the same matter; leave the others as they are."),
    find=_find,
)
