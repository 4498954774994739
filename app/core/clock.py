"""The only place that asks what time it is, so that everything else can be told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """The present instant, aware UTC, to the microsecond."""
    return _stopped.get() or datetime.now(UTC)


def ticks() -> float:
    """Seconds on a clock that never jumps, for measuring durations and leases."""
    return time.monotonic()


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Inside, it is ``instant`` and stays so (tests, and runs that repeat a past moment)."""
    token = _stopped.set(instant)
    try:
        yield
    finally:
        _stopped.reset(token)
