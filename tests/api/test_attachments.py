"""Files on tickets over REST, on both databases: the same refusals as on screen, with codes for programs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.entities.ticket import Ticket
from tests.api.programs import TICKETS, Programs, create_programs
from tests.conftest import outside
from tests.services.specimens import docx, picture


@pytest.fixture
def desk(app: Flask) -> Programs:
    """Everybody's programs, and a ticket in the street-town's hand."""
    programs = create_programs(app)
    programs.office.to_called(programs.office.register())
    return programs


def number() -> str:
    return str(db.session.execute(select(Ticket.number)).scalar_one())


def send(desk: Programs, name: str, no: str, body: bytes | None, file: str = "处置前.jpg", **form: str) -> Any:
    data: dict[str, Any] = {**form, **({"file": (io.BytesIO(body), file)} if body is not None else {})}
    with desk.office.now(), outside():
        return desk.client(name).post(f"{TICKETS}/{no}/attachments", data=data, content_type="multipart/form-data")


def ask(desk: Programs, name: str, path: str, method: str = "GET") -> Any:
    with desk.office.now(), outside():
        return desk.client(name).open(TICKETS + path, method=method)


def test_a_file_goes_up_and_comes_down_untouched(desk: Programs) -> None:
    no, body = number(), docx()
    made = send(desk, "gardener", no, body, "现场 记录.docx", purpose="paper")
    assert made.status_code == 201, made.text
    assert {name: made.json[name] for name in ("name", "purpose", "size")} == {
        "name": "现场 记录.docx",
        "purpose": "paper",
        "size": len(body),
    }
    place = f"/{no}/attachments/{made.json['id']}"
    got = ask(desk, "clerk", place)
    assert got.data == body
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert ask(desk, "clerk", f"/{no}/attachments").json["result"] == [made.json]
    assert desk.state("clerk", no)["attachments"][0]["id"] == made.json["id"]
    assert desk.get("clerk", f"/{no}/events").json["result"][-1]["action"] == "attach"


def test_programs_are_refused_like_people(desk: Programs) -> None:
    no = number()
    first = send(desk, "clerk", no, picture()).json["id"]
    refused = {
        "twice": send(desk, "clerk", no, picture()),
        "a program": send(desk, "clerk", no, b"MZ" + b"\0" * 90),
        "purpose": send(desk, "clerk", no, picture(colour="blue"), purpose="x"),
        "nothing": send(desk, "clerk", no, None),
        "reads only": send(desk, "viewer", no, picture(colour="blue")),
        "foreign": send(desk, "neighbour", no, picture(colour="blue")),
        "missing": send(desk, "clerk", "GL20310101-0001", picture(colour="blue")),
        "not one's own": ask(desk, "gardener", f"/{no}/attachments/{first}", "DELETE"),
        "foreign file": ask(desk, "neighbour", f"/{no}/attachments/{first}", "DELETE"),
        "other ticket's": ask(desk, "clerk", f"/{no}/attachments/{first + 1}"),
    }
    assert {why: (answer.status_code, answer.json["errors"][0]["code"]) for why, answer in refused.items()} == {
        "twice": (409, "same-file"),
        "a program": (422, "wrong-type"),
        "purpose": (422, "not-an-option"),
        "nothing": (422, "required"),
        "reads only": (403, "not-allowed"),
        "foreign": (404, "not-found"),
        "missing": (404, "not-found"),
        "not one's own": (403, "not-allowed"),
        "foreign file": (404, "not-found"),
        "other ticket's": (404, "not-found"),
    }
    assert len(ask(desk, "clerk", f"/{no}/attachments").json["result"]) == 1


def test_a_file_is_taken_off_by_whoever_added_it(desk: Programs) -> None:
    no = number()
    place = f"/{no}/attachments/{send(desk, 'clerk', no, picture()).json['id']}"
    assert ask(desk, "clerk", place, "DELETE").status_code == 204
    assert ask(desk, "clerk", place).status_code == 404
    assert desk.get("clerk", f"/{no}/events").json["result"][-1]["action"] == "detach"
