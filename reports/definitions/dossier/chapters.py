"""The chapters of a dossier: tables of text in one language, built from the case file and the records beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.crud.columns import Link
from app.crud.columns.links import label_of
from app.crud.masking import masked
from app.crud.resource import resource_of
from app.domain.casefile import CaseFile
from app.domain.refusals import N_
from app.domain.rulebook import Rulebook
from app.entities.attachment import Attachment
from app.entities.ticket import Ticket
from app.queries.clocks import STATES, clocks_told
from app.web.ticket_calls import calls_of, meetings_of
from app.web.ticket_records import Record, follow_ups_of, orders_of, ratings_of, requests_of, rounds_of
from app.web.ticket_timeline import Line, events_of, names_in, timeline
from reports.listing import COUNT, LONG, Content, Field, Part

FACTS = (
    "urgency", "nature", "matter", "address", "community", "street_town", "channel", "source", "source_no", "reporter_name",
    "reporter_phone", "stage", "unit", "result", "opinion", "rating", "reported_at", "due_at", "completed_at", "archived_at",
)  # fmt: skip
_NONE = N_("Nothing is on record.")
_FACTS = (Field(N_("What"), share=22, strong=True), Field(N_("Record"), LONG, 78))
_CLOCKS = (
    Field(N_("Clock"), share=14, strong=True), Field(N_("Unit"), share=16), Field(N_("State"), share=12),
    Field(N_("Due"), share=15), Field(N_("Explanation"), LONG, 43),
)  # fmt: skip
_ROUNDS = (
    Field(N_("Round"), COUNT, 6), Field(N_("Unit"), share=20, strong=True), Field(N_("Kind"), share=10), Field(N_("Dispatched"), share=14),
    Field(N_("Signed"), share=14), Field(N_("Due"), share=14), Field(N_("Done"), share=14), Field(N_("Return"), LONG, 16),
)  # fmt: skip
_CALLS = (
    Field(N_("Call no."), COUNT, 6), Field(N_("Called unit"), share=20, strong=True), Field(N_("Part"), share=8),
    Field(N_("Called"), share=14), Field(N_("Clocks"), LONG, 30), Field(N_("What was said"), LONG, 30),
)  # fmt: skip
_RECORDS = (
    Field(N_("What"), share=18, strong=True), Field(N_("State"), share=12), Field(N_("When"), share=15), Field(N_("Record"), LONG, 55),
)  # fmt: skip
_RATINGS = (
    Field(N_("Who rates"), share=18, strong=True), Field(N_("Units"), share=28), Field(N_("State"), share=12),
    Field(N_("Rating"), LONG, 42),
)  # fmt: skip
_LINES = (
    Field(N_("When"), share=17), Field(N_("Who"), share=20, strong=True), Field(N_("What happened"), LONG, 53), Field(N_("Late"), share=10),
)  # fmt: skip
_FILES = (
    Field(N_("File"), LONG, 40, strong=True),
    Field(N_("Shows"), share=14),
    Field(N_("Added"), share=18),
    Field(N_("Seal (SHA-256)"), LONG, 28),
)


def chapters(session: Session, ticket: Ticket, case: CaseFile, rules: Rulebook, writer: Words, at: datetime) -> tuple[Part, ...]:
    """All of them; what has nothing to tell is left away, facts and timeline never."""
    events = events_of(session, ticket.id)
    names = names_in(session, events, case, writer)
    records = [*requests_of(case, writer), *orders_of(case, names.units, writer), *follow_ups_of(case, writer)]
    ratings = [row for column in ratings_of(session, case, names.units, writer) for row in _ratings(column)]
    found = (
        Part(N_("The matter"), _FACTS, _facts(ticket, writer), _NONE),
        Part(N_("Clocks"), _CLOCKS, _clocks(session, case, rules, writer, at), _NONE),
        Part(N_("Rounds"), _ROUNDS, _rounds(case, names.units, writer), _NONE),
        Part(N_("Calls"), _CALLS, _calls(case, events, names.units, writer), _NONE),
        Part(N_("Consultations"), _RECORDS, _meetings(case, writer), _NONE),
        Part(N_("Requests, orders and follow-ups"), _RECORDS, [_record(one) for one in reversed(records)], _NONE),
        Part(N_("Ratings"), _RATINGS, ratings, _NONE),
        Part(N_("Timeline"), _LINES, [_line(line) for line in reversed(timeline(events, case, names, writer))], _NONE, long=True),
        Part(N_("Files"), _FILES, _files(session, ticket, writer), _NONE),
    )
    return tuple(part for part in found if part.rows or part.title in (N_("The matter"), N_("Timeline")))


def _facts(ticket: Ticket, writer: Words) -> list[list[Content]]:
    fields = resource_of("Ticket").fields
    rows: list[list[Content]] = [[writer(N_("Title")), ticket.title], [writer(N_("Description")), ticket.description]]
    for name in FACTS:
        column = fields[name]
        if isinstance(column, Link):
            row = getattr(ticket, name)
            text = label_of(row, writer) if row is not None else ""
        elif column.personal:
            text = masked(column.personal, str(column.value_of(ticket) or ""))
        else:
            text = column.text(column.value_of(ticket), writer)
        rows.append([writer(column.label), text])
    return [row for row in rows if row[1] not in ("", None, "—")]


def _clocks(session: Session, case: CaseFile, rules: Rulebook, writer: Words, at: datetime) -> list[list[Content]]:
    return [
        [
            writer.phrase(clock.label),
            writer.names(clock.unit),
            writer(STATES.get(clock.state, clock.state_name)),
            writer.moment(clock.due_at),
            writer.phrase(clock.sentence),
        ]
        for clock in clocks_told(session, case, rules, at)
    ]


def _rounds(case: CaseFile, units: Mapping[int, str], writer: Words) -> list[list[Content]]:
    rows = reversed(rounds_of(case, units, writer))
    return [
        [r.ordinal, r.unit, r.kind, r.dispatched, r.signed, r.due, r.done, " · ".join(filter(None, (r.returned, r.note)))] for r in rows
    ]


def _calls(case: CaseFile, events: Sequence[Any], units: Mapping[int, str], writer: Words) -> list[list[Content]]:
    colon = writer(N_(": "))
    rows: list[list[Content]] = []
    for call in reversed(calls_of(case, events, units, writer)):
        asked = [call.reason, call.note, call.withdrawn]
        for part in call.parts:
            clocks = "; ".join(f"{c.name}{colon}{c.said}" + (f" ({c.note})" if c.note else "") for c in part.clocks)
            said = "; ".join([*filter(None, asked), *(f"{label}{colon}{text}" for label, text in part.words)])
            rows.append([call.ordinal, part.name, part.role, call.issued, clocks, said])
    return rows


def _meetings(case: CaseFile, writer: Words) -> list[list[Content]]:
    return [
        [m.place or writer(N_("Consultation")), "", m.at, " · ".join(filter(None, (m.participants, m.opinion, m.tasks)))]
        for m in reversed(meetings_of(case, writer))
    ]


def _record(one: Record) -> list[Content]:
    return [one.title, one.chip, one.at, " · ".join(filter(None, (*one.lines, one.foot)))]


def _ratings(column: Any) -> list[list[Content]]:
    return [
        [column.title, row.pair, row.state, " · ".join(filter(None, (*(text for text, _ in row.words), row.comment, row.at)))]
        for row in column.rows
    ]


def _line(line: Line) -> list[Content]:
    who = " · ".join(dict.fromkeys(filter(None, (line.who, line.person))))
    quotes = [f"{label} {text}".strip() for label, text in line.quotes]
    return [line.full, who, " · ".join(filter(None, (line.sentence, *quotes))), line.late]


def _files(session: Session, ticket: Ticket, writer: Words) -> list[list[Content]]:
    rows = session.execute(select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)).scalars()
    purposes = resource_of("Attachment").fields["purpose"]
    return [[row.name, purposes.text(row.purpose, writer), writer.moment(row.added_at), row.digest[:16]] for row in rows]
