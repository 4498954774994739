"""Real ledgers through their shipped mappings: what arrives equals an independent count of the file, to the digit."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db
from app.crud.importing.batches import GOOD
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from tests.importing.conftest import Bring
from tests.real_data import real_file

SAMPLE = 1_000
Row = dict[str, str]


@dataclass(frozen=True)
class Ledger:
    """A published ledger: where it lies, and how its rows say what can be counted without any mapping."""

    file: str
    key: str
    unit: str
    town: str
    channel: str
    closed: Callable[[Row], bool]
    every: int = 1

    def rows(self) -> list[Row]:
        """A sample spread over the whole file."""
        with real_file(self.file).open(encoding="utf-8-sig", newline="") as handle:
            return [row for place, row in enumerate(csv.DictReader(handle)) if place % self.every == 0][:SAMPLE]


LEDGERS = {
    "pingshan": Ledger(
        "ledger_pingshan/pingshan_dev_lt_2018-11.csv",
        *("REC_ID", "DISPOSE_UNIT_ID", "STREET_ID", "EVENT_SRC_NAME"),
        lambda row: "1" in (row["INTIME_ARCHIVE_NUM"], row["OVERTIME_ARCHIVE_NUM"]),
        every=6,
    ),
    "nyc": Ledger(
        "ledger_nyc/nyc311_mixed_1000.csv",
        *("unique_key", "agency", "borough", "open_data_channel_type"),
        lambda row: bool(row["closed_date"]),
    ),
    "baltimore": Ledger(
        "geography_baltimore/baltimore_dev.csv",
        *("ServiceRequestNum", "Agency", "CouncilDistrict", "MethodReceived"),
        lambda row: bool(row["CloseDate"]),
        every=6,
    ),
}


def sample(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def counted(rows: list[Row], column: str) -> Counter[int]:
    """How often each distinct value occurs: sizes, without the names that a mapping may give them."""
    return Counter(Counter(row[column] for row in rows if row[column] not in ("", "-")).values())


def stored(column: Any, sources: list[str]) -> Counter[int]:
    statement = select(func.count()).where(Ticket.source_no.in_(sources), column.is_not(None)).group_by(column)
    return Counter(db.session.execute(statement).scalars())


@pytest.mark.parametrize("name", LEDGERS)
def test_a_real_ledger_arrives_complete_and_arrives_once(lite: Flask, bring: Bring, tmp_path: Path, name: str) -> None:
    ledger = LEDGERS[name]
    rows = ledger.rows()
    path = sample(tmp_path / f"{name}.csv", rows)
    brought = bring("Ticket", path, GOOD, mapping=name, create_missing=True)
    bad = {problem.row for problem in brought.problems}
    good = [row for line, row in enumerate(rows, start=2) if line not in bad]
    assert brought.counts == (len(good), 0, 0, len(bad))
    assert len(good) >= 0.95 * len(rows), brought.said()
    numbers = [row[ledger.key] for row in good]
    assert sorted(db.session.execute(select(Ticket.source_no)).scalars()) == sorted(numbers)
    assert stored(Ticket.unit_id, numbers) == counted(good, ledger.unit)
    assert stored(Ticket.street_town_id, numbers) == counted(good, ledger.town)
    assert stored(Ticket.channel_id, numbers) == counted(good, ledger.channel)
    done = select(func.count(Ticket.id)).where(Ticket.completed.is_(True) if name == "pingshan" else Ticket.completed_at.is_not(None))
    assert db.session.execute(done).scalar_one() == sum(ledger.closed(row) for row in good)
    again = bring("Ticket", path, GOOD, mapping=name, create_missing=True)
    assert again.counts == (0, 0, len(good), len(bad))


@pytest.mark.parametrize("name", LEDGERS)
def test_without_its_master_data_a_real_ledger_is_refused_row_by_row(lite: Flask, bring: Bring, tmp_path: Path, name: str) -> None:
    rows = LEDGERS[name].rows()[:60]
    brought = bring("Ticket", sample(tmp_path / f"{name}.csv", rows), mapping=name)
    assert brought.counts == (0, 0, 0, 60)
    assert "create missing master data" in " ".join(brought.said().values())
    for entity in (Department, StreetTown, Matter):
        assert db.session.execute(select(func.count(entity.id))).scalar_one() == 0, entity
