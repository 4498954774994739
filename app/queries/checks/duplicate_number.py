"""Duplicate source number: numbers of one source that differ only in blanks, dashes, capitals or leading noughts."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, Found, Material

_NOISE = re.compile(r"[\s\-_/.]+")


def _plain(ticket: Any) -> tuple[int, str]:
    return ticket.source_id, _NOISE.sub("", ticket.source_no).upper().lstrip("0")


def _find(material: Material) -> Found:
    numbered = [(ticket, _plain(ticket)) for ticket in material.tickets if ticket.source_id is not None and ticket.source_no]
    seen = Counter(number for _, number in numbered)
    return Found([ticket for ticket, number in numbered if seen[number] > 1])


CHECK = DataCheck(
    code="duplicate_number",
    position=160,
    title=N_("Duplicate source number"),
    advice=N_("Merge tickets that are the same matter, or correct the number."),
    find=_find,
)
