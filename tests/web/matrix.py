"""The matrix: every route × method × person × kind of row, made from the application's own map of routes.

It knows what to put into a route's arguments and whose rows carry which marker; it finds answers that fail, that show a
marker to somebody to whom it is foreign, that let a visitor in, and writes that nobody allowed.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from zlib import crc32

from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.crud.columns import Links, Origin, Reading
from app.crud.resource import Resource, resources
from app.web.roles import grants

PUBLIC = {"static", "appbuilder.static", "SignIn.login", "Health.get", "PublicMatters.look_up", "PublicRatings.thanks", "Verify.ask"} | {
    "PublicReports.report",
    *(f"Open311.{door}" for door in ("discovery", "discovery_here", "services", "requests")),
}
"""What a visitor may see at all; everything else sends to the sign-in page or refuses.

The look-up form and the thanks say nothing about any matter. ``PublicMatters.rate`` and ``PublicRatings.rate`` answer only to
whoever has a matter's code or a rating's link; visitors of the matrix have neither (``test_public``, ``test_public_ratings``).
Open311 tells of matters that are offered to citizens, without any person's words (``test_open311``).
"""

KINDS = ("own", "foreign", "missing", "malformed")
HUGE = "9" * 30

TEXTS = {
    "period": ("2026-03", "2026-02", "2031-01", "2026-13' OR 1=1 --"),
    "group": ("street_town", "department", "nobody", "\x00"),
    "unit": ("S-NORTH", "S-SOUTH", "S-NONE", "\x00"),
    "sign": ("ping_pong", "one_phone", "none", "%s"),
    "indicator": ("completion_rate", "on_time_rate", "none", "%s"),
    "language": ("en", "zh", "xx", "\x00"),
    "locale": ("en", "zh", "xx", "\x00"),
    "version": ("v1", "v2", "v9", "\x00"),
    "filename": ("css/frontline.css", "../../config.py", "none.css", "\x00"),
    "code": ("scorecard", "scorecard", "none", "\x00"),
    "fmt": ("json", "xlsx", "doc", "\x00"),
    "token": ("A" * 43, "B" * 43, "none", "\x00"),
    "action": ("note", "sign", "nothing", "\x00"),
    "which": ("original", "marked", "none", "../x"),
    "work": ("mail", "clock", "none", "\x00"),
    "check": ("matter", "matter", "none", "\x00"),
    "line": ("DONE", "DONE_OT", "NONE", "\x00"),
    "source": ("wechat", "sms", "none", "\x00"),
    "ordinal": ("1", "1", "77", HUGE),
}
"""Arguments that are texts, per kind of row; numbers of rows are asked of the house under test."""

NUMBERS = {
    "notice_id": "Notice",
    "run_id": "Run",
    "batch_id": "ImportBatch",
    "ticket_id": "Ticket",
    "attachment_id": "Attachment",
    "key_id": "ApiKey",
    "appeal_id": "Appeal",
    "proof_id": "Proof",
    "artefact_id": "Artefact",
    "delivery_id": "Delivery",
}

BOOKKEEPING = {
    "saved_filter": "user_id",
    "list_setting": "user_id",
    "run": "user_id",
    "import_batch": "user_id",
    "ab_user": "id",
    "notice": "user_id",
    "evaluation_file": "made_by_id",
    "ab_api_key": "user_id",
    "artefact_reading": "user_id",
    "delivery": "user_id",
}
"""Tables in which a person's own rows may change while he only looks, and the column that names him."""


WRITERS = {"EvaluationSteps": "Evaluation", "AppealsOfPeriod": "Appeal"}
"""Doors for programs that write a resource beside its generated ones."""


class Unknown(AssertionError):
    """An argument that nobody taught the matrix."""


@dataclass
class Person:
    """Somebody at the door: his role, the numbers of rows as he sees them, and the markers he must never see."""

    name: str
    role: str = ""
    user_id: int = 0
    foreign: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    browser: FlaskClient | None = None
    program: FlaskClient | None = None

    def may(self, verb: str, subject: str) -> bool:
        """Whether the roles table says so."""
        return self.role != "" and (verb, subject) in grants(self.role)

    def number(self, subject: str, kind: str) -> str:
        """The number of a row."""
        missing = {"malformed": HUGE}.get(kind, "987654")
        return str(self.rows.get(subject, {}).get(kind, missing))


@dataclass(frozen=True)
class Cell:
    """One request of the matrix; ``brief`` asks for refusals as JSON, which are made much faster than pages."""

    rule: Rule
    method: str
    person: Person
    kind: str
    brief: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} by {self.person.name} ({self.kind})"


def resource_of_rule(rule: Rule) -> Resource | None:
    """The resource behind a generated door."""
    view = rule.endpoint.partition(".")[0]
    return next((r for r in resources().values() if view in (f"{r.name}Screen", f"{r.name}Api") or WRITERS.get(view) == r.name), None)


