"""Importing foreign ledgers of tickets: mapped, checked row by row, joined to master data, and never registered twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.channels.binding import Binding, Cells
from app.channels.mapping import LedgerMapping, mapping_of
from app.core.runs import Progress
from app.crud.importing.headers import Matched, header_cells
from app.crud.importing.importers import Source, offer, refuse_no_rows, remarks
from app.crud.importing.planning import CHUNK, Tally
from app.crud.importing.problems import Problem, problem_of
from app.crud.importing.sheets import Line
from app.crud.importing.undoing import offer_undo
from app.crud.resource import Resource
from app.crud.tables import ImportBatch
from app.domain.history import RoundHistory, TicketHistory
from app.domain.refusals import N_, Phrase, Refused
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationTicket
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services import ledger
from app.services.joining import Joiner, make_source, source_of
from app.services.ledger import Entry, fingerprint_of
from app.services.ledger_row import RowReader
from app.services.naming import Register

OWN = "own"
LONGEST_NUMBER = 40


@dataclass(slots=True)
class Planned:
    """A ticket to be written: its history with links still as planned, and the stored ticket it replaces, if any."""

    line: int
    number: str
    history: TicketHistory
    fingerprint: str
    ticket_id: int | None = None
    version: int = 0

    def mark(self) -> str:
        """What it would do, in a form that two plans can be compared by."""
        h = self.history
        links = (h.street_town_id, h.community_id, h.matter_id, h.channel_id, *(turn.unit_id for turn in h.rounds))
        return f"{self.line} {self.ticket_id} {self.version} {self.fingerprint} {links}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Plans wait on disk by the hundred thousand: bare values are written and read in half the time."""
        h = self.history
        return _restored, (self.line, self.number, _TOLD(h), tuple(map(_TURN, h.rounds)), self.fingerprint, self.ticket_id, self.version)


@dataclass(frozen=True, slots=True)
class Stored:
    """A ticket that is here already; ``moved`` says that somebody has worked on it since it came."""

    ticket_id: int
    version: int
    fingerprint: str
    moved: bool


_NAMES = tuple(part.name for part in fields(TicketHistory) if part.name != "rounds")
_TOLD = attrgetter(*_NAMES)
_TURN = attrgetter(*(part.name for part in fields(RoundHistory)))


def _restored(line: int, number: str, told: tuple[Any, ...], turns: tuple[tuple[Any, ...], ...], *rest: Any) -> Planned:
    rounds = tuple(RoundHistory(*turn) for turn in turns)
    return Planned(line, number, TicketHistory(**dict(zip(_NAMES, told, strict=True)), rounds=rounds), *rest)


