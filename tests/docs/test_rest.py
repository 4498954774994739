"""The page about REST is true in both languages: its calls are made as they stand, one after the other."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.services.api_keys import make_key
from tests.conftest import outside
from tests.house.source import ROOT
from tests.people import PASSWORD
from tests.services.casework import Office, create_office

EXPECTED = [200, 200, 201, 200, 200, 409, 200, 200, 200]
"""What each call of the page is answered, in order: the second dispatch comes too late."""


def calls(language: str) -> list[list[str]]:
    """The page's curl calls, word by word."""
    page = (ROOT / "docs" / language / "rest.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```bash\n(.*?)```", page, flags=re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line.strip()]


def send(client: FlaskClient, call: list[str], key: str) -> Any:
    """Make one call as curl would."""
    assert call[0] == "curl"
    words = iter(call[1:])
    method, headers, body, address = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value.replace("$KEY", key)
        elif word == "-d":
            body = next(words)
        else:
            address = word.removeprefix("$BASE")
    return client.open(address, method=method, headers=headers, data=body)


@pytest.fixture
def office(lite: Flask) -> Office:
    """The units and people of the page."""
    return create_office()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_calls_of_the_page_are_answered_as_it_says(lite: Flask, office: Office, language: str) -> None:
    _, secret = make_key(office.people["duty"].id, "docs", 30, PASSWORD, failures=5, minutes=15)
    client = lite.test_client()
    with office.now(), outside():
        answers = [send(client, call, secret) for call in calls(language)]
    found = [answer.status_code for answer in answers]
    assert found == EXPECTED, [answer.text[:200] for answer in answers]
    assert answers[2].headers["Location"] == "/api/v1/tickets/GL20260302-0001"
    assert answers[5].json["ticket"]["stage"]["code"] == "dispatched"


def test_both_languages_show_the_same_calls() -> None:
    assert calls("en") == calls("zh")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_page_says_of_refusals_has_their_shape(language: str) -> None:
    page = (ROOT / "docs" / language / "rest.md").read_text(encoding="utf-8")
    shown = json.loads(re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)[0])
    assert set(shown) == {"message", "errors"} and set(shown["errors"][0]) == {"field", "code", "message"}
