"""Files of runs as somebody may have them: by right and row scope inside the house, and only what is published outside of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.crud.access import account_may
from app.domain.actors import SYSTEM
from app.entities.account import Account
from app.entities.artefact import Artefact
from app.queries.people import actor_of
from app.queries.scopes import left_the_house


def readable(session: Session, account: Account | None, numbers: Iterable[int]) -> Sequence[Artefact]:
    """Which of these files somebody may have now, in order; ``None`` is anybody outside the house."""
    wanted = select(Artefact).where(Artefact.id.in_(list(numbers))).order_by(Artefact.id)
    if account is None:
        with acting_as(SYSTEM):
            return session.execute(wanted.where(left_the_house())).scalars().all()
    with acting_as(actor_of(account)):
        shown = session.execute(wanted).scalars().all()
    return [one for one in shown if account_may(account, "read", one.subject)]
