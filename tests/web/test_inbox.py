"""The inbox at the door: one's own and nobody else's, read one by one or all at once, with a bell on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.account import Account
from app.entities.notice import Notice
from app.entities.parameter import Parameter
from app.entities.staff_profile import StaffProfile
from app.queries.inbox import PER_PAGE
from app.services.follow_up import tell_of_draw
from tests.people import create_person
from tests.services.casework import Office, create_office

SignIn = Callable[..., FlaskClient]


def dispatched(office: Office, count: int = 1) -> None:
    """Tickets that come to the street-town; clerk and chief are told."""
    for number in range(count):
        office.do("duty", office.register(f"事项{number:03d}"), "dispatch", unit=office.street.id)


def mine(name: str) -> list[Notice]:
    """Somebody's notices, the oldest first."""
    db.session.expire_all()
    owner = select(Account.id).where(Account.username == name).scalar_subquery()
    return list(db.session.execute(select(Notice).where(Notice.user_id == owner).order_by(Notice.id)).scalars())


def test_an_empty_inbox_says_what_will_come(lite: Flask, sign_in: SignIn) -> None:
    create_office()
    page = sign_in("clerk").get("/inbox/").text
    assert "Nothing has been told yet" in page
    assert "Mark all as read" not in page
    assert 'aria-label="Inbox: nothing unread"' in page


def test_a_notice_leads_to_its_ticket_and_is_read_thereby(app: Flask, sign_in: SignIn) -> None:
    office = create_office()
    dispatched(office)
    clerk = sign_in("clerk")
    (notice,) = mine("clerk")
    page = clerk.get("/inbox/").text
    assert "was dispatched to you; sign for it" in page and f'href="/inbox/{notice.id}/open"' in page
    assert 'aria-label="Inbox: 1 unread"' in clerk.get("/").text
    answer = clerk.get(f"/inbox/{notice.id}/open")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/tickets/show/{notice.ticket_id}")
    assert clerk.get(answer.headers["Location"]).status_code == 200
    assert mine("clerk")[0].read_at is not None
    assert mine("chief")[0].read_at is None
    assert clerk.get("/inbox/count").json == {"count": 0, "shown": "0"}


def test_unread_comes_first_and_the_filter_leaves_the_others_out(app: Flask, sign_in: SignIn) -> None:
    office = create_office()
    dispatched(office, 3)
    clerk = sign_in("clerk")
    newest = mine("clerk")[-1]
    assert clerk.post(f"/inbox/{newest.id}/read").status_code == 302
    page = clerk.get("/inbox/").text
    assert page.index("事项001") < page.index("事项000") < page.index("事项002")
    only = clerk.get("/inbox/?show=unread").text
    assert "事项000" in only and "事项002" not in only
    assert clerk.post("/inbox/read", data={"show": "unread"}).headers["Location"].endswith("/inbox/?show=unread")
    assert all(notice.read_at for notice in mine("clerk"))
    assert not any(notice.read_at for notice in mine("chief"))
    assert "Everything is read" in clerk.get("/inbox/?show=unread").text


def test_reading_twice_keeps_the_first_moment(app: Flask, sign_in: SignIn) -> None:
    office = create_office()
    dispatched(office)
    clerk = sign_in("clerk")
    (notice,) = mine("clerk")
    clerk.post(f"/inbox/{notice.id}/read")
    first = mine("clerk")[0].read_at
    clerk.get(f"/inbox/{notice.id}/open")
    clerk.post("/inbox/read")
    assert mine("clerk")[0].read_at == first


@pytest.mark.parametrize("name", ["neighbour", "duty", "viewer", "auditor", "system_admin"])
def test_nobody_reads_marks_or_counts_anothers_inbox(app: Flask, sign_in: SignIn, name: str) -> None:
    office = create_office()
    if name not in office.people:
        create_person(name)
    dispatched(office)
    other = sign_in(name)
    (notice,) = mine("clerk")
    for answer in (other.get(f"/inbox/{notice.id}/open"), other.post(f"/inbox/{notice.id}/read")):
        assert answer.status_code == 404
        assert "事项000" not in answer.text
    assert "was dispatched to you" not in other.get("/inbox/").text
    assert other.get("/inbox/count").json == {"count": 0, "shown": "0"}
    other.post("/inbox/read")
    assert mine("clerk")[0].read_at is None


