"""How the installation is: database, migrations, fonts, clock, storage, in words and as yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import now
from app.core.db import db
from app.core.migrations import revisions
from app.core.storage import Storage
from app.domain.refusals import N_, Phrase

LEAST_FREE = 200 * 2**20
MOST_DRIFT = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    code: str
    title: str
    well: bool
    detail: Phrase


def health() -> list[Finding]:
    """Look at everything; a broken database does not keep the others from being looked at."""
    return [_database(), _migrations(), _fonts(), _clock(), _storage()]


def _database() -> Finding:
    try:
        db.session.execute(select(1)).scalar_one()
        return Finding("database", N_("Database"), True, Phrase(N_("%(name)s answers"), name=db.engine.dialect.name))
    except SQLAlchemyError:
        db.session.rollback()
        return Finding("database", N_("Database"), False, Phrase(N_("the database does not answer")))


def _migrations() -> Finding:
    try:
        present, newest = revisions()
    except SQLAlchemyError:
        return Finding("migrations", N_("Migrations"), False, Phrase(N_("the database does not answer")))
    if present == newest:
        return Finding("migrations", N_("Migrations"), True, Phrase(N_("at revision %(revision)s"), revision=present))
    detail = Phrase(N_("at %(present)s, the code needs %(newest)s; run: python run.py init"), present=present, newest=newest)
    return Finding("migrations", N_("Migrations"), False, detail)


def _fonts() -> Finding:
    """The print wing says where its fonts lie; without the wing there is nothing to miss."""
    folder = Path(current_app.root_path).parent / "reports" / "vendor" / "fonts"
    found = sorted(p.name for p in folder.glob("*.ttf")) if folder.exists() else []
    if found:
        return Finding("fonts", N_("Fonts"), True, Phrase(N_("%(count)d fonts for printing"), count=len(found)))
    return Finding("fonts", N_("Fonts"), False, Phrase(N_("no fonts for printing")))


def _clock() -> Finding:
    """The machine's clock against the database's; a wrong clock makes every deadline wrong."""
    try:
        theirs = db.session.execute(select(func.current_timestamp())).scalar_one()
    except SQLAlchemyError:
        db.session.rollback()
        return Finding("clock", N_("Clock"), False, Phrase(N_("the database does not answer")))
    aware = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    drift = abs((aware - now()).total_seconds())
    well = drift < MOST_DRIFT
    return Finding("clock", N_("Clock"), well, Phrase(N_("%(now)s, %(seconds)d s from the database's"), now=now(), seconds=int(drift)))


def _storage() -> Finding:
    storage: Storage = current_app.config["STORAGE"]
    free = storage.free_bytes()
    return Finding("storage", N_("Storage"), free > LEAST_FREE, Phrase(N_("%(count)d MB free"), count=free // 2**20))
