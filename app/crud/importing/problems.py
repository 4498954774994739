"""What is wrong with a file: place, value and reason, kept beside the batch and told in the reader's language."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.phrases import from_json, to_json
from app.domain.refusals import N_, Phrase, Refused

KEPT = 20_000
"""More problems than this are counted, not listed: nobody reads them one by one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands, what stands there, and why it cannot be taken."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    phrase: Phrase

    def as_json(self) -> dict[str, Any]:
        """As one line of the problems file."""
        return {
            "s": self.sheet,
            "r": self.row,
            "c": self.column,
            "v": self.value,
            "k": self.code,
            "p": to_json(self.phrase),
        }


def problem_of(refused: Refused, sheet: str, row: int, column: str, value: Any) -> Problem:
    """A refusal at its place."""
    return Problem(sheet, row, column, "" if value is None else str(value)[:200], refused.code, refused.phrase)


@dataclass(slots=True)
class Problems:
    """Collects problems while a file is read."""

    found: list[Problem] = field(default_factory=list)
    count: int = 0
    rows: int = 0
    by_code: Counter[str] = field(default_factory=Counter)

    def add(self, row_problems: Iterable[Problem]) -> None:
        """The problems of one row."""
        self.rows += 1
        for problem in row_problems:
            self.count += 1
            self.by_code[problem.code] += 1
            if len(self.found) < KEPT:
                self.found.append(problem)

    def write(self, path: Path) -> None:
        """Keep them, one JSON line each."""
        with gzip.GzipFile(path, "wb", mtime=0) as packed:
            for problem in sorted(self.found, key=lambda found: found.row):
                packed.write(json.dumps(problem.as_json(), ensure_ascii=False).encode() + b"\n")


def read_problems(path: Path) -> Iterator[Problem]:
    """The problems that ``write`` kept."""
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            data = json.loads(line)
            yield Problem(data["s"], data["r"], data["c"], data["v"], data["k"], from_json(data["p"]) or Phrase(""))


REASONS = {
    "required": N_("Missing values"),
    "no-such-record": N_("Names that match no record"),
    "ambiguous": N_("Names that match several records"),
    "not-a-day": N_("Dates that do not exist"),
    "not-a-moment": N_("Dates that do not exist"),
    "not-a-number": N_("Values that are not numbers"),
    "out-of-range": N_("Numbers out of range"),
    "not-an-option": N_("Values that are not in the dictionary"),
    "not-yes-no": N_("Values that are neither yes nor no"),
    "too-long": N_("Texts that are too long"),
    "rule": N_("Values in the wrong form"),
    "doubled": N_("Rows that stand twice"),
    "taken": N_("Values that are already used"),
    "out-of-order": N_("Times in an impossible order"),
    "impossible-order": N_("Times in an impossible order"),
    "fixed": N_("Values that cannot be changed"),
    "cell-error": N_("Cells that show an error"),
    "orphaned": N_("Rows that belong to a refused row"),
    "circle": N_("Records above themselves"),
    "future": N_("Times in the future"),
    "contradiction": N_("Statements that contradict each other"),
    "foreign-territory": N_("Places outside their street-town"),
}
OTHER = N_("Other reasons")
