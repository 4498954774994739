"""One made-up month, printed once in every form, for all tests that only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.scorecard import Scorecard
from reports.printing import render
from tests.reports import specimens


@pytest.fixture(scope="session")
def card() -> Scorecard:
    """Ten street-towns, forty departments, 3,000 tickets, hostile names, six months."""
    return specimens.scorecard()


@pytest.fixture(scope="session")
def printed(card: Scorecard, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Paths of the specimen's files by "format:language"."""
    folder = tmp_path_factory.mktemp("printed")
    made = {}
    for kind in ("pdf:en", "pdf:zh", "xlsx:en", "xlsx:zh", "xlsx:zh+en", "json:en"):
        fmt, languages = kind.split(":")
        made[kind] = render(card, "scorecard", fmt, languages.split("+"), folder / f"card.{languages}.{fmt}")
    return made
