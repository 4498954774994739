"""Sampling: which completed tickets are drawn for follow-up; the same ones whenever and wherever somebody asks."""

from __future__ import annotations

FACTOR, ROUND_FACTOR, MODULUS = 2_654_435_761, 40_503, 2**32
"""Multiplicative hashing: consecutive numbers are spread evenly, and any database can reckon it."""


def is_drawn(ticket_id: int, ordinal: int, share: int) -> bool:
    """Whether a ticket's round is among the ``share`` of a hundred that are drawn."""
    return (ticket_id * FACTOR + ordinal * ROUND_FACTOR) % MODULUS * 100 < share * MODULUS
