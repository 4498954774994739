"""Files at the door: what is shown to whom and how, under which name, and that a picture's place stays in the original."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.core.db import db
from app.entities.attachment import Attachment
from app.entities.ticket import Ticket
from tests.conftest import outside
from tests.services.casework import Office, create_office
from tests.services.specimens import docx, located_picture, pdf, picture, wav

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def office(request: pytest.FixtureRequest) -> Office:
    """Everybody at work, and a ticket on which parks is called."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "lite")
    made = create_office()
    made.told["ticket"] = made.to_called(made.register())
    return made


def send(client: FlaskClient, ticket: Ticket, *files: tuple[bytes, str], purpose: str = "site", **more: str) -> Any:
    """Files as a form sends them."""
    data = {"file": [(io.BytesIO(body), name) for body, name in files], "purpose": purpose, **more}
    with outside():
        answer = client.post(f"/attachments/add/{ticket.id}", data=data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # large bodies lie in a file that the client leaves open
    return answer


def get(client: FlaskClient, path: str) -> Any:
    with outside():
        return client.get(path)


def said(client: FlaskClient) -> str:
    """What the next page says about what was done."""
    with client.session_transaction() as cookie:
        return " | ".join(text for _, text in cookie.pop("_flashes", []))


def only(ticket: Ticket) -> Attachment:
    db.session.expire_all()
    return db.session.execute(select(Attachment).where(Attachment.ticket_id == ticket.id)).scalar_one()


def test_a_chinese_name_comes_back_with_the_bytes(app: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk, body = office.told["ticket"], sign_in("clerk"), docx()
    answer = send(clerk, ticket, (body, "夜市 油烟（整改前）.docx"), purpose="paper")
    assert answer.status_code == 302
    assert answer.location.endswith("#files")
    row = only(ticket)
    assert (row.name, row.purpose, row.unit_id) == ("夜市 油烟（整改前）.docx", "paper", office.street.id)
    got = get(clerk, f"/attachments/{row.id}")
    assert got.data == body
    header = got.headers["Content-Disposition"]
    assert header.startswith("attachment;")
    assert unquote(header.partition("filename*=UTF-8''")[2]) == "夜市 油烟（整改前）.docx"
    assert header.isascii()


def test_a_hostile_name_loses_its_path_and_adds_no_header(lite: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    send(clerk, ticket, (pdf(), "../../../x; Set-Cookie: evil=1"))
    row = only(ticket)
    assert row.name == "x; Set-Cookie evil=1.pdf"
    got = get(clerk, f"/attachments/{row.id}?save=1")
    assert "evil" not in got.headers.get("Set-Cookie", "")
    assert got.headers["Content-Disposition"] == (
        "attachment; filename=\"x__Set-Cookie_evil_1.pdf\"; filename*=UTF-8''x%3B%20Set-Cookie%20evil%3D1.pdf"
    )


@pytest.mark.parametrize(
    ("body", "how", "fenced"),
    [(picture(), "inline", True), (wav(), "inline", True), (pdf(), "inline", False), (docx(), "attachment", True)],
    ids=["picture", "recording", "paper", "word"],
)
def test_browsers_show_what_is_harmless_in_a_fence_and_save_the_rest(
    lite: Flask, office: Office, sign_in: SignIn, body: bytes, how: str, fenced: bool
) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    send(clerk, ticket, (body, "文件"))
    row = only(ticket)
    got = get(clerk, f"/attachments/{row.id}")
    assert got.headers["Content-Disposition"].startswith(how + ";")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Type"].partition(";")[0] == row.media_type
    assert "default-src 'none'" in got.headers["Content-Security-Policy"]
    assert ("sandbox" in got.headers["Content-Security-Policy"]) is fenced
    assert "script" not in got.headers["Content-Security-Policy"]
    assert get(clerk, f"/attachments/{row.id}?save=1").headers["Content-Disposition"].startswith("attachment;")


def test_who_may_not_see_the_ticket_finds_no_file(app: Flask, office: Office, sign_in: SignIn) -> None:
    ticket = office.told["ticket"]
    send(sign_in("clerk"), ticket, (picture(), "处置前.jpg"))
    number = only(ticket).id
    seen = {name: get(sign_in(name), f"/attachments/{number}").status_code for name in office.people}
    sees = {"clerk", "chief", "gardener", "head", "duty", "reviewer", "viewer"}
    assert seen == {name: 200 if name in sees else 404 for name in office.people}
    assert {get(sign_in(name), f"/attachments/{number}/small").status_code for name in ("neighbour", "officer")} == {404}
    assert get(app.test_client(), f"/attachments/{number}").status_code in (302, 401)


def test_a_foreign_ticket_takes_no_file_and_a_foreign_file_is_not_removed(app: Flask, office: Office, sign_in: SignIn) -> None:
    ticket = office.told["ticket"]
    send(sign_in("clerk"), ticket, (picture(), "处置前.jpg"))
    number = only(ticket).id
    for name, status in (("neighbour", 404), ("officer", 404), ("viewer", 403)):
        client = sign_in(name)
        assert send(client, ticket, (picture(colour="blue"), "x.jpg")).status_code == status, name
        with outside():
            assert client.post(f"/attachments/remove/{number}").status_code == status, name
    assert only(ticket).id == number


def test_removal_is_said_and_a_refusal_too(lite: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk, gardener = office.told["ticket"], sign_in("clerk"), sign_in("gardener")
    send(gardener, ticket, (picture(), "处置前.jpg"))
    number = only(ticket).id
    with outside():
        clerk.post(f"/attachments/remove/{number}")
    assert "by whoever added it" in said(clerk)
    assert only(ticket).id == number
    with outside():
        gardener.post(f"/attachments/remove/{number}", data={"next": "/tickets/list/"})
    assert "“处置前.jpg” was removed" in said(gardener)
    assert db.session.execute(select(Attachment)).first() is None


def test_each_file_is_kept_or_refused_by_itself(lite: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    send(clerk, ticket, (picture(), "好.jpg"), (b"MZ\x90" * 40, "坏.jpg"), (picture(), "又.jpg"))
    words = said(clerk)
    assert "“坏.jpg” was not added: This kind of file cannot be kept." in words
    assert "“又.jpg” was not added: This file is already on the ticket as “好.jpg”." in words
    assert "1 files added" in words
    assert only(ticket).name == "好.jpg"


def test_no_file_at_all_is_said(lite: Flask, office: Office, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    assert send(clerk, office.told["ticket"]).status_code == 302
    assert said(clerk) == "Choose a file first."


def test_too_large_a_file_is_refused_in_words(lite: Flask, office: Office, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lite.config, "ATTACHMENT_MB", 1)
    clerk = sign_in("clerk")
    send(clerk, office.told["ticket"], (picture() + b"\0" * 2**20, "大.jpg"))
    assert "“大.jpg” was not added: The file is larger than 1 MB." in said(clerk)


def test_one_goes_back_within_the_house_only(lite: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    assert send(clerk, ticket, next="//evil.example/x").location == "/#files"
    assert send(clerk, ticket, next="/tickets/list/").location == "/tickets/list/#files"


def test_a_small_copy_says_nothing_about_the_place_and_the_original_stays_untouched(lite: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    body = located_picture()
    send(clerk, ticket, (body, "现场.jpg"))
    row = only(ticket)
    assert get(clerk, f"/attachments/{row.id}").data == body
    small = get(clerk, f"/attachments/{row.id}/small")
    assert small.headers["Content-Type"] == "image/jpeg"
    image = Image.open(io.BytesIO(small.data))
    assert max(image.size) <= 320
    assert not image.getexif().get_ifd(0x8825)
    assert b"taken-at-home" in body
    assert b"taken-at-home" not in small.data


def test_what_cannot_be_drawn_has_no_small_copy(lite: Flask, office: Office, sign_in: SignIn) -> None:
    ticket, clerk = office.told["ticket"], sign_in("clerk")
    send(clerk, ticket, (pdf(), "a.pdf"), (b"\xff\xd8\xff" + b"\0" * 90 + b"\xff\xd9", "坏.jpg"))
    for row in db.session.execute(select(Attachment)).scalars().all():
        assert get(clerk, f"/attachments/{row.id}/small").status_code == 404
