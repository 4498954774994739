"""Files on tickets, on both databases: what is kept, what is refused, who may add and remove, and what stays behind."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.file_names import clean_name
from app.core.storage import Storage
from app.crud.tables import Change
from app.domain.refusals import Refused
from app.entities.attachment import Attachment
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.attachments import Limits, attach, detach
from tests.services.casework import Office, create_office
from tests.services.specimens import KEPT, REFUSED, docx, pdf, picture

MB = 2**20


def put(
    app: Flask,
    office: Office,
    who: str,
    ticket: Ticket,
    body: bytes,
    name: str = "x.jpg",
    purpose: str = "site",
    limits: Limits | None = None,
) -> Attachment:
    """Somebody puts a file on a ticket."""
    storage: Storage = app.config["STORAGE"]
    with office.now(), acting_as(office.actor(who)):
        row = attach(storage, ticket.id, name, io.BytesIO(body), purpose, limits)
        db.session.refresh(row)
    return row


def take_off(office: Office, who: str, row_id: int) -> None:
    with office.now(), acting_as(office.actor(who)):
        detach(row_id)
    db.session.expire_all()


def rows(ticket: Ticket) -> list[Attachment]:
    return list(db.session.execute(select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)).scalars())


@pytest.mark.parametrize("kind", KEPT)
def test_a_file_is_known_by_its_bytes(lite: Flask, kind: str) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    body, media_type = KEPT[kind]
    row = put(lite, office, "clerk", ticket, body, "说明.bin")
    assert row.media_type == media_type
    assert row.size == len(body)
    assert lite.config["STORAGE"].path(row.digest).read_bytes() == body


@pytest.mark.parametrize("kind", REFUSED)
def test_what_pretends_is_refused_and_leaves_nothing_behind(lite: Flask, kind: str) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    body, code = REFUSED[kind]
    before = {
        path for path in lite.config["STORAGE"].home.rglob("*") if path.is_file() and path.suffix not in (".db", ".db-wal", ".db-shm")
    }
    with pytest.raises(Refused) as refused:
        put(lite, office, "clerk", ticket, body, "照片.jpg")
    assert refused.value.code == code
    assert rows(ticket) == []
    after = {path for path in lite.config["STORAGE"].home.rglob("*") if path.is_file() and path.suffix not in (".db", ".db-wal", ".db-shm")}
    assert after == before


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("..\\..\\windows\\油烟 照片.JPG", "油烟 照片.JPG"),
        ("处置前.jpg\x00.exe", "处置前.jpg.exe.jpg"),
        ("a\u202egpj.exe", "agpj.exe.jpg"),
        ("<script>alert(1)</script>.jpg", "script.jpg"),
        ('x".jpg\r\nSet-Cookie: a=b', "x.jpgSet-Cookie a=b.jpg"),
        ("   ...   ", "file.jpg"),
        ("", "file.jpg"),
        ("长" * 400 + ".jpg", "长" * 196 + ".jpg"),
    ],
)
def test_a_name_is_kept_in_its_script_and_loses_what_deceives(given: str, kept: str) -> None:
    assert clean_name(given, ("jpg", "jpeg"), "file") == kept


def test_a_file_has_a_line_in_the_timeline_and_versions_have_no_gap(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    row = put(app, office, "clerk", ticket, picture(), "处置前.jpg", "before")
    assert (row.name, row.purpose, row.stage, row.unit_id) == ("处置前.jpg", "before", "handling", office.street.id)
    take_off(office, "clerk", row.id)
    events = db.session.execute(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)).scalars().all()
    assert [event.action for event in events[-2:]] == ["attach", "detach"]
    assert [event.version for event in events] == list(range(1, db.session.get(Ticket, ticket.id).version + 1))
    for event in events[-2:]:
        assert event.details["name"] == "处置前.jpg"
        assert event.details["digest"] == row_digest(events)
        assert event.from_stage == event.to_stage == "handling"
        assert event.user_id == office.people["clerk"].id
    assert rows(ticket) == []


def row_digest(events: list[TicketEvent]) -> str:
    return str(events[-1].details["digest"])


def test_a_removed_file_stays_in_the_change_log(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    row = put(app, office, "clerk", ticket, picture(), "处置前.jpg")
    number = row.id
    take_off(office, "clerk", number)
    changes = (
        db.session.execute(select(Change).where(Change.entity == "Attachment", Change.row_id == number).order_by(Change.id)).scalars().all()
    )
    assert [(change.action, change.user_id) for change in changes] == [
        ("create", office.people["clerk"].id),
        ("delete", office.people["clerk"].id),
    ]
    assert changes[1].changes["name"] == ["处置前.jpg", None]


def test_the_same_file_twice_is_refused_by_its_first_name(app: Flask) -> None:
    office = create_office()
    ticket, other = office.to_handling(office.register()), office.to_handling(office.register("路灯不亮"))
    put(app, office, "clerk", ticket, picture(), "处置前.jpg")
    with pytest.raises(Refused, match="处置前") as refused:
        put(app, office, "clerk", ticket, picture(), "别名.jpg")
    assert refused.value.code == "same-file"
    assert put(app, office, "clerk", other, picture(), "处置前.jpg").ticket_id == other.id


def test_a_file_is_as_large_as_allowed_and_no_larger(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    body = picture()
    with pytest.raises(Refused) as refused:
        put(app, office, "clerk", ticket, body, limits=Limits(bytes=len(body) - 1))
    assert (refused.value.code, refused.value.status) == ("too-large", 413)
    assert put(app, office, "clerk", ticket, body, limits=Limits(bytes=len(body))).size == len(body)


def test_a_path_is_measured_before_it_is_copied(lite: Flask, tmp_path: Path) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    place = tmp_path / "a.pdf"
    place.write_bytes(pdf())
    with office.now(), acting_as(office.actor("clerk")):
        with pytest.raises(Refused, match="larger"):
            attach(lite.config["STORAGE"], ticket.id, "a.pdf", place, "paper", Limits(bytes=3))
        row = attach(lite.config["STORAGE"], ticket.id, "a.pdf", place, "paper")
    assert row.media_type == "application/pdf"
    assert place.exists()


def test_a_ticket_holds_so_many_files(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    most = Limits(files=2)
    put(app, office, "clerk", ticket, picture(colour="red"), limits=most)
    row = put(app, office, "clerk", ticket, picture(colour="blue"), limits=most)
    with pytest.raises(Refused) as refused:
        put(app, office, "clerk", ticket, picture(colour="green"), limits=most)
    assert refused.value.code == "too-many"
    take_off(office, "clerk", row.id)
    put(app, office, "clerk", ticket, picture(colour="green"), limits=most)


def test_an_unknown_purpose_is_refused(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    with pytest.raises(Refused) as refused:
        put(lite, office, "clerk", ticket, picture(), purpose="evil")
    assert refused.value.field == "purpose"


def test_holder_called_territory_and_centre_put_files_on_a_ticket_and_nobody_else(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())  # in the street-town's hand; parks is called
    colours = iter(["red", "blue", "green", "black", "white", "yellow", "pink", "brown"])
    for who in ("clerk", "gardener", "duty"):
        put(app, office, who, ticket, picture(colour=next(colours)))
    for who, status in (("neighbour", 404), ("officer", 404), ("viewer", 403)):
        with pytest.raises(Refused) as refused:
            put(app, office, who, ticket, picture(colour=next(colours)))
        assert refused.value.status == status, who
    held = office.to_signed(office.register("违章停车"), office.police, "officer")  # in a department's hand, in the street-town's place
    for who in ("officer", "chief"):
        put(app, office, who, held, picture(colour=next(colours)))
    assert len(rows(ticket)) == 3
    assert len(rows(held)) == 2


def test_a_closed_ticket_keeps_its_files_as_they_are(app: Flask) -> None:
    office = create_office()
    ticket = office.to_evaluating(office.register())
    row = put(app, office, "clerk", ticket, picture())
    office.later(days=8).do("duty", ticket, "archive")
    for attempt in (lambda: put(app, office, "clerk", ticket, picture(colour="blue")), lambda: take_off(office, "duty", row.id)):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "ended"
    void = office.register("重复")
    office.do("duty", void, "void", reason="test", note="测试数据，作废。")
    with pytest.raises(Refused):
        put(app, office, "duty", void, picture())


def test_a_file_is_removed_by_whoever_added_it_or_by_the_centre(app: Flask) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    first, second = (put(app, office, "gardener", ticket, picture(colour=c)) for c in ("red", "blue"))
    for who, status in (("clerk", 403), ("head", 403), ("neighbour", 404), ("viewer", 403)):
        with pytest.raises(Refused) as refused:
            take_off(office, who, first.id)
        assert refused.value.status == status, who
    take_off(office, "gardener", first.id)
    take_off(office, "duty", second.id)
    assert rows(ticket) == []
    with pytest.raises(Refused) as refused:
        take_off(office, "gardener", first.id)
    assert refused.value.status == 404


def test_a_file_added_meanwhile_does_not_make_a_page_stale(app: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    seen = db.session.get(Ticket, ticket.id).version
    put(app, office, "clerk", ticket, picture())
    office.do("clerk", ticket, "note", note="已到现场查看情况。", seen=seen)
    put(app, office, "clerk", ticket, docx(), "说明.docx")
    with pytest.raises(Refused) as refused:  # the note was a move, and that page had not seen it
        office.do("clerk", ticket, "note", note="已到现场查看情况。", seen=seen)
    assert refused.value.code == "changed-meanwhile"
