"""``run.py`` on a day of one's choice: the house's clock begins at ``FRONTLINE_TEST_BEGINS`` and goes on from there at its usual pace."""

from __future__ import annotations

import os
import sys
from datetime import datetime, tzinfo
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import run
from app.core import clock

BEGINS = datetime.fromisoformat(os.environ["FRONTLINE_TEST_BEGINS"])
STARTED = datetime.now(BEGINS.tzinfo)


class Later(datetime):
    """A calendar that stands elsewhere."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """The present, moved."""
        return (BEGINS + (datetime.now(BEGINS.tzinfo) - STARTED)).astimezone(tz)


if __name__ == "__main__":
    clock.datetime = Later  # type: ignore[misc]
    sys.exit(run.main())
