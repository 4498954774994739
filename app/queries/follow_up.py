"""Follow-up (回访): the list of completed tickets that were drawn and still have to be asked about, the unrated ones first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, exists, func, select
from sqlalchemy.orm import Session

from app.domain.moves.row import COMPLETED, EVALUATING, REVIEWING
from app.domain.sampling import FACTOR, MODULUS, ROUND_FACTOR
from app.entities.follow_up import FollowUp
from app.entities.parameter import parameter
from app.entities.ticket import Ticket

SHARE = "20"
MOST = 200


def to_follow_up(session: Session, most: int = MOST) -> list[Ticket]:
    """Tickets to ask citizens about, those without a citizen's rating first, then the oldest; within the actor's row scope."""
    unrated = case((Ticket.rating == "", 0), else_=1)
    return list(session.execute(_drawn(select(Ticket)).order_by(unrated, Ticket.completed_at, Ticket.id).limit(most)).scalars())


def count_to_follow_up(session: Session) -> int:
    """How many there are."""
    return session.execute(_drawn(select(func.count(Ticket.id)))).scalar_one()


def drawn(share: int) -> ColumnElement[bool]:
    """``app.domain.sampling.is_drawn`` as SQL."""
    mixed = cast(Ticket.id, BigInteger) * FACTOR + cast(func.coalesce(Ticket.rounds, 0), BigInteger) * ROUND_FACTOR
    return mixed % MODULUS * 100 < share * MODULUS


def still_to_ask() -> ColumnElement[bool]:
    """Completed and not yet archived, drawn, and not asked about in this round."""
    asked = exists().where(FollowUp.ticket_id == Ticket.id, FollowUp.round == Ticket.rounds)
    return and_(
        Ticket.stage.in_((COMPLETED, REVIEWING, EVALUATING)),
        Ticket.ended == "",
        Ticket.completed_at.is_not(None),
        drawn(int(parameter("follow_up_share", SHARE))),
        ~asked,
    )


def _drawn(statement: Select[Any]) -> Select[Any]:
    return statement.where(still_to_ask())
