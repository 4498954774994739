"""The clocks of a ticket with their stories, ready for its page and for programs: read, never written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.languages import Words
from app.domain.actors import SYSTEM
from app.domain.case_clocks import CaseClock, clocks_of
from app.domain.casefile import CaseFile
from app.domain.clock_sentence import headline_of, note_of, sentence_of
from app.domain.clock_story import MET, MISSED, OVER, PAUSED, RUNNING
from app.domain.clock_strip import Strip, strip_of
from app.domain.refusals import N_, Phrase
from app.domain.rulebook import HANDLE, Rulebook
from app.domain.scorecard import Names
from app.entities.ticket_event import TicketEvent
from app.entities.unit import Unit

STATES = {
    RUNNING: N_("Clock is running"),
    PAUSED: N_("Clock stands still"),
    MET: N_("Done in time"),
    MISSED: N_("Over time"),
    OVER: N_("Clock no longer runs"),
}

ENDINGS = ("void", "merge")
"""The moves that end a ticket without an archive."""


@dataclass(frozen=True, slots=True)
class ClockTold:
    """One clock as it is shown: which, whose, how it stands, what there is to look at and to read."""

    key: str
    clock: str
    label: Phrase
    unit_id: int | None
    unit: Names
    current: bool
    round: int | None
    part: str
    state: str
    state_name: str
    tone: str
    natural: bool
    started_at: datetime
    base_due_at: datetime
    due_at: datetime
    expected_at: datetime
    ended_at: datetime | None
    limit: str
    provisional: bool
    total: int
    counted: int
    paused: int
    left: int
    spare: int
    overdue: int
    headline: Phrase
    note: Phrase
    sentence: Phrase
    strip: Strip


def clocks_told(session: Session, case: CaseFile, rules: Rulebook, now: datetime) -> list[ClockTold]:
    """Every clock of a case file that the actor may read, in the order of ``clocks_of``."""
    found = clocks_of(case, rules, now, _ended_at(session, case))
    names = _names(session, {clock.unit_id for clock in found})
    return [_told(clock, names, rules) for clock in found]


def clock_rows(told: Iterable[ClockTold], writer: Words) -> list[dict[str, Any]]:
    """The clocks for a program: figures in minutes of each clock, sentences in the reader's language, instants as UTC."""
    return [
        {
            "key": clock.key,
            "clock": clock.clock,
            "name": writer.phrase(clock.label),
            "unit": {"id": clock.unit_id, "text": writer.names(clock.unit)} if clock.unit_id is not None else None,
            "round": clock.round,
            "part": clock.part,
            "current": clock.current,
            "state": {"code": clock.state, "text": writer(clock.state_name)},
            "natural": clock.natural,
            "limit": clock.limit,
            "provisional": clock.provisional,
            **{name: _instant(getattr(clock, name)) for name in ("started_at", "base_due_at", "due_at", "expected_at", "ended_at")},
            "minutes": {name: getattr(clock, name) for name in ("total", "counted", "paused", "left", "spare", "overdue")},
            "sentence": writer.phrase(clock.sentence),
        }
        for clock in told
    ]


def leading(told: Sequence[ClockTold], most: int = 3) -> list[ClockTold]:
    """The clocks to put on top: handling, then those of the present round that still run, the most pressing first, then what was done."""
    mine = [clock for clock in told if clock.current and clock.key.startswith(("round", "ticket", "rating"))]
    done = {clock.key: clock.ended_at is not None or clock.state == OVER for clock in mine}
    return sorted(mine, key=lambda clock: (clock.clock != HANDLE or done[clock.key], done[clock.key], clock.due_at))[:most]


def _told(clock: CaseClock, names: dict[int, Names], rules: Rulebook) -> ClockTold:
    story, kept, figures = clock.story, clock.story.clock, clock.story.figures
    return ClockTold(
        key=clock.key,
        clock=clock.clock,
        label=clock.label,
        unit_id=clock.unit_id,
        unit=names.get(clock.unit_id or 0, Names("")),
        current=clock.current,
        round=clock.round,
        part=clock.part,
        state=story.state,
        state_name=STATES[story.state],
        tone=story.tone,
        natural=kept.natural,
        started_at=kept.started_at,
        base_due_at=kept.base_due_at or kept.due_at,
        due_at=kept.due_at,
        expected_at=story.expected_at,
        ended_at=kept.ended_at,
        limit=str(kept.limit or ""),
        provisional=story.provisional,
        total=figures.total,
        counted=figures.counted,
        paused=figures.paused,
        left=figures.left,
        spare=figures.spare,
        overdue=figures.overdue,
        headline=headline_of(story),
        note=note_of(story),
        sentence=sentence_of(story, rules.calendar),
        strip=strip_of(story, rules.calendar),
    )


def _names(session: Session, units: set[int | None]) -> dict[int, Names]:
    wanted = sorted(unit for unit in units if unit is not None)
    statement = select(Unit.id, Unit.name_zh, Unit.name_en).where(Unit.id.in_(wanted))
    return {row.id: Names(row.name_zh, row.name_en) for row in session.execute(statement)} if wanted else {}


def _ended_at(session: Session, case: CaseFile) -> datetime | None:
    """When the ticket was voided or merged; its case file keeps only that it was."""
    if not case.ended or case.id is None:
        return None
    statement = select(TicketEvent.happened_at).where(TicketEvent.ticket_id == case.id, TicketEvent.action.in_(ENDINGS))
    with acting_as(SYSTEM):
        return session.execute(statement.order_by(TicketEvent.id.desc()).limit(1)).scalar_one_or_none()


def _instant(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value is not None else None