def path_of(cell: Cell) -> str:
    """The rule with its arguments filled in; ``Unknown`` where the matrix was not taught what belongs there."""
    path = cell.rule.rule
    for name in cell.rule.arguments:
        path = re.sub(rf"<(?:[^:<>]+:)?{name}>", quote(_argument(cell, name)).replace("\\", "%5C"), path)
    return path


def _argument(cell: Cell, name: str) -> str:
    resource = resource_of_rule(cell.rule)
    if name == "pk" and resource is not None:
        filters = cell.rule.endpoint.endswith(".drop_filter")
        return cell.person.number("SavedFilter" if filters else resource.name, cell.kind)
    if name == "no":
        return str(cell.person.rows.get("TicketNumber", {}).get(cell.kind, {"malformed": "\x00"}.get(cell.kind, "GL20310101-0001")))
    if name in NUMBERS:
        return cell.person.number(NUMBERS[name], cell.kind)
    if name in TEXTS:
        return TEXTS[name][KINDS.index(cell.kind)]
    raise Unknown(f"the matrix does not know the argument “{name}” of {cell.rule.endpoint}")


def cells(rules: list[Rule], people: list[Person], scoped: set[str]) -> Iterator[Cell]:
    """Every route and method; for every person and every kind of row wherever rows may be foreign to somebody.

    The doors of the other generated tables are the same code table after table, so there people take turns; whoever is
    refused by role is refused before any row is looked up, so one kind of row is enough for him. Every eleventh refusal
    is asked for as a page, the others in brief.
    """
    turn = row = 0
    for rule in rules:
        resource = resource_of_rule(rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            row += 1
            for place, person in enumerate(people):
                alike = resource is not None and resource.name not in scoped
                if alike and person.role and (place + row) % 2:
                    continue
                comes_in = resource is None or person.may("read", resource.name)
                turn += 1
                if not rule.arguments:
                    kinds: tuple[str, ...] = ("own",)
                elif comes_in and (person.foreign if resource is None else resource.name in scoped):
                    kinds = KINDS
                else:
                    kinds = (KINDS[turn % 4],)
                for kind in kinds:
                    turn += 1
                    yield Cell(rule, method, person, kind, turn % 11 > 0 and not (comes_in and kind == "own"))


def sampled(every: Iterable[Cell], share: int) -> Iterator[Cell]:
    """One cell in ``share``, always the same ones; of every door and of everybody at least the first."""
    seen: set[tuple[str, str]] = set()
    for cell in every:
        firsts = {(cell.rule.rule, cell.method), (cell.person.name, "")}
        if firsts - seen or crc32(str(cell).encode()) % share == 0:
            seen |= firsts
            yield cell


def body_of(cell: Cell, row: Any) -> dict[str, Any]:
    """A body that would be accepted from somebody who may write: the row's own values with one of them changed."""
    if cell.rule.endpoint == "Desk.batch":
        return {"one": f"sign:{cell.person.number('Ticket', 'foreign')}:1"}
    resource = resource_of_rule(cell.rule)
    if resource is None or row is None:
        return {}
    reading = Reading(origin=Origin.FORM)
    found: dict[str, Any] = {"version": row.version}
    for name, column in resource.written.items():
        if isinstance(column, Links):
            found[name] = [item.id for item in getattr(row, name)]
        else:
            value = column.value_of(row)
            found[name] = column.typed(value, reading) if value is not None else ""
    changeable = (n for n, c in resource.written.items() if c.kind == "text" and not (c.rules or c.fixed or c.unique))
    for name in changeable:
        found[name] = f"{found[name]} touched"
    return found


@dataclass
class Ledger:
    """All rows of the database, to see which of them a request has changed."""

    path: str
    version: int = 0
    rows: dict[str, dict[Any, tuple[Any, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = sqlite3.connect(self.path, timeout=30)
        self.changed()

    def changed(self) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
        """What was committed since the last look: (table, the row before, the row after)."""
        version = self.connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self.version:
            return []
        self.version = version
        found = []
        for (table,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            cursor = self.connection.execute(f'SELECT rowid AS "_row", * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            present = {row[0]: row for row in cursor}
            before = self.rows.get(table, {})
            for key in before.keys() | present.keys():
                if before.get(key) != present.get(key):
                    pair = (dict(zip(names, before.get(key, ()), strict=False)), dict(zip(names, present.get(key, ()), strict=False)))
                    found.append((table, *pair))
            self.rows[table] = present
        return found


def forbidden(person: Person, changes: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> list[str]:
    """Changes that somebody who only looks, and writes where he may not, must not have made."""
    found = []
    for table, before, after in changes:
        owner = BOOKKEEPING.get(table)
        mine = owner is not None and all(row.get(owner) == person.user_id for row in (before, after) if row)
        mine = mine or (table in ("run", "import_batch") and person.may("import", "Department"))
        appended = table == "change_log" and not before
        if not mine and not appended:
            found.append(f"{table}: {before} became {after}")
    return found
