"""A foreign log of life cycles (who held a ticket, in what state, when) told again as moves of this house.

The log is an incident management system's. How its events become moves:

=====================  ==========================================================================================
event                  moves
=====================  ==========================================================================================
first event            register; dispatch to the event's group; then as below
another group          redirect to it (after ``resume`` where suspended); ``reopen`` at it when it was completed before
Awaiting Assignment    none of its own: the round waits to be signed
Assigned, In Progress  sign, start; ``resume`` where suspended; ``reject_claim``/``fail_review``/``reopen`` where it had been done
Wait…                  sign, start; request and approve a suspension; a change of reason while waiting is a note
Resolved, In Call      ``resume`` where suspended; claim by the group; completion verified by the sub-centre
Closed                 as Resolved where that is missing; review taken, passed; archived with a waiver
Cancelled              void
Unmatched              no counterpart: refused as such and counted
=====================  ==========================================================================================

A second event of the same kind on the same round is a note.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM, Actor
from app.domain.casefile import CaseFile
from app.domain.refusals import Refused
from app.entities.department import Department
from app.entities.ticket import Ticket
from app.queries.rulebook import Ground, ground_of
from app.services.progress import move
from app.services.registration import register
from tests.services.casework import Office

URGENCY = {"Major": "at_once", "High": "at_once", "Medium": "quickly", "Low": "within_limit"}
AT_WORK = ("signed", "handling", "called", "consulting")
DONE = ("completed", "reviewing", "evaluating", "archived")


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One line of the log."""

    case: str
    at: datetime
    group: str
    state: str
    impact: str


def log_of(path: Path) -> Iterator[tuple[str, list[LogEvent]]]:
    """The log, case by case, each in order of time."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as handle:
        lines = [
            LogEvent(row["case"], datetime.fromisoformat(row["timestamp"]).astimezone(UTC), row["group"], row["substatus"], row["impact"])
            for row in csv.DictReader(handle)
        ]
    for case, events in groupby(lines, key=lambda event: event.case):
        yield case, list(events)


@dataclass(slots=True)
class Teller:
    """Tells cases as moves; counts what was accepted, and what was refused and why."""

    office: Office
    groups: dict[str, int] = field(default_factory=dict)
    events: int = 0
    told: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    waits: int = 0
    ground: Ground | None = None
    actors: dict[str, Actor] = field(default_factory=dict)
    street: int = 0

    def prepare(self, names: set[str]) -> None:
        """A department for every group."""
        with transaction() as session:
            rows = [Department(code=f"G-{n}", name_zh=name, name_en=name, kind="department") for n, name in enumerate(sorted(names))]
            session.add_all(rows)
            session.flush()
            self.groups = {row.name_en: row.id for row in rows}
        with acting_as(SYSTEM):
            self.ground = ground_of(db.session())
        self.street = self.office.street.id
        self.actors = {name: self.office.actor(name) for name in ("duty", "reviewer", "clerk")}

    def tell(self, case: str, events: list[LogEvent]) -> int:
        """One case in one transaction; returns its ticket's number."""
        first = events[0]
        with transaction():
            with stopped_at(first.at), acting_as(self.actors["duty"]):
                raw = {"title": case, "street_town": self.street, "urgency": URGENCY[first.impact]}
                ticket_id = register(raw, Reading(origin=Origin.API)).id
            telling = _Telling(self, ticket_id)
            for event in events:
                self.events += 1
                try:
                    with stopped_at(event.at):
                        telling.event(event)
                    self.told += 1
                except Refused as refused:
                    self.refused[f"{event.state}: {refused.code}"] += 1
        db.session.remove()
        return ticket_id


