"""Recurring work on a page: what came of each kind last, how long it took, when it comes next, and its log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.core.phrases import from_json
from app.domain.refusals import N_, NotFound
from app.entities.clock_log import ClockLog
from app.entities.clock_work import ClockWork
from app.jobs.ticker import Periodic, periodic
from app.queries.clock_work import clock_log, clock_works

SHOWN = 200


def works(session: Session, writer: Words) -> list[dict[str, Any]]:
    """Every kind of recurring work, also one that no worker has seen yet."""
    known = clock_works(session)
    return [_work(one, known.get(one.code), writer) for one in periodic()]


def _work(one: Periodic, row: ClockWork | None, writer: Words) -> dict[str, Any]:
    found = {"code": one.code, "name": writer(one.name), "every": _every(one, writer), "state": "queued", "said": "", "failures": 0}
    if row is None:
        return {**found, "ended": NOTHING, "took": NOTHING, "next": NOTHING}
    done, reason = from_json(row.done), from_json(row.reason)
    busy = row.busy_until is not None and row.busy_until > now()
    return {
        **found,
        "state": "running" if busy else "failed" if reason else "done" if row.ended_at else "queued",
        "said": writer.phrase(reason) if reason else writer.phrase(done) if done else "",
        "failures": row.failures,
        "ended": writer.moment(row.ended_at, seconds=True),
        "took": _took(row.started_at, row.ended_at, writer) if not busy else NOTHING,
        "next": writer.moment(row.next_at, seconds=True),
    }


def _every(one: Periodic, writer: Words) -> str:
    """How often it comes."""
    if one.at is not None:
        return writer(N_("daily at %(at)s"), at=one.at.strftime("%H:%M"))
    seconds = int(one.every.total_seconds())
    if seconds % 3600 == 0:
        return writer(N_("every hour")) if seconds == 3600 else writer(N_("every %(count)s hours"), count=seconds // 3600)
    if seconds % 60 == 0:
        return writer(N_("every minute")) if seconds == 60 else writer(N_("every %(count)s minutes"), count=seconds // 60)
    return writer(N_("every %(count)s seconds"), count=seconds)


def _took(started: datetime | None, ended: datetime | None, writer: Words) -> str:
    if started is None or ended is None or ended < started:
        return NOTHING
    length = ended - started
    if length < timedelta(seconds=1):
        return writer(N_("under a second"))
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return (
        writer(N_("%(minutes)s min %(seconds)s s"), minutes=minutes, seconds=seconds)
        if minutes
        else writer(N_("%(seconds)s s"), seconds=seconds)
    )


def work_log(session: Session, code: str, writer: Words) -> dict[str, Any]:
    """One kind with its log. Raises ``NotFound`` for a kind there is not."""
    one = next((one for one in periodic() if one.code == code), None)
    if one is None:
        raise NotFound()
    row = clock_works(session).get(code)
    return {"work": _work(one, row, writer), "lines": [_line(line, writer) for line in clock_log(session, code, SHOWN)]}


def _line(line: ClockLog, writer: Words) -> dict[str, Any]:
    done, reason = from_json(line.done), from_json(line.reason)
    return {
        "started": writer.moment(line.started_at, seconds=True),
        "took": _took(line.started_at, line.ended_at, writer),
        "state": "failed" if reason else "done",
        "said": writer.phrase(reason) if reason else writer.phrase(done) if done else "",
        "worker": line.worker,
        "trace": line.trace,
    }
