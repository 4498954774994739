"""Intake on both databases: a source's number is registered once, also where retries race, and every channel is complete."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.channels import Channel, channels
from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.domain.intake import CITIZEN, Enclosed, Report, title_of
from app.domain.refusals import N_, Refused, RefusedAll
from app.entities.attachment import Attachment
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.reference import rows
from app.services.attachments import Limits
from app.services.intake import Taken, take_in
from tests.house.source import ROOT
from tests.services.casework import MORNING, create_office

GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def report(number: str = "7", **more: Any) -> Report:
    values = {"title": "夜市油烟扰民", "description": "夜市油烟扰民，每晚到一点。", "address": "温泉支路 112 号"}
    return Report(**{"channel": "WEIBO", "source": "WEB_FORM", "number": number, "values": values, **more})


def take(app: Flask, what: Report) -> Taken:
    with stopped_at(MORNING), acting_as(CITIZEN):
        return take_in(what, app.config["STORAGE"], Limits())


def test_retries_that_race_become_one_ticket(app: Flask) -> None:
    create_office()
    start, found, failed = threading.Barrier(6), [], []

    def retry() -> None:
        with app.app_context():
            start.wait(20)
            try:
                taken = take(app, report(files=(Enclosed("a.gif", io.BytesIO(GIF)),)))
                found.append((taken.ticket.number, taken.fresh))
            except Refused as refused:  # a busy database says so, and the sender comes again
                failed.append(refused.status)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=retry) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({number for number, _ in found}) == 1
    assert sorted(fresh for _, fresh in found) == [False] * (len(found) - 1) + [True]
    assert len(found) + len(failed) == 6 and set(failed) <= {503}
    again = take(app, report())
    assert (again.ticket.number, again.fresh) == (found[0][0], False)
    assert db.session.execute(select(func.count()).select_from(Ticket)).scalar_one() == 1
    assert db.session.execute(select(func.count()).select_from(Attachment)).scalar_one() == 1


def test_the_same_number_of_another_source_is_another_matter(app: Flask) -> None:
    create_office()
    first, other = take(app, report()), take(app, report(source="GRID"))
    assert first.ticket.id != other.ticket.id
    assert {first.ticket.source.code, other.ticket.source.code} == {"WEB_FORM", "GRID"}
    assert first.ticket.source_no == other.ticket.source_no == "7"


def test_channel_and_source_are_recorded_and_the_timeline_says_them(lite: Flask) -> None:
    create_office()
    ticket = take(lite, report()).ticket
    assert (ticket.channel.code, ticket.number, len(ticket.lookup_code)) == ("WEIBO", "GL20260302-0001", 8)
    event = db.session.execute(select(TicketEvent)).scalar_one()
    assert (event.user_name, event.details) == ("citizen", {"channel": "WEIBO", "source": "WEB_FORM", "source_no": "7"})


def test_a_file_that_cannot_be_kept_refuses_a_strict_report_and_is_left_out_of_the_others(lite: Flask) -> None:
    create_office()
    files = (Enclosed("a.gif", io.BytesIO(GIF)), Enclosed("b.exe", io.BytesIO(b"MZ\x90\x00")))
    with pytest.raises(RefusedAll, match="1"):
        take(lite, report(files=files))
    assert db.session.execute(select(func.count()).select_from(Ticket)).scalar_one() == 0
    for file in files:
        file.content.seek(0)
    taken = take(lite, report(files=files, strict=False))
    assert [name for name, _ in taken.left_out] == ["b.exe"]
    assert db.session.execute(select(Attachment.name)).scalars().all() == ["a.gif"]
    first = db.session.execute(select(TicketEvent).order_by(TicketEvent.id)).scalars().first()
    assert first.details["left_out"] == ["b.exe"]


@pytest.mark.parametrize("number", ["", "x" * 81, "a\nb"])
def test_a_report_without_a_usable_number_is_refused(lite: Flask, number: str) -> None:
    create_office()
    with pytest.raises(Refused):
        take(lite, report(number))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("温泉支路路灯不亮。晚上看不见路。", "温泉支路路灯不亮"),
        ("\n\n  The lamp is out. It is dark", "The lamp is out"),
        ("v1.2 不能用", "v1.2 不能用"),
        ("啊" * 50, "啊" * 39 + "…"),
        ("", ""),
        ("。。。", ""),
    ],
)
def test_a_title_is_made_of_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


def test_every_channel_counts_for_itself(lite: Flask) -> None:
    assert channels(), "no channel was found"
    codes = {row["code"] for row in rows("channels")}
    for code, channel in channels().items():
        assert channel.name and callable(channel.read), code
        assert code in codes or code.startswith("*"), code


def test_the_how_to_pages_example_reads_as_it_says() -> None:
    page = (ROOT / "docs" / "how-to" / "channel.md").read_text(encoding="utf-8")
    space: dict[str, Any] = {
        **{one.__name__: one for one in (Channel, Mapping, Refused, RefusedAll, Report, datetime, title_of)},
        "N_": N_,
    }
    exec(page.partition("```python")[2].partition("```")[0], space)
    made = space["CHANNEL"].read({"id": "9", "text": "路灯不亮。请修", "phone": "13812345678"}, MORNING)
    assert (made.number, made.values["title"]) == ("9", "路灯不亮")
    with pytest.raises(RefusedAll):
        space["CHANNEL"].read({"id": "9", "text": " "}, MORNING)
