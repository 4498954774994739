"""What schedules have made reaches everybody by the chosen way, once, in the own language; what does not arrive is kept and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import Words
from app.core.phrases import from_json
from app.core.run import Run
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import NotAllowed, Refused
from app.entities.account import Account
from app.entities.artefact import Artefact
from app.entities.delivery import Delivery
from app.entities.delivery_target import DeliveryTarget
from app.entities.notice import Notice
from app.entities.parameter import Parameter
from app.jobs.worker import work_once
from app.services.delivering import OUTBOX, deliver_due, send_again
from app.services.evaluation import compute
from app.services.scheduling import plan
from tests.delivery.receiver import receiving
from tests.services.cycle import MARCH, Cycle
from tests.services.month_of_tickets import city
from tests.services.post_box import PostBox, free_port, html, listening, plain
from tests.services.test_scheduling import create_schedule

DUE = city("04-03 09:00")
EVA = "eva@example.invalid"
CLERK = "clerk@example.invalid"
KEY = "a-key-of-enough-letters"


@pytest.fixture
def box(app: Flask) -> Iterator[PostBox]:
    """A mail server that is configured and not yet listening."""
    post = PostBox(free_port())
    app.config["SMTP_URL"] = post.url
    _parameter("mail_from", "frontline@gulou.example")
    yield post
    app.config["SMTP_URL"] = ""


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    """A month that is evaluated; its preliminary list is out."""
    found = Cycle()
    found.does("eva", compute, MARCH)
    found.preliminary()
    return found


def _parameter(code: str, value: str) -> None:
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == code)).scalar_one().value = value


def _speaks(account: Account, language: str) -> None:
    with acting_as(SYSTEM), transaction() as session:
        session.get(Account, account.id).language = language


def target(**values: Any) -> DeliveryTarget:
    """A registered target."""
    usual = {"code": "place", "name_zh": "市政府", "name_en": "City hall", "kind": "folder", "address": "city-hall", "language": "zh"}
    with acting_as(SYSTEM), transaction() as session:
        row = DeliveryTarget(**{**usual, **values})
        session.add(row)
    return row


def scheduled(cycle: Cycle, *targets: DeliveryTarget, **values: Any) -> int:
    """A schedule of Eva's that mails."""
    usual: dict[str, Any] = {"route": "mail", "leads": "", "languages": "own"}
    with acting_as(SYSTEM):
        schedule = create_schedule(cycle.office.people["eva"], **{**usual, **values})
        with transaction() as session:
            schedule = session.merge(schedule)
            schedule.targets = [session.merge(one) for one in targets]
        return int(schedule.id)


def made(app: Flask, at: datetime = DUE) -> None:
    """The clock comes to the time, and a worker does what it has entered."""
    with stopped_at(at):
        plan()
        while work_once(app):
            pass
    db.session.rollback()
    [run] = db.session.execute(select(Run).where(Run.schedule_id.is_not(None))).scalars().all()
    assert run.state == "done", (run.reason, run.trace)


def deliver(at: datetime = DUE) -> int:
    """What is due is sent."""
    db.session.expire_all()
    with stopped_at(at):
        return deliver_due()


def delivery(to: str, route: str = "mail") -> Delivery:
    """One row of the outbox of files."""
    db.session.expire_all()
    with acting_as(SYSTEM):
        return db.session.execute(select(Delivery).where(Delivery.to == to, Delivery.route == route)).scalar_one()


def told(cycle: Cycle, name: str) -> list[str]:
    """What somebody reads about files that did not arrive."""
    db.session.expire_all()
    mine = select(Notice).where(Notice.kind == "undelivered", Notice.user_id == cycle.office.people[name].id).order_by(Notice.id)
    with acting_as(SYSTEM):
        return [Words("en").phrase(from_json(one.text)) for one in db.session.execute(mine).scalars()]  # type: ignore[arg-type]


