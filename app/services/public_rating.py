"""The citizen's rating (公众评价): given by link, QR code or number and code, without signing in, once per round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Reading
from app.domain.actors import SYSTEM, Actor
from app.domain.casefile import OPEN
from app.domain.refusals import N_, NotFound, Refused
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.queries.public import awaited_rating, rating_by_token, ticket_by_code
from app.services.progress import locked, move

CITIZEN = Actor(None, "citizen", frozenset({"citizen"}))
"""Whoever holds the link, or the code; no account stands behind it."""

LINK, QR = "link", "qr"


class Over(Refused):
    """There was something to rate, and there is no longer: rated, annulled, opened again, or too late."""

    def __init__(self) -> None:
        super().__init__("rating-over", N_("This matter has been rated already, or the time for rating has passed."), status=410)


def invitation(token: str) -> Ticket:
    """The ticket that a link asks to rate. Raises ``NotFound`` for an unknown link, ``Over`` for one that has had its time."""
    session = db.session()
    rating = rating_by_token(session, token)
    if rating is None:
        raise _unknown()
    with acting_as(SYSTEM):
        ticket = session.get_one(Ticket, rating.ticket_id)
    if awaited_rating(session, ticket) is not rating:
        raise Over()
    return ticket


def rate_by_token(token: str, raw: Mapping[str, Any], reading: Reading, channel: str = LINK) -> None:
    """Rate what a link is about. Raises ``NotFound``, ``Over``, or ``RefusedAll`` with what is missing."""
    with transaction() as session:
        rating = rating_by_token(session, token)
        if rating is None:
            raise _unknown()
        _give(rating.ticket_id, rating, raw, reading, QR if channel == QR else LINK)


def rate_by_code(number: str, code: str, raw: Mapping[str, Any], reading: Reading) -> None:
    """Rate a matter that was looked up. Raises ``NotFound``, ``Over``, or ``RefusedAll`` with what is missing."""
    with transaction() as session:
        ticket = ticket_by_code(session, number, code)
        if ticket is None:
            raise NotFound()
        rating = awaited_rating(session, ticket)
        if rating is None:
            raise Over()
        _give(ticket.id, rating, raw, reading, LINK)


def _give(ticket_id: int, rating: Rating, raw: Mapping[str, Any], reading: Reading, channel: str) -> None:
    """Under the ticket's lock the rating is looked at once more: of two clicks one counts, and a link never rates another round."""
    with transaction() as session, acting_as(SYSTEM):
        ticket = locked(session, ticket_id)
        session.refresh(rating)
        if rating.state != OPEN or awaited_rating(session, ticket) is not rating:
            raise Over()
        said = {name: raw.get(name) for name in ("satisfaction", "solved", "comment")}
        move(ticket_id, "rate_publicly", None, said, reading, actor=CITIZEN, extra={"channel": channel})


def _unknown() -> NotFound:
    return NotFound(N_("This link leads to no rating. Check that it was copied whole."))