def test_the_draw_for_follow_up_leads_to_its_queue(lite: Flask, sign_in: SignIn) -> None:
    office = create_office()
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == "follow_up_share")).scalar_one().value = "100"
    office.to_completed(office.register())
    with office.now():
        tell_of_draw()
    duty = sign_in("duty")
    (notice,) = [notice for notice in mine("duty") if notice.kind == "follow_up"]
    assert duty.get(f"/inbox/{notice.id}/open").headers["Location"].endswith("/?queue=follow_up")


def test_many_notices_fill_pages_and_the_bell_stops_counting(app: Flask, sign_in: SignIn) -> None:
    office = create_office()
    dispatched(office)
    (pattern,) = mine("clerk")
    told = {"user_id": pattern.user_id, "kind": "dispatched", "ticket_id": pattern.ticket_id}
    with transaction() as session:
        session.add_all(Notice(**told, key=f"k{number}", text={"m": f"line {number:03d}", "v": {}}) for number in range(1, 120))
    clerk = sign_in("clerk")
    assert clerk.get("/inbox/count").json == {"count": 100, "shown": "99+"}
    first, second, third = (clerk.get(f"/inbox/?page={page}").text for page in (0, 1, 2))
    assert first.count("notice tone-of") == second.count("notice tone-of") == PER_PAGE
    assert third.count("notice tone-of") == 20
    assert "line 119" in first and "line 070" in first and "line 069" not in first
    assert 'rel="next"' in first and 'rel="next"' not in third and 'rel="prev"' in third
    assert clerk.get("/inbox/?page=x").status_code == clerk.get("/inbox/?page=99999999").status_code == 200


def test_a_reader_of_chinese_reads_chinese(app: Flask, sign_in: SignIn) -> None:
    office = create_office()
    dispatched(office)
    page = sign_in("clerk", "zh").get("/inbox/").text
    assert 'lang="zh-CN"' in page
    assert "事项000" in page


def test_everybody_chooses_for_himself_how_mail_comes(app: Flask, sign_in: SignIn) -> None:
    office = create_office()
    clerk = sign_in("clerk")
    assert 'value="digest" checked' in clerk.get("/inbox/").text
    assert clerk.post("/inbox/mails", data={"mails": "each"}).status_code == 302
    db.session.expire_all()
    chosen = {row[0]: row[1] for row in db.session.execute(select(StaffProfile.account_id, StaffProfile.mails))}
    assert chosen[office.people["clerk"].id] == "each"
    assert {how for account, how in chosen.items() if account != office.people["clerk"].id} == {"digest"}
    assert 'value="each" checked' in clerk.get("/inbox/").text
    assert clerk.post("/inbox/mails", data={"mails": "hourly"}).status_code == 404
    assert clerk.post("/inbox/mails").status_code == 404


def test_visitors_are_sent_to_sign_in(lite: Flask) -> None:
    visitor = lite.test_client()
    for path in ("/inbox/", "/inbox/count", "/inbox/1/open"):
        assert visitor.get(path).status_code == 302
    assert visitor.post("/inbox/read").status_code == 302


def test_the_outbox_says_why_nothing_goes_out(lite: Flask, sign_in: SignIn) -> None:
    create_person("system_admin")
    page = sign_in("system_admin").get("/mails/list/").text
    assert "this installation names no mail server (FRONTLINE_SMTP_URL)" in page


def test_recurring_work_is_shown_to_whoever_reads_about_runs(lite: Flask, sign_in: SignIn) -> None:
    create_person("system_admin")
    page = sign_in("system_admin").get("/runs/").text
    for name in ("Reminders", "Outgoing mail", "Lapses, ends of suspensions and rating windows"):
        assert name in page
