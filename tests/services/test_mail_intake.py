"""Mail that comes to a real server becomes tickets: one message, one matter, with its files; what nobody wrote is set aside."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.channels import mail
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.domain.refusals import Refused
from app.entities.attachment import Attachment
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.jobs.mail_intake import work
from app.services.attachments import Limits
from app.services.mail_intake import fetch_mail
from app.web.ticket_words import Names, told
from tests.services.casework import MORNING, create_office
from tests.services.imap_server import Server, running

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


@pytest.fixture
def server() -> Iterator[Server]:
    """An empty mailbox."""
    with running() as made:
        yield made


def letter(
    number: str = "<a1@example.invalid>", subject: str = "温泉支路路灯不亮", text: str = "晚上看不见路。\n电话13812345678", **more: str
) -> EmailMessage:
    """A citizen's message."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "王小明 <xiaoming@example.invalid>", "office@example.invalid", subject
    if number:
        made["Message-ID"] = number
    made["Date"] = more.pop("date", "Mon, 02 Mar 2026 08:30:00 +0800")
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def fetch(app: Flask, server: Server) -> Counter[str]:
    with stopped_at(MORNING):
        return fetch_mail(server.url, app.config["STORAGE"], Limits())


def tickets() -> int:
    return int(db.session.execute(select(func.count()).select_from(Ticket)).scalar_one())


def test_a_message_becomes_a_ticket_with_its_files(app: Flask, server: Server) -> None:
    create_office()
    message = letter()
    message.add_attachment(GIF, maintype="image", subtype="gif", filename="路灯.gif")
    message.add_attachment(b"MZ\x90\x00", maintype="application", subtype="octet-stream", filename="setup.exe")
    number = server.put(message.as_bytes())
    assert fetch(app, server) == {"taken": 1}
    ticket = db.session.execute(select(Ticket)).scalar_one()
    assert (ticket.title, ticket.description) == ("温泉支路路灯不亮", "晚上看不见路。\n电话13812345678")
    assert (ticket.channel.code, ticket.source.code, ticket.source_no, ticket.reporter_name) == (
        "EMAIL",
        "EMAIL",
        "a1@example.invalid",
        "王小明",
    )
    assert ticket.reported_at == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert db.session.execute(select(Attachment.name)).scalars().all() == ["路灯.gif"]
    first = db.session.execute(select(TicketEvent).order_by(TicketEvent.id)).scalars().first()
    assert told("report", first.details, Names({}, {}, {}), words("en")).quotes == (("Files that could not be kept", "setup.exe"),)
    assert server.messages[number].flags == {"\\Seen"}
    assert fetch(app, server) == {}


def test_whoever_dies_before_marking_a_message_finds_it_known_the_next_time(app: Flask, server: Server) -> None:
    create_office()
    server.put(letter().as_bytes())
    server.dies_before = "UID STORE"
    with pytest.raises(Refused, match="mailbox"):
        fetch(app, server)
    server.dies_before = ""
    assert fetch(app, server) == {"known": 1}
    assert tickets() == 1


def test_two_that_fetch_at_once_make_one_ticket_of_a_message(app: Flask, server: Server) -> None:
    create_office()
    server.put(letter().as_bytes())
    start, found = threading.Barrier(2), []

    def one() -> None:
        with app.app_context():
            start.wait(20)
            try:
                found.append(fetch(app, server))
            except Refused as refused:
                found.append(Counter(busy=refused.status))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(each["taken"] for each in found) == 1
    assert tickets() == 1


def test_what_nobody_wrote_or_what_says_nothing_is_set_aside_and_nothing_registered(lite: Flask, server: Server) -> None:
    create_office()
    bounce = EmailMessage()
    bounce["From"], bounce["Subject"] = "mailer-daemon@example.invalid", "Undelivered"
    bounce["Content-Type"] = "multipart/report; report-type=delivery-status; boundary=x"
    twins = [letter("<b@x>", "", ""), letter("<c@x>", Auto_Submitted="auto-replied"), letter("<d@x>", Precedence="bulk"), bounce]
    numbers = [server.put(one.as_bytes()) for one in twins]
    assert fetch(lite, server) == {"aside": 4}
    assert all(server.messages[number].flags == {"\\Flagged"} for number in numbers)
    assert tickets() == 0
    assert fetch(lite, server) == {}, "what was set aside waits for a person"


HOSTILE = [
    b"",
    b"\xff\xfe\x00",
    b"Subject: =?utf-8?b?5rip5rOJ?=\r\n\r\n\xff\xfe\xfd",
    b"Subject: =?nonsense?q?x?= y\r\nFrom: =?=?=\r\nDate: never\r\nMessage-ID: <\r\n\r\nhello",
    b"From: a@b\r\nSubject: x\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xce\xc2\xc8\xaa",
    b"From: a@b\r\nSubject: <script>alert(1)</script>\r\nContent-Type: text/html\r\n\r\n<style>p</style><p>one</p><script>f()</script><p>3",
    b"From: a@b\r\nSubject: long\r\nMessage-ID: <" + b"x" * 500 + b"@y>\r\n\r\nbody",
    b"From: a@b\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: image/gif\r\n\r\n--q",
]


def test_whatever_comes_no_message_stops_the_others(lite: Flask, server: Server) -> None:
    create_office()
    for raw in HOSTILE:
        server.put(raw)
    server.put(letter("<last@x>").as_bytes())
    done = fetch(lite, server)
    assert sum(done.values()) == len(HOSTILE) + 1
    assert done["aside"] >= 1
    titles = set(db.session.execute(select(Ticket.title)).scalars())
    assert {"温泉支路路灯不亮", "<script>alert(1)</script>", "long", "温泉"} <= titles
    page = db.session.execute(select(Ticket).where(Ticket.title.startswith("<script>"))).scalar_one()
    assert page.description == "one\n3"


def test_a_clock_that_is_wrong_counts_as_now() -> None:
    for date, expected in (
        ("Mon, 02 Mar 2026 08:30:00 +0800", datetime(2026, 3, 2, 0, 30, tzinfo=UTC)),
        ("Mon, 02 Mar 2099 08:30:00 +0800", MORNING),
        ("Thu, 01 Jan 1970 00:00:00 +0000", MORNING),
        ("yesterday", MORNING),
    ):
        raw = letter().as_bytes().replace(b"Mon, 02 Mar 2026 08:30:00 +0800", date.encode())
        assert mail.read(raw, MORNING).values["reported_at"] == expected, date


def test_a_mailbox_that_is_away_or_lets_nobody_in_says_so_in_words(lite: Flask, server: Server) -> None:
    create_office()
    wrong = server.url.replace("open%20sesame", "guess")
    for url in (wrong, "imap://u:p@127.0.0.1:1/INBOX?tls=off"):
        with pytest.raises(Refused, match="The mailbox cannot be read") as refused:
            fetch_mail(url, lite.config["STORAGE"], Limits())
        assert "guess" not in str(refused.value)


def test_the_clock_fetches_where_a_mailbox_is_set(lite: Flask, server: Server) -> None:
    create_office()
    assert work() is None
    server.put(letter().as_bytes())
    lite.config["IMAP_URL"] = server.url
    try:
        with stopped_at(MORNING):
            said = work()
    finally:
        lite.config["IMAP_URL"] = ""
    assert str(said) == "Messages registered: 1, known already: 0, set aside in the mailbox: 0"
