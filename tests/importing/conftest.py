"""Bringing a file in as the screens and jobs do: received, checked, and written if asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.languages import words
from app.core.runs import Silent
from app.core.storage import Storage
from app.crud.importing.batches import Desk
from app.crud.importing.problems import Problem, read_problems
from app.crud.resource import resource_of
from app.crud.tables import ImportBatch
from tests.importing.files import Rows, csv_file, workbook


@dataclass
class Brought:
    """A batch as it stands in the database, with what was found wrong with it."""

    number: int
    storage: Storage

    @property
    def batch(self) -> ImportBatch:
        """The batch, read afresh."""
        db.session().expire_all()
        found = db.session().get(ImportBatch, self.number)
        assert found is not None
        return found

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """New, changed, unchanged, refused."""
        batch = self.batch
        return batch.created, batch.changed, batch.same, batch.refused

    @property
    def problems(self) -> list[Problem]:
        """Everything that was refused."""
        digest = self.batch.problems_digest
        return list(read_problems(self.storage.path(digest))) if digest else []

    def said(self, language: str = "en") -> dict[tuple[int, str], str]:
        """(row, column) → the sentence a reader of ``language`` gets."""
        writer = words(language)
        return {(p.row, p.column): writer.phrase(p.phrase) for p in self.problems}

    def marked(self, path: Path) -> Path:
        """The marked copy, as a file that programs will open."""
        return Path(shutil.copyfile(self.storage.path(self.batch.annotated_digest), path))


Bring = Callable[..., Brought]


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Flask:
    """The application of this test, whichever engine it asked for."""
    found: Flask = request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    return found


@pytest.fixture
def desk(house: Flask) -> Desk:
    """The import desk."""
    return Desk(house.config["STORAGE"])


@pytest.fixture
def bring(house: Flask, desk: Desk, tmp_path: Path) -> Bring:
    """``bring(table, rows or file, mode)``: mode ``all``, ``good``, or nothing for a dry run only."""

    def brought(table: str, what: Rows | Path, mode: str = "", kind: str = "xlsx", **options: Any) -> Brought:
        if isinstance(what, Path):
            file = what
        else:
            make = workbook if kind == "xlsx" else csv_file
            file = make(tmp_path / f"file.{kind}", what)
        storage: Storage = house.config["STORAGE"]
        with storage.scratch(file.suffix) as copy:
            shutil.copyfile(file, copy)
            number = desk.receive(resource_of(table), copy, file.name, options).id
        desk.check(number, Silent())
        if mode:
            desk.write(number, mode, Silent())
        return Brought(number, storage)

    return brought


@pytest.fixture
def session(house: Flask) -> Session:
    """The database session of the entered application."""
    return db.session()