def test_everybody_gets_both_files_with_words_in_the_own_language(app: Flask, cycle: Cycle, box: PostBox) -> None:
    eva, clerk = cycle.office.people["eva"], cycle.office.people["clerk"]
    _speaks(eva, "en")
    _speaks(clerk, "zh")
    with acting_as(SYSTEM):
        scheduled(cycle, accounts=[db.session.get(Account, clerk.id)])
    made(app)
    with listening(box):
        assert deliver() == 2
        assert deliver() == 0
    (english,), (chinese,) = box.to(EVA), box.to(CLERK)
    assert english["Subject"] == "Frontline: Performance scorecard, March 2026 (Preliminary list)"
    assert plain(english).startswith("“Monthly scorecards” has made: Performance scorecard, March 2026 (Preliminary list).\n")
    run = delivery(f"user:{eva.id}").run_id
    link = f"http://frontline.test/my-files/?run={run}"
    assert f'<a href="{link}">{link}</a>' in html(english) and link in plain(chinese)
    assert [english["Content-Language"], chinese["Content-Language"]] == ["en", "zh"]
    assert "2026年3月" in chinese["Subject"] and "月度评价表" in plain(chinese) and "Scorecard" not in chinese["Subject"]
    for message, language in ((english, "en"), (chinese, "zh")):
        files = {str(part.get_filename()): part.get_payload(decode=True) for part in message.iter_attachments()}
        assert sorted(files) == [f"scorecard-2026-03.{language}.pdf", f"scorecard-2026-03.{language}.xlsx"]
        assert load_workbook(BytesIO(files[f"scorecard-2026-03.{language}.xlsx"]), read_only=True).sheetnames
        assert len(PdfReader(BytesIO(files[f"scorecard-2026-03.{language}.pdf"])).pages) > 2
        assert all(name in plain(message) for name in files)
    sent = delivery(f"user:{eva.id}")
    assert (sent.state, sent.attempts, sent.sent_at, sent.answer) == ("sent", 1, DUE, "250")
    assert english["Message-ID"] == f"<{sent.message_id}>"


def test_a_dead_server_loses_nothing_and_counts_nothing(app: Flask, cycle: Cycle, box: PostBox) -> None:
    scheduled(cycle)
    made(app)
    at = DUE
    for _ in range(12):  # more often than a parcel is tried
        with pytest.raises(Refused) as refused:
            deliver(at)
        assert Words("en").phrase(refused.value.phrase) == "The receiver cannot be reached; files wait"
        at += timedelta(minutes=3)
    waiting = delivery(f"user:{cycle.office.people['eva'].id}")
    assert (waiting.state, waiting.attempts, waiting.error) == ("queued", 0, "away")
    with listening(box):
        assert deliver(at) == 1
    assert [message["Message-ID"] for message in box.messages] == [f"<{waiting.message_id}>"]
    assert delivery(waiting.to).error == ""


def test_without_a_mail_server_files_wait_in_silence_and_are_given_up_after_a_week(app: Flask, cycle: Cycle) -> None:
    app.config["SMTP_URL"] = ""
    scheduled(cycle)
    made(app)
    assert deliver() == 0
    assert delivery(f"user:{cycle.office.people['eva'].id}").state == "queued"
    assert deliver(DUE + timedelta(days=7, minutes=5)) == 0
    assert delivery(f"user:{cycle.office.people['eva'].id}").state == "failed"
    assert told(cycle, "eva") == ["“Monthly scorecards” of 2026-03 did not reach Eva: Too old to be sent; it stands in “My files”"]


def test_an_unknown_address_bounces_is_told_once_and_holds_nobody_up(app: Flask, cycle: Cycle, box: PostBox) -> None:
    schedule = scheduled(cycle, addresses="gone@example.org\npress@example.org")
    made(app)
    box.refuses = {"gone@example.org": "550 no such mailbox"}
    with listening(box):
        assert deliver() == 2
        deliver(DUE + timedelta(hours=1))
    bounced = delivery("mail:gone@example.org")
    assert (bounced.state, bounced.error, bounced.answer, bounced.attempts) == ("bounced", "refused_address", "550 no such mailbox", 1)
    assert {str(message["To"]) for message in box.messages} == {EVA, "press@example.org"}
    assert told(cycle, "eva") == [
        "“Monthly scorecards” of 2026-03 did not reach gone@example.org: The receiver does not know the recipient"
    ]
    (outside,) = box.to("press@example.org")
    assert "my-files" not in plain(outside), "who cannot sign in is sent nowhere"
    box.refuses = {}
    with acting_as(cycle.office.actor("evan")), pytest.raises(NotAllowed):
        send_again(schedule, bounced.run_id)
    with acting_as(cycle.office.actor("eva")), stopped_at(DUE + timedelta(hours=2)):
        assert send_again(schedule, bounced.run_id) == 1
    with listening(box):
        assert deliver(DUE + timedelta(hours=2)) == 1
    assert delivery("mail:gone@example.org").state == "sent"


def test_who_lost_the_right_meanwhile_gets_nothing_and_the_keeper_reads_why(app: Flask, cycle: Cycle, box: PostBox) -> None:
    clerk = cycle.office.people["clerk"]
    with acting_as(SYSTEM):
        scheduled(cycle, to_owner=False, accounts=[db.session.get(Account, clerk.id)])
    made(app)
    with acting_as(SYSTEM), transaction() as session:
        session.get(Account, clerk.id).roles = []
    with listening(box):
        assert deliver() == 0
    assert box.messages == []
    withheld = delivery(f"user:{clerk.id}")
    assert (withheld.state, withheld.next_at) == ("withheld", None)
    assert told(cycle, "eva") == [
        "“Monthly scorecards” of 2026-03 did not reach Clerk: Nothing in these files may be read by this recipient."
    ]