@dataclass(slots=True)
class _Telling:
    """One ticket while it is told."""

    teller: Teller
    ticket_id: int
    case: CaseFile | None = None
    group: str = ""
    state: str = ""

    def event(self, event: LogEvent) -> None:
        """One event of the log."""
        if event.state == "Unmatched":
            raise Refused("no-counterpart", "the log's “Unmatched” has no counterpart")
        self._hold(event)
        if event.state == "Cancelled":
            self._do("duty", "void", reason="withdrawn", note="日志所载取消")
        elif event.state.startswith("Wait"):
            self._wait(event)
        elif event.state in ("Assigned", "In Progress"):
            self._work()
        elif event.state in ("Resolved", "In Call"):
            self._resolve()
        elif event.state == "Closed":
            self._close()
        self.state = event.state

    # --- who holds it ---------------------------------------------------------------------------------------

    def _hold(self, event: LogEvent) -> None:
        unit = self.teller.groups[event.group]
        if self.case is None or self.case.stage == "reported":
            self._do("duty", "dispatch", unit=unit)
        elif self.case.stage in DONE and event.state not in ("Resolved", "In Call", "Closed"):
            self._undo(unit, event)
        elif event.group != self.group and self.case.stage not in DONE:
            if self.case.suspended:
                self._do("duty", "resume")
            if self.case.claimed_at:
                self._do("clerk", "reject_claim", reason="转其他单位继续处置")
            self._do("duty", "redirect", unit=unit, reason="按日志改派")
        self.group = event.group

    def _undo(self, unit: int, event: LogEvent) -> None:
        assert self.case is not None
        if self.case.stage == "completed":
            self._do("reviewer", "take_review")
        if self.case.stage == "reviewing":
            self._do("reviewer", "fail_review", reason="问题未解决，退回返工")
            if self.case.unit_id != unit:
                self._do("duty", "redirect", unit=unit, reason="按日志改派")
        else:
            self._do("duty", "reopen", reason="问题再次出现", unit=unit)

    # --- what is done ---------------------------------------------------------------------------------------

    def _work(self) -> None:
        assert self.case is not None
        if self.case.suspended:
            self._do("duty", "resume")
        if self.case.claimed_at:
            self._do("clerk", "reject_claim", reason="尚未解决，继续处置")
        before = len(self.teller.moves), self.case.version
        if self.case.stage == "dispatched":
            self._do("holder", "sign")
        if self.case.stage == "signed":
            self._do("holder", "start")
        if before[1] == self.case.version:
            self._do("holder", "note", note="处置过程记录")

    def _wait(self, event: LogEvent) -> None:
        assert self.case is not None
        if self.case.suspended:
            self._do("holder", "note", note="等待原因变更")
            return
        if self.case.stage in ("dispatched", "signed"):
            self._work()
        until = event.at + timedelta(days=365)
        self._do("holder", "request_suspension", reason="citizen", until=until, note="等待对方配合")
        self._do("duty", "approve_suspension")
        self.teller.waits += 1

    def _resolve(self) -> None:
        assert self.case is not None
        if self.case.suspended:
            self._do("duty", "resume")
        if self.case.stage in ("dispatched", "signed"):
            self._work()
        if self.case.stage == "handling":
            self._do("holder", "claim_done", result="solved", note="已处置完毕")
            self._do("clerk", "complete", opinion="经核实，问题已经解决。")

    def _close(self) -> None:
        assert self.case is not None
        if self.case.stage not in DONE:
            self._resolve()
        if self.case.stage == "completed":
            self._do("reviewer", "take_review")
        if self.case.stage == "reviewing":
            self._do("reviewer", "pass_review")
        if self.case.stage == "evaluating":
            self._do("reviewer", "archive", waiver="按日志归档，不待评价")

    def _do(self, who: str, action: str, **said: Any) -> None:
        teller = self.teller
        raw = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items() if value is not None}
        if who == "holder":
            assert self.case is not None
            actor = Actor(None, "handler", frozenset({"department"}), self.case.unit_id, "department")
        else:
            actor = teller.actors[who]
        with acting_as(actor):
            done = move(self.ticket_id, action, None, raw, Reading(origin=Origin.API), ground=teller.ground)
        self.case = done.case
        self.case.version = done.ticket.version
        teller.moves[action] += 1


def tickets(ids: list[int]) -> Iterator[Ticket]:
    """The rows of these tickets."""
    for start in range(0, len(ids), 400):
        yield from db.session.execute(select(Ticket).where(Ticket.id.in_(ids[start : start + 400])).order_by(Ticket.id)).scalars()
