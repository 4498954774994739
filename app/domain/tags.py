"""Tags (高频、多发、疑难): what makes a ticket a hard one, and how far back the two others look.

Frequent: many tickets of one matter in one street-town. Recurrent: several from one place or one telephone. How many is a
parameter of the district (``frequent_from``, ``recurrent_from``); a tag follows the counts as they stand, while the ticket lives.
"""

from __future__ import annotations

from datetime import timedelta

FREQUENT_WITHIN = timedelta(days=30)
RECURRENT_WITHIN = timedelta(days=90)

HARD_RETURNS = 2
"""Returned so many times: nobody thinks that it is his."""
HARD_CALLS = 2
"""Called upon so many times: one meeting did not settle it."""
HARD_ROUNDS = 3
"""So many rounds: it was handed on and on, or came back."""
HARD_AGE = timedelta(days=30)
"""Open for so long since it was reported, suspensions included: the citizen waits all the same."""


def is_hard(*, returns: int, calls: int, rounds: int, age: timedelta) -> bool:
    """Whether a live ticket counts as hard: one of the four is enough."""
    return returns >= HARD_RETURNS or calls >= HARD_CALLS or rounds >= HARD_ROUNDS or age >= HARD_AGE