def test_a_folder_a_program_and_a_group_get_what_is_theirs(app: Flask, cycle: Cycle, tmp_path: Path) -> None:
    app.config["DROP"] = tmp_path / "drop"
    with receiving() as program, receiving() as gateway:
        gateway.answer = b'{"errcode":0,"errmsg":"ok"}'
        hook = target(code="hook", kind="webhook", address=f"{program.url}/in", secret=KEY, allow_private=True, language="en")
        group = target(code="chat", kind="wecom", address=f"{gateway.url}/cgi-bin/webhook/send?key=abc", allow_private=True)
        scheduled(cycle, target(), hook, group, route="inbox", languages="zh,en")
        made(app)
        assert deliver() == 3
        told_program, told_group = json.loads(program.posts[0].body), json.loads(gateway.posts[0].body)
    lying = sorted(path.name for path in (tmp_path / "drop" / "city-hall").iterdir())
    assert lying == ["scorecard-2026-03.en.pdf", "scorecard-2026-03.en.xlsx", "scorecard-2026-03.zh.pdf", "scorecard-2026-03.zh.xlsx"]
    with acting_as(SYSTEM):
        digests = set(db.session.execute(select(Artefact.digest)).scalars())
    assert {one["sha256"] for one in told_program["data"]["files"]} == digests
    assert told_program["data"]["subject"].startswith("Frontline: Performance scorecard, March 2026")
    assert "2026年3月" in told_group["text"]["content"] and "/my-files/?run=" in told_group["text"]["content"]


def test_a_target_at_a_private_address_gets_nothing_unless_that_is_allowed(app: Flask, cycle: Cycle) -> None:
    with receiving() as program:
        place = target(kind="webhook", address=f"{program.url}/in", secret=KEY, allow_private=False)
        scheduled(cycle, place, route="inbox")
        made(app)
        assert deliver() == 0
        assert program.posts == []
    refused = delivery(f"target:{place.id}", "webhook")
    assert (refused.state, refused.error) == ("failed", "private")
    assert "private network" in told(cycle, "eva")[0]


def test_a_target_that_is_no_longer_in_use_gets_nothing(app: Flask, cycle: Cycle, tmp_path: Path) -> None:
    app.config["DROP"] = tmp_path / "drop"
    place = target()
    scheduled(cycle, place, route="inbox")
    made(app)
    with acting_as(SYSTEM), transaction() as session:
        session.get(DeliveryTarget, place.id).active = False
    assert deliver() == 0
    assert delivery(f"target:{place.id}", "folder").error == "no_target"
    assert not (tmp_path / "drop").exists()


def test_a_robot_that_is_busy_is_asked_again_and_one_that_is_gone_is_given_up(app: Flask, cycle: Cycle) -> None:
    with receiving() as gateway:
        group = target(kind="wecom", address=f"{gateway.url}/cgi-bin/webhook/send?key=abc", allow_private=True)
        scheduled(cycle, group, route="inbox")
        made(app)
        gateway.answer = b'{"errcode":45009,"errmsg":"api freq out of limit"}'
        assert deliver() == 0
        busy = delivery(f"target:{group.id}", "wecom")
        assert (busy.state, busy.error, busy.next_at) == ("queued", "later", DUE + timedelta(minutes=1))
        assert deliver(DUE + timedelta(seconds=59)) == 0 and len(gateway.posts) == 1
        gateway.answer = b'{"errcode":93000,"errmsg":"invalid webhook url"}'
        assert deliver(DUE + timedelta(minutes=1)) == 0
    gone = delivery(f"target:{group.id}", "wecom")
    assert (gone.state, gone.answer) == ("failed", "93000 invalid webhook url")
    assert told(cycle, "eva") == ["“Monthly scorecards” of 2026-03 did not reach City hall: The receiver does not accept the message"]


def test_a_sender_that_died_is_followed_by_another_after_its_lease(app: Flask, cycle: Cycle, box: PostBox) -> None:
    scheduled(cycle)
    made(app)
    to = f"user:{cycle.office.people['eva'].id}"
    from_dead = delivery(to)
    with stopped_at(DUE), acting_as(SYSTEM), transaction() as session:
        assert OUTBOX.claim(session, from_dead.id) is not None
    with listening(box):
        assert deliver(DUE + timedelta(minutes=4, seconds=59)) == 0
        assert deliver(DUE + timedelta(minutes=5)) == 1
    assert len(box.messages) == 1
    with stopped_at(DUE + timedelta(minutes=6)):
        assert not OUTBOX.close(from_dead.id, 1, state="failed"), "the one that was taken for dead writes nothing any more"
    assert delivery(to).state == "sent"
