"""Mail about notices: in each reader's language, at the hour each chose, through a real server that may be away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused
from app.entities.account import Account
from app.entities.mail import Mail
from app.entities.notice import Notice
from app.entities.parameter import Parameter
from app.entities.staff_profile import StaffProfile
from app.services.mailing import send_mails, why_waiting, write_mails
from app.services.notices import read_one
from app.services.reminders import remind
from tests.services.casework import Office, create_office
from tests.services.post_box import PostBox, free_port, html, listening, plain

CLERK, CHIEF = "clerk@example.invalid", "chief@example.invalid"


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@pytest.fixture
def box(app: Flask) -> Iterator[PostBox]:
    """A mail server that is configured and not yet listening."""
    post = PostBox(free_port())
    app.config["SMTP_URL"] = post.url
    _parameter("mail_from", "frontline@gulou.example")
    yield post
    app.config["SMTP_URL"] = ""


def _parameter(code: str, value: str) -> None:
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == code)).scalar_one().value = value


def _wants(office: Office, name: str, mails: str, language: str = "en") -> None:
    """How somebody wants mail, and in which language."""
    with transaction() as session:
        profile = session.execute(select(StaffProfile).where(StaffProfile.account_id == office.people[name].id)).scalar_one()
        profile.mails = mails
        session.get(Account, office.people[name].id).language = language


def _everybody(office: Office, mails: str) -> None:
    for name in office.people:
        _wants(office, name, mails)


def post(office: Office) -> tuple[int, int]:
    """Write and send in the present of the office: how many were written, how many got through."""
    db.session.expire_all()
    with office.now():
        written = write_mails()
        sent = send_mails()
    db.session.expire_all()
    return written, sent


def mails() -> list[Mail]:
    """The outbox."""
    db.session.expire_all()
    return list(db.session.execute(select(Mail).order_by(Mail.id)).scalars())


def test_everybody_is_written_to_in_the_own_language_with_a_link_in_two_forms(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each", "zh")
    _wants(office, "chief", "each", "en")
    ticket = office.register("路灯 <b>不亮</b> & 井盖")
    office.do("duty", ticket, "dispatch", unit=office.street.id)
    with listening(box):
        assert post(office) == (2, 2)
    (english,) = box.to(CHIEF)
    said = f"{ticket.number} “路灯 <b>不亮</b> & 井盖” was dispatched to you; sign for it"
    assert english["Subject"] == f"Frontline: {said}"
    assert plain(english).startswith(f"{said}. Due 2 Mar 2026, 09:10\n")
    notice = db.session.execute(select(Notice).where(Notice.user_id == office.people["chief"].id)).scalar_one()
    link = f"http://frontline.test/inbox/{notice.id}/open"
    assert link in plain(english) and f'<a href="{link}">' in html(english)
    assert "&lt;b&gt;不亮&lt;/b&gt; &amp; 井盖" in html(english) and "<b>" not in html(english)
    assert english["From"] == "Frontline <frontline@gulou.example>"
    assert english["Content-Language"] == "en"
    (chinese,) = box.to(CLERK)
    with acting_as(SYSTEM):
        expected = words("zh")("%(number)s “%(title)s” was dispatched to you; sign for it", number=ticket.number, title=ticket.title)
    assert chinese["Subject"].startswith("一线处置") and chinese["Subject"].endswith(expected)
    assert chinese["Content-Language"] == "zh"
    assert "2026-03-02 09:10" in plain(chinese)
    assert post(office) == (0, 0)


def test_mail_waits_for_the_end_of_the_quiet_hours_unless_it_is_urgent(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    ticket = office.to_handling(office.register())
    with listening(box):
        office.at = at("2026-03-05T22:30")
        with office.now():
            assert remind() > 0  # due, and overdue by ten minutes: neither is urgent
        assert post(office) == (0, 0)
        office.do("duty", ticket, "supervise", note="请立即说明情况。")
        assert post(office) == (1, 1)  # an order wakes people up
        assert "supervision order" in box.messages[-1]["Subject"]
        office.at = at("2026-03-06T06:59")
        assert post(office) == (0, 0)
        office.at = at("2026-03-06T07:00")
        written, sent = post(office)
    assert written == sent == 3  # due, overdue, and overdue for the lead, who is missing here
    assert {message["To"] for message in box.messages} == {CLERK}


def test_a_digest_is_one_mail_a_day_with_everything_unread(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "digest")
    tickets = [office.register(f"事项{number}") for number in range(3)]
    for ticket in tickets:
        office.do("duty", ticket, "dispatch", unit=office.street.id)
    with listening(box):
        office.at = at("2026-03-03T08:29")
        assert post(office) == (0, 0)
        first = db.session.execute(select(Notice).where(Notice.user_id == office.people["clerk"].id).order_by(Notice.id)).scalars().first()
        assert first is not None
        with office.now(), acting_as(office.actor("clerk")):
            read_one(first.id)
        office.at = at("2026-03-03T08:30")
        assert post(office) == (1, 1)
        assert post(office.later(minutes=1)) == (0, 0)
        (message,) = box.to(CLERK)
        assert message["Subject"] == "Frontline: unread notices (2)"
        said = plain(message)
        assert "事项1" in said and "事项2" in said and "事项0" not in said
        assert len(re.findall(r"/inbox/\d+/open", said)) == 2
        office.at = at("2026-03-04T08:30")
        assert post(office) == (0, 0)


def test_whoever_wants_no_mail_gets_none_and_reads_it_on_screen(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    assert {notice.mail for notice in db.session.execute(select(Notice)).scalars()} == {""}
    assert post(office.later(days=1)) == (0, 0)
    assert mails() == []


def test_a_dead_server_loses_nothing_and_counts_nothing(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    for _ in range(20):  # more often than a mail is tried
        db.session.expire_all()
        with office.later(minutes=3).now(), pytest.raises(Refused) as refused:
            write_mails()
            send_mails()
        assert words("en").phrase(refused.value.phrase) == "The mail server cannot be reached; mail waits"
    (mail,) = mails()
    assert (mail.state, mail.attempts, mail.error) == ("queued", 0, "away")
    assert mail.answer
    with listening(box):
        assert post(office.later(minutes=3)) == (0, 1)
    (mail,) = mails()
    assert (mail.state, mail.attempts, mail.error, mail.answer) == ("sent", 1, "", "")
    assert mail.sent_at == office.at
    (message,) = box.messages
    assert message["Message-ID"] == f"<{mail.message_id}>"


def test_a_server_that_hangs_up_in_the_middle_gets_the_same_message_again(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    box.hangs_up = True
    with listening(box):
        with office.now(), pytest.raises(Refused):
            write_mails()
            send_mails()
        (mail,) = mails()
        assert (mail.state, mail.attempts) == ("queued", 0)
        before = mail.message_id
        box.hangs_up = False
        assert post(office.later(minutes=3)) == (0, 1)
    assert [message["Message-ID"] for message in box.messages] == [f"<{before}>"]


def test_a_refused_address_is_given_up_with_the_reason_and_holds_nobody_else_up(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "chief", "each")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    box.refuses = {CLERK: "550 no such mailbox"}
    with listening(box):
        assert post(office) == (2, 1)
    by_address = {mail.recipient: mail for mail in mails()}
    assert (by_address[CLERK].state, by_address[CLERK].error) == ("failed", "refused_address")
    assert "no such mailbox" in by_address[CLERK].answer
    assert by_address[CHIEF].state == "sent"


def test_a_server_that_asks_to_come_again_is_asked_more_and_more_patiently_and_then_no_more(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    box.content = "451 greylisted"
    waits = []
    with listening(box):
        while True:
            before = office.at
            post(office)
            (mail,) = mails()
            if mail.state != "queued":
                break
            assert mail.next_at is not None
            waits.append(round((mail.next_at - before).total_seconds() / 60))
            assert len(waits) < 20
            office.at = mail.next_at
    assert waits == [1, 5, 15, 60, 120, 240, 480]
    assert (mail.state, mail.attempts, mail.error, mail.answer) == ("failed", 8, "later", "451 greylisted")


def test_a_wrong_password_says_so(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    with listening(box, password="right"):
        app.config["SMTP_URL"] = f"smtp://frontline:wrong@127.0.0.1:{box.port}"
        with office.now(), pytest.raises(Refused):
            write_mails()
            send_mails()
        assert [(mail.state, mail.error) for mail in mails()] == [("queued", "sign_in")]
        app.config["SMTP_URL"] = f"smtp://frontline:right@127.0.0.1:{box.port}"
        assert post(office.later(minutes=3)) == (0, 1)


def test_without_a_server_or_a_sender_mail_waits_and_the_outbox_says_why(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    app.config["SMTP_URL"] = ""
    assert post(office) == (1, 0)
    missing = why_waiting()
    assert missing is not None and "FRONTLINE_SMTP_URL" in missing.message
    app.config["SMTP_URL"] = box.url
    _parameter("mail_from", "")
    assert post(office) == (0, 0)
    missing = why_waiting()
    assert missing is not None and "Sender address" in missing.message
    _parameter("mail_from", "frontline@gulou.example")
    assert why_waiting() is None
    with listening(box):
        assert post(office) == (0, 1)


def test_what_waited_for_more_than_a_week_is_not_sent_any_more(app: Flask, box: PostBox) -> None:
    office = create_office()
    _everybody(office, "none")
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    app.config["SMTP_URL"] = ""
    assert post(office) == (1, 0)
    app.config["SMTP_URL"] = box.url
    with listening(box):
        assert post(office.later(days=7, minutes=1)) == (0, 0)
    assert [(mail.state, mail.error) for mail in mails()] == [("failed", "stale")]
    assert box.messages == []


def test_the_past_that_is_entered_late_is_not_mailed(app: Flask, box: PostBox) -> None:
    office = create_office()
    _wants(office, "clerk", "each")
    office.do("duty", office.register(), "dispatch", unit=office.street.id)
    with listening(box):
        assert post(office.later(days=30)) == (0, 0)
    assert mails() == []


def test_senders_at_the_same_moment_send_each_mail_once(app: Flask, box: PostBox) -> None:
    office = create_office()
    for number in range(5):
        office.do("duty", office.register(f"事项{number}"), "dispatch", unit=office.street.id)
    with transaction() as session:
        session.execute(update(Notice).values(mail="each", mail_after=office.at))
    db.session.remove()
    failed: list[BaseException] = []
    start = Barrier(3)

    def work() -> None:
        with app.app_context(), acting_as(SYSTEM), stopped_at(office.at):
            try:
                start.wait(20)
                write_mails()
                send_mails()
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test must see it
                failed.append(error)
            finally:
                db.session.remove()

    with listening(box):
        threads = [Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not failed
        post(office)
    assert sorted(message["To"] for message in box.messages) == sorted([CLERK, CHIEF] * 5)
    assert len({message["Message-ID"] for message in box.messages}) == 10
