"""Examples to learn from or to judge by: chosen columns of a workbook or a CSV file, with every row's number kept."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from app.crud.importing.guard import MOST_BYTES, guard
from app.crud.importing.sheets import Line, Table
from app.domain.refusals import N_, Refused

MOST_TEXT = 4_000
"""Characters of a message that are read; what matters is said before."""

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a file mean what; empty for what it does not tell. ``fields`` are short values, as a channel or a community."""

    text: str
    label: str = ""
    group: str = ""
    time: str = ""
    fields: tuple[str, ...] = ()

    def asked(self) -> dict[str, str]:
        """Every named column and the option that names it."""
        asked = {self.text: "--text-column", self.label: "--label-column", self.group: "--group-column", self.time: "--time-column"}
        return {name: option for name, option in {**dict.fromkeys(self.fields, "--field-column"), **asked}.items() if name}


@dataclass(frozen=True, slots=True)
class Samples:
    """Rows in the order of their file. ``labels``, ``groups`` and ``times`` hold empty text where nothing is told; times sort as text."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    fields: list[tuple[str, ...]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, places: Sequence[int]) -> Samples:
        """Some of them, in the order asked for."""
        return Samples(*([of[place] for place in places] for of in self.columns()))

    def columns(self) -> tuple[list[Any], ...]:
        """Everything told, column by column."""
        return (self.rows, self.texts, self.fields, self.labels, self.groups, self.times)


def read_samples(path: Path, columns: Columns) -> Samples:
    """The rows of ``path`` (.xlsx, .csv, .csv.gz); a missing file or column is refused with the names there are."""
    if not path.is_file():
        raise Refused("no-file", N_("There is no file “%(name)s”."), name=str(path))
    with _unpacked(path) as (plain, name):
        lines = Table(plain, guard(plain, name)).lines()
        head = next(lines, None)
        if head is None:
            raise Refused("empty-file", N_("The file is empty."))
        places = _places(head, columns)
        samples = Samples()
        for line in lines:
            _add(samples, line, columns, places)
    return samples


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[Path, str]]:
    """The file itself, or what a .gz holds, never more than an upload may be."""
    if path.suffix.lower() != ".gz":
        yield path, path.name
        return
    with tempfile.NamedTemporaryFile(suffix=".csv") as plain:
        try:
            with gzip.open(path, "rb") as packed:
                _copy(packed, plain)
        except (OSError, EOFError) as error:
            raise Refused("damaged", N_("The file is damaged and cannot be unpacked.")) from error
        yield Path(plain.name), path.stem


def _copy(packed: Any, plain: BinaryIO | Any) -> None:
    left = MOST_BYTES + 1
    while left > 0 and (chunk := packed.read(min(_CHUNK, left))):
        plain.write(chunk)
        left -= len(chunk)
    if left <= 0:
        raise Refused("too-large", N_("The file is larger than %(most)d MB. Split it."), most=MOST_BYTES // 2**20)
    plain.flush()


def _places(head: Line, columns: Columns) -> dict[str, int]:
    names = {_said(cell): place for place, cell in reversed(list(enumerate(head.cells))) if _said(cell)}
    for name, option in columns.asked().items():
        if name not in names:
            known = "、".join(sorted(names, key=lambda one: names[one]))
            raise Refused(
                "no-column",
                N_("%(option)s: the file has no column “%(name)s”. It has: %(known)s"),
                field=option,
                option=option,
                name=name,
                known=known,
            )
    return names


def _add(samples: Samples, line: Line, columns: Columns, places: dict[str, int]) -> None:
    def told(name: str) -> str:
        place = places[name] if name else len(line.cells)
        return _said(line.cells[place]) if place < len(line.cells) else ""

    samples.rows.append(line.number)
    samples.texts.append(told(columns.text)[:MOST_TEXT])
    samples.fields.append(tuple(told(name) for name in columns.fields))
    samples.labels.append(told(columns.label))
    samples.groups.append(told(columns.group))
    samples.times.append(told(columns.time))


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat() if isinstance(cell, date) else str(cell).strip()