class LedgerImporter:
    """Reads a ledger by its mapping. Two passes: names first, so that renamed units are one; then the tickets."""

    def __init__(self, session: Session, resource: Resource, batch: ImportBatch) -> None:
        self.session, self.resource = session, resource
        self.mapping: LedgerMapping = mapping_of(batch.mapping or OWN)
        self.create_missing = bool(batch.options.get("create_missing"))
        self.tally = Tally()
        self.matched = Matched((), ())
        self.notes: list[Phrase] = []
        self.register: Register | None = None
        self.seen: dict[str, int] = {}

    def plan(self, source: Source, progress: Progress) -> Iterator[Planned]:
        """Every row checked; those that say something new are handed out."""
        binding, lines = self._bind(source)
        self.register = Register(self.session, binding, create_missing=self.create_missing)
        progress.begin(Phrase(N_("Reading names")))
        number = 0
        for number, line in enumerate(lines, start=1):
            self.register.see(line.cells, self._day(binding, line.cells))
            progress.advance(number)
        self.register.settle()
        if self.register.nameless:
            codes = sorted(set(self.register.nameless))
            self.notes.append(Phrase(N_("Codes that the file never names were left out: %(codes)s."), codes=codes))
        progress.begin(Phrase(N_("Checking rows")), number)
        yield from self._tickets(binding, self.register, source, progress)
        refuse_no_rows(self.tally)

    def _bind(self, source: Source) -> tuple[Binding, Iterator[Line]]:
        """The mapping laid over the file's captions, and the lines beneath them."""
        lines = source()
        first = next(lines, None)
        headers = header_cells(first)
        binding = Binding(self.mapping, headers)
        self.matched = Matched(headers, binding.names, first.number if first else 1)
        self.notes = remarks(self.matched) if self.mapping.code == OWN else []
        return binding, lines

    def _tickets(self, binding: Binding, register: Register, source: Source, progress: Progress) -> Iterator[Planned]:
        source_id = source_of(self.session, self.mapping)
        reader = RowReader(binding, register)
        _, lines = self._bind(source)
        while chunk := list(islice(lines, CHUNK)):
            read = [(line, self._read(reader, line)) for line in chunk]
            stored = self._stored(source_id, [history.source_no for _, history in read if history is not None])
            for line, history in read:
                self.tally.rows += 1
                planned = self._planned(reader, line, history, stored) if history is not None else None
                if planned is not None:
                    yield planned
            progress.advance(self.tally.rows)

    def _day(self, binding: Binding, cells: Cells) -> date | None:
        try:
            moment = binding.moment("reported_at", cells) or binding.moment("completed_at", cells)
        except Refused:
            return None
        return moment.astimezone(self.mapping.zone).date() if moment else None

    def _stored(self, source_id: int | None, numbers: list[str]) -> dict[str, Stored]:
        """Tickets of the source that are here already; a move after the import makes a ticket ours."""
        if source_id is None or not numbers:
            return {}
        table: Any = Ticket.__table__
        event: Any = TicketEvent.__table__
        moved = exists().where(event.c.ticket_id == table.c.id, event.c.version > 0)
        columns = (table.c.source_no, table.c.id, table.c.version, table.c.fingerprint, moved)
        found = self.session.execute(select(*columns).where(table.c.source_id == source_id, table.c.source_no.in_(numbers)))
        return {row[0]: Stored(*row[1:]) for row in found}

    # --- one row -----------------------------------------------------------------------------------------

    def _read(self, reader: RowReader, line: Line) -> TicketHistory | None:
        """A row as a history, or its problems in the tally: all of them, not only the first."""
        history = reader.history(line.cells)
        if history is not None:
            first = self.seen.setdefault(history.source_no, line.number)
            if first != line.number:
                reader.refuse("source_no", Refused("doubled", N_("the same ticket stands in row %(row)d already"), row=first))
        if reader.refusals:
            self.tally.problems.add([self._problem(reader.binding, line, name, refused) for name, refused in reader.refusals])
            return None
        return history

    def _problem(self, binding: Binding, line: Line, name: str, refused: Refused) -> Problem:
        column = binding.column_of(name)
        place = self.matched.headers.index(column) if column in self.matched.headers else len(line.cells)
        return problem_of(refused, line.sheet, line.number, column, line.cells[place] if place < len(line.cells) else None)

    def _planned(self, reader: RowReader, line: Line, history: TicketHistory, stored: dict[str, Stored]) -> Planned | None:
        mark = fingerprint_of(reader.binding.said(line.cells))
        present = stored.get(history.source_no)
        number = self._number(history.source_no)
        if present is None:
            self.tally.created += 1
            return Planned(line.number, number, history, mark)
        if present.fingerprint == mark:
            self.tally.same += 1
            return None
        if not present.fingerprint or present.moved:
            refused = Refused("registered-here", N_("this ticket was registered or handled here; a file does not replace it"))
            self.tally.problems.add([self._problem(reader.binding, line, "source_no", refused)])
            return None
        self.tally.changed += 1
        return Planned(line.number, number, history, mark, present.ticket_id, present.version)

    def _number(self, source_no: str) -> str:
        """The ticket's number here; where the source's is too long, its end gives way to a digest."""
        number = f"{self.mapping.source}-{source_no}"
        if len(number) <= LONGEST_NUMBER:
            return number
        return f"{number[: LONGEST_NUMBER - 9]}~{hashlib.sha256(number.encode()).hexdigest()[:8]}"

    # --- writing -----------------------------------------------------------------------------------------

    def write(self, session: Session, operations: Iterator[Any], progress: Progress) -> None:
        """Master data first, then the tickets, all in the caller's transaction."""
        assert self.register is not None
        source_id = make_source(session, self.mapping)
        joiner = Joiner(session, self.register)
        if self.create_missing:
            joiner.write()
        done = 0
        while chunk := list(islice(operations, ledger.CHUNK)):
            ledger.record(session, [_entry(planned, source_id, joiner) for planned in chunk if planned.ticket_id is None])
            for planned in chunk:
                if planned.ticket_id is not None:
                    ledger.replace(session, planned.ticket_id, planned.version, _entry(planned, source_id, joiner))
            done += len(chunk)
            progress.advance(done)


def _entry(planned: Planned, source_id: int, joiner: Joiner) -> Entry:
    known, h = joiner.id_of, planned.history
    if not joiner.real:
        return Entry(planned.number, source_id, h, planned.fingerprint)
    real = replace(
        h,
        rounds=tuple(replace(turn, unit_id=known(turn.unit_id) or 0) for turn in h.rounds),
        channel_id=known(h.channel_id),
        matter_id=known(h.matter_id),
        street_town_id=known(h.street_town_id),
        community_id=known(h.community_id),
    )
    return Entry(planned.number, source_id, real, planned.fingerprint)


def _undo_change(session: Session, change: Any) -> None:
    """A ticket that an import replaced goes back to what it was, rounds and calls included."""
    saved = (change.changes or {}).get("history", [None])[0]
    if saved:
        ledger.put_back(session, saved)


def _refuse_published(session: Session, ids: list[int]) -> None:
    """Tickets that a published evaluation counted cannot disappear, nor become what they were before."""
    statement = (
        select(Evaluation.period)
        .join(EvaluationTicket, EvaluationTicket.evaluation_id == Evaluation.id)
        .where(Evaluation.state.in_(("published", "superseded")), EvaluationTicket.ticket_id.in_(ids))
        .limit(1)
    )
    period = session.execute(statement).scalar_one_or_none() if ids else None
    if period is not None:
        raise Refused(
            "built-upon",
            N_("The published evaluation of %(period)s counts tickets of this import. Nothing was undone."),
            period=period,
            status=409,
        )


offer("ledger", LedgerImporter)
offer_undo("Ticket", put_back=_undo_change, guard=_refuse_published)
