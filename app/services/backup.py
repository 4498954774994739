"""Backup (备份): a copy of the database that is whole although others write meanwhile; the latest few are kept.

The files of the store are not in it: they never change, so that copying what is new (docs/operations) is all it takes.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import URL

from app.core.clock import now
from app.core.db import db
from app.domain.refusals import N_, Refused
from app.entities.parameter import parameter
from app.queries.calendar import city_zone

COPIES = "7"
SUFFIXES = (".db", ".dump")


def copies_kept() -> int:
    """How many copies are kept (a system parameter); 0: none are made."""
    return int(parameter("backup_copies", COPIES))


def back_up(home: Path) -> Path:
    """Copy the database into ``home/backups`` under the minute's name; the oldest copies above the number go.

    Raises ``Refused`` where the copy cannot be made or is not whole; the copies before it stay.
    """
    folder = home / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    local = now().astimezone(ZoneInfo(city_zone()))
    lite = db.engine.dialect.name == "sqlite"
    place = folder / f"{_name(local)}{SUFFIXES[0] if lite else SUFFIXES[1]}"
    fresh = place.with_suffix(".new")
    try:
        _copy_sqlite(fresh) if lite else _dump_postgresql(fresh, db.engine.url)
        fresh.chmod(0o600)
        with fresh.open("rb+") as handle:
            os.fsync(handle.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
    for old in kept(home)[max(1, copies_kept()) :]:
        old.unlink(missing_ok=True)
    return place


def kept(home: Path) -> list[Path]:
    """The copies there are, the newest first."""
    folder = home / "backups"
    return sorted((one for one in folder.glob("frontline-*") if one.suffix in SUFFIXES), reverse=True) if folder.is_dir() else []


def _name(local: datetime) -> str:
    return f"frontline-{local:%Y%m%d-%H%M}"


def _copy_sqlite(place: Path) -> None:
    """By SQLite's own backup: a plain copy of the file would miss what was written last."""
    db.session.rollback()
    place.unlink(missing_ok=True)
    source = db.engine.raw_connection()
    try:
        with closing(sqlite3.connect(place)) as target:
            source.driver_connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            said = target.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise Refused("backup", N_("The database could not be copied: %(problem)s"), problem=str(error), status=503) from error
    finally:
        source.close()
    if said != "ok":
        raise Refused("backup", N_("The copy of the database is damaged: %(problem)s"), problem=said)


def _dump_postgresql(place: Path, url: URL) -> None:
    """By PostgreSQL's own ``pg_dump``, which must be there and as new as the server."""
    program = shutil.which("pg_dump")
    if program is None:
        raise Refused("backup", N_("pg_dump is not installed on this machine, so PostgreSQL is not backed up from here."))
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [program, "--format=custom", "--no-password", f"--file={place}", f"--dbname={plain}"]
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [str(done.returncode)])[0]
        raise Refused("backup", N_("The database could not be copied: %(problem)s"), problem=said, status=503)
