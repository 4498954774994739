"""Outboxes (发件箱): what waits to be sent, whoever sends it; a claim, patience, and an end, the same for letters and for files.

A row has ``state``, ``attempts``, ``next_at``, ``error`` and ``answer``. It is claimed by a conditional UPDATE, so that of many
senders one wins; the attempt's number fences what it writes afterwards. Sending may repeat after a crash; nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.post import Trouble
from app.core.transaction import transaction

LEASE = timedelta(minutes=5)
"""What a sender that went silent has in hand is sent again after so long."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480))
"""How long to wait after each attempt that the receiver put off; after the last one it is given up."""
PATIENCE = timedelta(minutes=2)
"""How soon to try again when the receiver itself is away; such attempts do not count."""
STALE = timedelta(days=7)
"""What could not be sent for so long says nothing new any more."""

QUEUED, FAILED = "queued", "failed"


class Outbox:
    """The outgoing rows of one table."""

    def __init__(self, table: type[Any]) -> None:
        self.table = table

    def due(self, most: int) -> list[int]:
        """Numbers of the rows whose time has come, the oldest first."""
        row = self.table
        found = list(db.session.execute(select(row.id).where(*self._free(now())).order_by(row.id).limit(most)).scalars())
        db.session.rollback()
        return found

    def claim(self, session: Session, number: int) -> Any | None:
        """Take a row for one lease, in the caller's transaction; nothing where another sender was faster."""
        row, at = self.table, now()
        values = {"next_at": at + LEASE, "attempts": row.attempts + 1}
        taken: Any = session.execute(self._update(row.id == number, *self._free(at)).values(values))
        if taken.rowcount != 1:
            return None
        return session.execute(select(row).where(row.id == number).execution_options(populate_existing=True)).scalar_one()

    def close(self, number: int, attempt: int, **values: Any) -> bool:
        """Write down how an attempt ended, unless another sender has taken the row over meanwhile."""
        mine = (self.table.id == number, self.table.state == QUEUED, self.table.attempts == attempt)
        with transaction() as session:
            done: Any = session.execute(self._update(*mine).values(values))
            return bool(done.rowcount == 1)

    def failed(self, number: int, attempt: int, trouble: Trouble, state: str = FAILED) -> bool:
        """The receiver has something against it: try later, or never again (``state``). Whether it is given up."""
        given_up = trouble.lasting or attempt > len(WAITS)
        later: dict[str, Any] = {"state": state, "next_at": None} if given_up else {"next_at": now() + WAITS[attempt - 1]}
        return self.close(number, attempt, error=trouble.code, answer=trouble.answer[:300], **later) and given_up

    def release(self, number: int, attempt: int) -> None:
        """The receiver went away under our hands: the row is as free as before, and the attempt is not counted."""
        self.close(number, attempt, next_at=now(), attempts=attempt - 1)

    def put_off(self, numbers: Sequence[int], trouble: Trouble) -> None:
        """The receiver is away: what nobody has in hand waits for a while."""
        values = {"next_at": now() + PATIENCE, "error": trouble.code, "answer": trouble.answer[:300]}
        with transaction() as session:
            session.execute(self._update(self.table.id.in_(numbers), *self._free(now())).values(values))

    def give_up_the_stale(self) -> list[int]:
        """End what has waited too long and nobody has in hand; the numbers of the rows."""
        old = (self.table.created_at < now() - STALE, *self._free(now()))
        if db.session.execute(select(self.table.id).where(*old).limit(1)).first() is None:
            return []
        with transaction() as session:
            ended = self._update(*old).values(state=FAILED, error="stale", next_at=None).returning(self.table.id)
            return sorted(session.execute(ended).scalars())

    def _free(self, at: datetime) -> tuple[ColumnElement[bool], ...]:
        return self.table.state == QUEUED, or_(self.table.next_at.is_(None), self.table.next_at <= at)

    def _update(self, *conditions: ColumnElement[bool]) -> Any:
        return update(self.table).where(*conditions).execution_options(synchronize_session=False)
