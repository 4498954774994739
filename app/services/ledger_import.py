"""Importing foreign ledgers of tickets: mapped, checked row by row, joined to master data, and never registered twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.channels.mapping import LedgerMapping, mapping_of
from app.core.runs import Progress
from app.crud.importing.batches import offer
from app.crud.importing.headers import Matched
from app.crud.importing.planning import CHUNK, Tally
from app.crud.importing.problems import Problem, problem_of
from app.crud.importing.sheets import Line
from app.crud.importing.undoing import offer_undo
from app.crud.resource import Resource
from app.crud.tables import Change, ImportBatch
from app.domain.history import TicketHistory
from app.domain.refusals import N_, Phrase, Refused
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationTicket
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.services import ledger
from app.services.ledger import Entry, fingerprint_of
from app.services.ledger_row import RowReader
from app.services.naming import Register, source_of


@dataclass(slots=True)
class Planned:
    """A ticket to be written: its history with links still as planned, and the stored ticket it replaces, if any."""

    line: int
    number: str
    history: TicketHistory
    fingerprint: str
    ticket_id: int | None = None
    version: int = 0
    label: str = ""


class LedgerImporter:
    """Reads a ledger by its mapping. Two passes: names first, so that renamed units are one; then the tickets."""

    def __init__(self, session: Session, resource: Resource, batch: ImportBatch) -> None:
        self.session, self.resource, self.batch = session, resource, batch
        self.mapping: LedgerMapping = mapping_of(batch.mapping or "own")
        self.create_missing = bool(batch.options.get("create_missing"))
        self.tally = Tally()
        self.register = Register(session, self.mapping, create_missing=self.create_missing)
        self.seen: dict[str, int] = {}
        self.numbers: dict[str, int] = {}

    def header_of_line(self, source: Callable[[], Iterator[Line]]) -> Matched:
        """The first line; the mapping says what each column is for."""
        first = next(source(), None)
        if first is None:
            raise Refused("empty-file", N_("The file is empty."))
        headers = tuple(" ".join(str(cell or "").replace("*", " ").split()) for cell in first.cells)
        self.mapping.check_headers(headers)
        known = self.mapping.columns()
        return Matched(headers, tuple(header if header in known else "" for header in headers))

    def plan(self, source: Callable[[], Iterator[Line]], progress: Progress) -> Iterator[Planned]:
        """Every row checked; those that say something new are handed out."""
        headers = self.header_of_line(source).headers
        source_id = source_of(self.session, self.mapping, create_missing=self.create_missing)
        progress.begin(Phrase(N_("Reading names")))
        for number, (_, row) in enumerate(self._rows(source, headers), start=1):
            self.register.see(row, self._day(row))
            progress.advance(number)
        self.register.settle()
        progress.begin(Phrase(N_("Checking rows")), number)
        rows = self._rows(source, headers)
        while chunk := list(islice(rows, CHUNK)):
            read = [(line, row, self._read(line, row, headers)) for line, row in chunk]
            stored = self._stored(source_id, [h.source_no for _, _, h in read if h is not None])
            for line, row, history in read:
                self.tally.rows += 1
                planned = self._planned(line, row, history, stored) if history is not None else None
                if planned is not None:
                    yield planned
            progress.advance(self.tally.rows)

    def _rows(self, source: Callable[[], Iterator[Line]], headers: tuple[str, ...]) -> Iterator[tuple[Line, dict[str, Any]]]:
        lines = source()
        next(lines)
        for line in lines:
            yield line, self.mapping.row(headers, line.cells)

    def _day(self, row: dict[str, Any]) -> date | None:
        try:
            moment = self.mapping.moment("reported_at", row) or self.mapping.moment("completed_at", row)
        except Refused:
            return None
        return moment.astimezone(self.mapping.zone).date() if moment else None

    def _stored(self, source_id: int | None, numbers: list[str]) -> dict[str, tuple[int, int, str]]:
        if source_id is None or not numbers:
            return {}
        table: Any = Ticket.__table__
        columns = (table.c.source_no, table.c.id, table.c.version, table.c.fingerprint)
        found = self.session.execute(select(*columns).where(table.c.source_id == source_id, table.c.source_no.in_(numbers)))
        return {row[0]: (row[1], row[2], row[3]) for row in found}

    # --- one row -----------------------------------------------------------------------------------------

    def _read(self, line: Line, row: dict[str, Any], headers: tuple[str, ...]) -> TicketHistory | None:
        """A row as a history, or its problems in the tally: all of them, not only the first."""
        reader = RowReader(self.mapping, self.register, row)
        history = reader.history()
        if history is not None:
            first = self.seen.setdefault(history.source_no, line.number)
            if first != line.number:
                reader.refuse("source_no", Refused("doubled", N_("the same ticket stands in row %(row)d already"), row=first))
        if reader.refusals:
            self.tally.problems.add([self._problem(line, row, name, refused) for name, refused in reader.refusals])
            return None
        return history

    def _problem(self, line: Line, row: dict[str, Any], name: str, refused: Refused) -> Problem:
        column = self.mapping.column_of(name)
        return problem_of(refused, line.sheet, line.number, column, row.get(column))

    def _planned(self, line: Line, row: dict[str, Any], history: TicketHistory, stored: dict[str, tuple[int, int, str]]) -> Planned | None:
        mark = fingerprint_of(row.get(column) for column in sorted(self.mapping.columns()))
        present = stored.get(history.source_no)
        number = f"{self.mapping.source}-{history.source_no}"[:40]
        if present is None:
            self.tally.created += 1
            return Planned(line.number, number, history, mark, label=number)
        if present[2] == mark:
            self.tally.same += 1
            return None
        self.tally.changed += 1
        return Planned(line.number, number, history, mark, present[0], present[1], number)

    # --- writing -----------------------------------------------------------------------------------------

    def write(self, session: Session, operations: Iterator[Any], progress: Progress) -> None:
        """Master data first, then the tickets, all in the caller's transaction."""
        source_id = source_of(session, self.mapping, create_missing=self.create_missing)
        if source_id is None:
            made = SourceSystem(code=self.mapping.source, name_zh=self.mapping.source_names.zh, name_en=self.mapping.source_names.en)
            session.add(made)
            session.flush()
            source_id = made.id
        if self.create_missing:
            self.register.session = session
            self.register.create()
        done = 0
        while chunk := list(islice(operations, ledger.CHUNK)):
            ledger.record(session, [self._entry(p, source_id) for p in chunk if p.ticket_id is None])
            for planned in chunk:
                if planned.ticket_id is not None:
                    ledger.replace(session, planned.ticket_id, planned.version, self._entry(planned, source_id))
            done += len(chunk)
            progress.advance(done)

    def _entry(self, planned: Planned, source_id: int) -> Entry:
        known = self.register.id_of
        h = planned.history
        rounds = tuple(replace(turn, unit_id=known(turn.unit_id) or 0) for turn in h.rounds)
        real = replace(
            h,
            rounds=rounds,
            channel_id=known(h.channel_id),
            matter_id=known(h.matter_id),
            street_town_id=known(h.street_town_id),
            community_id=known(h.community_id),
        )
        return Entry(planned.number, source_id, real, planned.fingerprint)


def _undo_change(session: Session, change: Change) -> None:
    """A ticket that an import replaced goes back to what it was, rounds and calls included."""
    saved = (change.changes or {}).get("history", [None])[0]
    if saved:
        ledger.put_back(session, saved)


def _refuse_published(session: Session, ids: list[int]) -> None:
    """Tickets that a published evaluation counted cannot disappear."""
    statement = (
        select(Evaluation.period)
        .join(EvaluationTicket, EvaluationTicket.evaluation_id == Evaluation.id)
        .where(Evaluation.state == "published", EvaluationTicket.ticket_id.in_(ids))
        .limit(1)
    )
    period = session.execute(statement).scalar_one_or_none()
    if period is not None:
        raise Refused(
            "built-upon",
            N_("The published evaluation of %(period)s counts tickets of this import. Nothing was undone."),
            period=period,
            status=409,
        )


offer("ledger", LedgerImporter)
offer_undo("Ticket", put_back=_undo_change, before_removal=_refuse_published)
