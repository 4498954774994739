"""An office whose people send programs: everything is said and read over REST, at a time that goes on only when told to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import outside
from tests.services.casework import Office, create_office
from tests.web.doors import program

TICKETS = "/api/v1/tickets"


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


class Programs:
    """One signed-in program for each person."""

    def __init__(self, app: Flask, office: Office) -> None:
        self.app, self.office = app, office
        self.clients: dict[str, FlaskClient] = {}

    def client(self, name: str) -> FlaskClient:
        """The program of ``name``."""
        if name not in self.clients:
            self.clients[name] = program(self.app, name)
        return self.clients[name]

    def get(self, name: str, path: str = "") -> TestResponse:
        """Read something beneath the tickets."""
        with self.office.now(), outside():
            return self.client(name).get(TICKETS + path)

    def post(self, name: str, path: str, body: Any, **options: Any) -> TestResponse:
        """Send something."""
        with self.office.now(), outside():
            return self.client(name).post(TICKETS + path, json=body, **options)

    def state(self, name: str, number: str) -> dict[str, Any]:
        """A ticket as ``name`` reads it."""
        answer = self.get(name, f"/{number}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def register(self, name: str = "duty", **values: Any) -> str:
        """A ticket's number."""
        body = {"title": "夜市油烟扰民", "street_town": self.office.street.code, "urgency": "quickly", **values}
        answer = self.post(name, "", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["number"])

    def tries(self, name: str, number: str, action: str, **said: Any) -> TestResponse:
        """Try a move on the newest state that ``name`` can read."""
        version = self.state(name, number)["version"]
        return self.post(name, f"/{number}/moves", {"action": action, "version": version, **said})

    def does(self, name: str, number: str, action: str, **said: Any) -> dict[str, Any]:
        """Make a move that succeeds; the ticket afterwards."""
        answer = self.tries(name, number, action, **said)
        assert answer.status_code == 200, answer.text
        return dict(answer.json["ticket"])


def create_programs(app: Flask) -> Programs:
    """Everybody at work on a Monday morning, with a program each."""
    return Programs(app, create_office())
