"""The only place that commits: one verb, one transaction, everything or nothing."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.db import WRITES, db
from app.domain.refusals import N_, ChangedMeanwhile, Refused

_OPEN = "frontline_transaction"


def writing(session: Session) -> bool:
    """Whether a transaction of ours is open in this session, and with it, on SQLite, the only write lock."""
    return bool(session.info.get(_OPEN))


def one_by_one(session: Session, what: str) -> None:
    """Until this transaction ends nobody else does ``what``: PostgreSQL queues them, SQLite has only one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(zlib.crc32(what.encode()))))


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything inside is committed together, or not at all.

    Joined by an inner ``transaction()``. What the session had only read before is read afresh, so that
    the writer decides on the newest rows and SQLite can take its write lock at the beginning.
    Raises ``ChangedMeanwhile`` when a versioned row moved on, ``Refused("busy")`` when the database is locked.
    """
    session: Session = db.session()
    if session.info.get(_OPEN):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("there are unsaved changes from outside a transaction")
    if session.in_transaction():
        session.rollback()
    session.info[_OPEN] = True
    try:
        session.connection(execution_options={WRITES: True})
        yield session
        session.commit()
    except StaleDataError as stale:
        session.rollback()
        raise ChangedMeanwhile() from stale
    except OperationalError as error:
        session.rollback()
        if "locked" in str(error.orig):
            raise Refused("busy", N_("The database is busy. Nothing was saved; try again in a moment."), status=503) from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_OPEN, None)
