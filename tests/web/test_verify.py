"""Verifying a file: genuine, altered, superseded, unknown; visitors learn of what was published and of nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import stopped_at
from app.services.evaluation import compute, publish
from app.services.evaluation_cycle import publish_preliminary
from tests.conftest import outside
from tests.services.cycle import MARCH, Cycle

Enter = Callable[..., FlaskClient]


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return Cycle()


def _made(cycle: Cycle, sign_in: Enter) -> bytes:
    with stopped_at(cycle.office.at), outside():
        answer = sign_in("eva").get(f"/files/scorecard/{MARCH}.json")
    assert answer.status_code == 200
    return answer.data


def _asked(app: Flask, *, client: FlaskClient | None = None, file: bytes | None = None, **form: Any) -> str:
    sent: dict[str, Any] = {"lang": "en", **form}
    if file is not None:
        sent["file"] = (BytesIO(file), "x.json")
    with outside():
        return (client or app.test_client()).post("/verify/", data=sent).text


def test_a_visitor_learns_what_a_published_file_is(app: Flask, cycle: Cycle, sign_in: Enter) -> None:
    cycle.does("eva", publish, MARCH)
    file = _made(cycle, sign_in)
    said = _asked(app, file=file)
    assert "Genuine" in said
    assert "March 2026" in said
    assert "Genuine" in _asked(app, hash=hashlib.sha256(file).hexdigest().upper())
    changed = json.dumps(json.loads(file) | {"tickets": 99}).encode()
    assert "Altered" in _asked(app, file=changed)
    assert "Not known" in _asked(app, file=b"%PDF-1.4 of somebody else")
    assert "64 digits" in _asked(app, hash="nonsense")
    assert "Choose a file" in _asked(app)


def test_a_visitor_is_told_nothing_of_what_is_not_published(app: Flask, cycle: Cycle, sign_in: Enter) -> None:
    cycle.does("eva", compute, MARCH)
    provisional = _made(cycle, sign_in)
    cycle.does("eva", publish_preliminary, MARCH)
    preliminary = _made(cycle, sign_in)
    for file in (provisional, preliminary):
        assert "Not known" in _asked(app, file=file)
    with outside():
        clerk = sign_in("clerk")
    assert "Genuine" in _asked(app, client=clerk, file=preliminary), "whom the list ranks may ask about it"
