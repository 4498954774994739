"""Every action of the table of moves is told in the timeline, in both languages, from what its event keeps, and never by its code."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.core.languages import speaking, words
from app.domain.moves import BY_ACTION
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.attachments import EVENTS
from app.services.progress import sit
from app.web.ticket_timeline import events_of, names_in, timeline
from app.web.ticket_words import SENTENCES, Names, told
from tests.services.casework import create_office

BESIDES = {"report", "correct", "return", "rate", *EVENTS}
"""What else leaves a line: registration, imports, files."""

EVERYTHING = {
    "unit": 1, "departments": [1], "partner": 1, "into": 1, "ticket": "GL-2", "split_from": "GL-1", "person": "林工", "place": "路口",
    "due_at": "2026-03-04T01:00:00+00:00", "old_due_at": "2026-03-03T01:00:00+00:00", "wanted_at": "2026-03-04T01:00:00+00:00",
    "until": "2026-03-04T01:00:00+00:00", "reason": "parts", "result": "solved", "satisfaction": "satisfied", "solved": "solved",
    "rating": "satisfied", "reached": True, "name": "a.jpg",
}  # fmt: skip
REASONS = {"call": "no_power", "void": "duplicate", "request_suspension": "works"}
NAMES = Names({1: "甲"}, {1: "GL-9"}, {1: "乙"})


@pytest.mark.parametrize("action", sorted({*BY_ACTION, *BESIDES}))
def test_every_action_has_sentences_in_both_languages(lite: Flask, action: str) -> None:
    assert action in SENTENCES
    for sentence in SENTENCES[action]:
        chinese = words("zh")(sentence)
        assert re.search("[\u4e00-\u9fff]", chinese), sentence
        assert set(re.findall(r"%\(\w+\)s", chinese)) == set(re.findall(r"%\(\w+\)s", sentence))
    for language in ("zh", "en"):
        details = {**EVERYTHING, "reason": REASONS.get(action, "not_our_duty")}
        full = told(action, details, NAMES, words(language)).sentence
        bare = told(action, {}, NAMES, words(language)).sentence
        for said in (full, bare):
            assert said and "%(" not in said and "None" not in said
        assert "_" not in full and details["reason"] not in full


def test_a_step_that_nobody_knows_any_more_is_not_told_by_its_code(lite: Flask) -> None:
    assert told("teleport", {"note": "说明文字"}, NAMES, words("en")).sentence == "recorded a step of an earlier version"


def test_a_line_says_who_what_how_late_and_what_was_said(app: Flask) -> None:
    office = create_office()
    ticket = office.register()
    office.later(minutes=3).do("duty", ticket, "dispatch", unit=office.police.id)
    office.later(minutes=15).do("officer", ticket, "sign")
    office.later(minutes=5).do("officer", ticket, "request_return", reason="not_our_duty", note="属园林部门职责。")
    office.later(minutes=5).do("duty", ticket, "approve_return", unit=office.street.id)
    office.later(minutes=5).do("clerk", ticket, "sign")
    appointment = office.at + timedelta(hours=1)
    office.do("clerk", ticket, "call", lead=office.parks.id, reason="no_power", appointment_at=appointment, note="请带工具。")
    office.later(minutes=90).do("gardener", ticket, "report_in", person="林工")
    assert lines(ticket, "en") == [
        ("Department D-1", "reported in: 林工, 温泉支路 112 号", "30 min late", []),
        ("Street-town S-1", "called Department D-1: No enforcement power", "", ["请带工具。"]),
        ("Street-town S-1", "signed", "", []),
        ("Command centre", "accepted the return; next unit: Street-town S-1", "", []),
        ("Department D-2", "asked to return the ticket: Not our duty", "", ["属园林部门职责。"]),
        ("Department D-2", "signed", "5 min late", []),
        ("Command centre", "dispatched to Department D-2", "", []),
        ("Command centre", "registered the matter", "", []),
    ]
    assert lines(ticket, "zh")[1][:2] == ("街道S-1", "呼叫部门D-1：街镇无执法权限")


def test_an_amendment_says_what_stood_there_before(lite: Flask) -> None:
    office = create_office()
    ticket = office.register()
    office.do("duty", ticket, "amend", urgency="at_once", address="湖东路 8 号", street_town=office.other_street.id, reason="地址登记有误")
    (who, sentence, _late, quotes), *_ = lines(ticket, "en")
    assert (who, sentence) == ("Command centre", "amended the registration")
    assert set(quotes) == {"地址登记有误", "Urgency: Quickly", "Place: 温泉支路 112 号", "Street-town: Street-town S-1"}


def lines(ticket: Ticket, language: str) -> list[tuple[str, str, str, list[str]]]:
    """The timeline as the system reads it."""
    db.session.expire_all()
    session, writer = db.session(), words(language)
    case = sit(session, session.get_one(Ticket, ticket.id)).case
    events = events_of(session, ticket.id)
    with speaking(language):
        found = timeline(events, case, names_in(session, events, case, writer), writer)
    return [(each.who, each.sentence, each.late, [text for _, text in each.quotes]) for each in found]


def test_the_clock_and_the_citizen_are_named_as_such(lite: Flask) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    office.do("clerk", ticket, "request_suspension", reason="parts", until=office.at + timedelta(hours=2), note="等待配件。")
    office.do("duty", ticket, "approve_suspension")
    office.later(hours=2).do("clock", ticket, "resume_on_time")
    first = lines(ticket, "en")[0]
    assert first[0] == "System" and first[1].startswith("ended the suspension when its time was over; due ")
    assert db.session.execute(select(TicketEvent.action).order_by(TicketEvent.id.desc()).limit(1)).scalar_one() == "resume_on_time"
