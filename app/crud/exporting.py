"""Exports: exactly the rows and columns that the list shows, in the reader's language, streamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.languages import Words
from app.core.runs import Progress
from app.crud.columns import Field, Link, Links, Localized
from app.crud.filters import sentence
from app.crud.listing import Asked, eager, linked_names, matching, ordered
from app.crud.masking import masked
from app.crud.resource import Resource
from app.crud.tabular import Column, csv_lines, write_workbook
from app.domain.refusals import N_

AT_ONCE = 5_000
"""Up to so many rows an export is answered directly; beyond, it becomes a run with a progress bar."""

_FETCH = 1_000


def columns_of(resource: Resource, names: Sequence[str], writer: Words) -> list[tuple[Field, Column]]:
    """The columns of a file: localized names as two, so that the file can be corrected and imported again."""
    found: list[tuple[Field, Column]] = []
    for name in names:
        column = resource.columns[name]
        parts = [resource.fields[f"{name}_{language}"] for language in ("zh", "en")] if isinstance(column, Localized) else [column]
        found += [(part, Column(part.caption(writer), _width(part))) for part in parts]
    return found


def _width(column: Field) -> int:
    return {"moment": 18, "day": 12, "number": 10, "flag": 8, "choice": 14}.get(column.kind, 24)


def rows_of(
    session: Session, resource: Resource, asked: Asked, columns: Sequence[Field], writer: Words, progress: Progress
) -> Iterator[list[Any]]:
    """The rows as asked, in their order, a thousand at a time."""
    statement, _ = ordered(resource, matching(resource, asked), asked)
    statement = statement.options(*eager(resource, [c.name for c in columns])).execution_options(yield_per=_FETCH)
    for number, row in enumerate(session.execute(statement).scalars(), start=1):
        yield [_value(row, column, writer) for column in columns]
        progress.advance(number)


def _value(row: Any, column: Field, writer: Words) -> Any:
    if isinstance(column, (Link, Links)):
        return column.cell(getattr(row, column.name), writer)
    value = column.value_of(row)
    if value is None or value == "":  # a dash is for screens; in a file it would come back as a value
        return None
    return masked(column.personal, str(value)) if column.personal else column.cell(value, writer)


def notes_of(session: Session, resource: Resource, asked: Asked, writer: Words) -> list[tuple[str, str]]:
    """Who took out what, when: the watermark of an export."""
    names = linked_names(session, resource, asked.conditions)
    said = ["：".join(sentence(resource, c, writer, names.get(c.column, {}))) for c in asked.conditions]
    said += [f"“{asked.text}”"] if asked.text else []
    return [
        (writer(N_("Content")), writer(resource.plural)),
        (writer(N_("Filter")), writer.listing(said)),
        (writer(N_("Exported by")), current_actor().name),
        (writer(N_("Exported at")), writer.moment(now(), seconds=True)),
    ]


def export_workbook(
    session: Session, resource: Resource, asked: Asked, names: Sequence[str], writer: Words, path: Path, progress: Progress
) -> int:
    """Write the workbook to ``path``; returns how many rows it holds."""
    columns = columns_of(resource, names, writer)
    notes = notes_of(session, resource, asked, writer)
    rows = rows_of(session, resource, asked, [f for f, _ in columns], writer, progress)
    return write_workbook(path, writer(resource.plural), [c for _, c in columns], rows, notes)


def export_csv(
    session: Session, resource: Resource, asked: Asked, names: Sequence[str], writer: Words, progress: Progress
) -> Iterator[bytes]:
    """The CSV file, piece by piece."""
    columns = columns_of(resource, names, writer)
    rows = rows_of(session, resource, asked, [f for f, _ in columns], writer, progress)
    return csv_lines([c for _, c in columns], rows)


def file_name(resource: Resource, writer: Words, suffix: str) -> str:
    """What the file is called: the table and the day, in the reader's language."""
    return f"{writer(resource.plural)}-{writer.local(now()):%Y%m%d-%H%M}.{suffix}".replace("/", "-")
