"""Whether the database stands where the code expects it."""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.core.db import db


def revisions() -> tuple[str | None, str | None]:
    """(the revision of the database, the newest revision of the code)."""
    script = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), script.get_current_head()


def up_to_date() -> bool:
    """Whether every migration has been applied."""
    present, newest = revisions()
    return present == newest
