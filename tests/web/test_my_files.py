"""My files at the door: what was brought or made for oneself, taken under today's rights, confirmed, and nobody else's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import speaking
from app.core.phrases import from_json
from app.core.run import Run
from app.core.runs import enqueue
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Phrase
from app.entities.account import Account
from app.entities.artefact import Artefact, ArtefactReading
from app.entities.delivery import Delivery
from app.entities.notice import Notice
from app.jobs.worker import work_once
from app.services.evaluation import compute
from app.services.scheduling import plan
from tests.conftest import outside
from tests.people import create_person
from tests.services.cycle import MARCH, Cycle
from tests.services.month_of_tickets import city
from tests.services.test_scheduling import create_schedule
from tests.web.doors import program

SignIn = Callable[..., FlaskClient]
DUE = city("04-03 09:00")


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    """A month that is computed."""
    found = Cycle()
    found.does("eva", compute, MARCH)
    return found


def made(app: Flask, cycle: Cycle, **values: object) -> Run:
    """Eva's schedule comes to its time; its files are brought to her and to every street-town's leads."""
    create_schedule(cycle.office.people["eva"], **{"formats": "xlsx", "languages": "en", **values})
    with stopped_at(DUE):
        plan()
        while work_once(app):
            pass
    db.session.rollback()
    with acting_as(SYSTEM):
        return db.session.execute(select(Run).where(Run.schedule_id.is_not(None))).scalar_one()


def get(client: FlaskClient, address: str) -> str:
    """A page."""
    with outside():
        answer = client.get(address)
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def delivery_to(cycle: Cycle, name: str) -> Delivery:
    """What was brought to somebody."""
    db.session.expire_all()
    with acting_as(SYSTEM):
        return db.session.execute(select(Delivery).where(Delivery.user_id == cycle.office.people[name].id)).scalar_one()


def test_an_empty_place_says_what_will_come(lite: Flask, sign_in: SignIn) -> None:
    create_person("viewer")
    page = get(sign_in("viewer"), "/my-files/")
    assert "No files yet" in page and 'href="/my-files/"' in page
    assert "Everything is confirmed" in get(sign_in("viewer"), "/my-files/?show=waiting")


def test_files_are_taken_from_the_bell_confirmed_and_the_keeper_sees_it(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    cycle.preliminary()
    run = made(app, cycle)
    clerk = sign_in("clerk")
    with acting_as(SYSTEM):
        notice = db.session.execute(
            select(Notice).where(Notice.kind == "files", Notice.user_id == cycle.office.people["clerk"].id)
        ).scalar_one()
        artefact = db.session.execute(select(Artefact)).scalar_one()
    with outside():
        opened = clerk.get(f"/inbox/{notice.id}/open")
    assert opened.status_code == 302 and opened.headers["Location"] == f"/my-files/?run={run.id}"
    page = get(clerk, f"/my-files/?run={run.id}")
    assert "Performance scorecard, March 2026" in page and "Preliminary list" in page and ">Unread<" in page
    assert "scorecard-2026-03.en.xlsx" in page and "English" in page
    with outside():
        taken = clerk.get(f"/my-files/{artefact.id}/file")
    assert taken.status_code == 200 and hashlib.sha256(taken.data).hexdigest() == artefact.digest, "published: everybody's, byte for byte"
    assert "attachment" in taken.headers["Content-Disposition"]
    mine = delivery_to(cycle, "clerk")
    assert mine.opened_at is not None and mine.received_at is None
    with acting_as(SYSTEM):
        (reading,) = db.session.execute(select(ArtefactReading)).scalars().all()
    assert (reading.artefact_id, reading.user_id, reading.digest) == (artefact.id, mine.user_id, artefact.digest)
    with outside():
        assert clerk.post(f"/my-files/{mine.id}/confirm", data={"show": "waiting"}).headers["Location"] == "/my-files/?show=waiting"
    confirmed = delivery_to(cycle, "clerk").received_at
    assert confirmed is not None
    page = get(clerk, "/my-files/")
    assert "Received " in page and "Confirm receipt" not in page and "downloaded" in page
    assert "Everything is confirmed" in get(clerk, "/my-files/?show=waiting")
    with outside():
        clerk.post(f"/my-files/{mine.id}/confirm")
    assert delivery_to(cycle, "clerk").received_at == confirmed, "twice is once"


def test_nobody_sees_takes_or_confirms_what_is_anothers(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    cycle.preliminary()
    made(app, cycle)
    theirs = delivery_to(cycle, "clerk")
    gardener = sign_in("gardener")
    assert "scorecard-2026-03" not in get(gardener, "/my-files/")
    assert "scorecard-2026-03" not in get(gardener, f"/my-files/?run={theirs.run_id}")
    with outside():
        assert gardener.post(f"/my-files/{theirs.id}/confirm").status_code == 404
        assert gardener.get("/my-files/987654/file").status_code == 404
        assert gardener.get(f"/my-files/schedule/{theirs.run_id}").status_code == 403
    assert delivery_to(cycle, "clerk").received_at is None


def test_a_right_that_was_taken_away_closes_the_files_that_were_brought(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    cycle.preliminary()
    made(app, cycle)
    with acting_as(SYSTEM):
        number = db.session.execute(select(Artefact.id)).scalar_one()
        with transaction() as session:
            artefact = session.get(Artefact, number)
            artefact.unit_id = cycle.office.parks.id
    clerk = sign_in("clerk")
    with outside():
        assert clerk.get(f"/my-files/{number}/file").status_code == 404
    page = get(clerk, "/my-files/")
    assert "no longer kept, or no longer yours to read" in page and "scorecard-2026-03" not in page
    with acting_as(SYSTEM):
        assert db.session.execute(select(ArtefactReading)).first() is None


def test_a_provisional_file_carries_the_name_of_whoever_takes_it(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    made(app, cycle, formats="xlsx+pdf")
    eva = sign_in("eva")
    with acting_as(SYSTEM):
        kept = {one.format: one for one in db.session.execute(select(Artefact)).scalars()}
    for fmt, artefact in kept.items():
        with outside():
            answer = eva.get(f"/my-files/{artefact.id}/file")
        digest = hashlib.sha256(answer.data).hexdigest()
        assert answer.status_code == 200 and digest != artefact.digest
        with acting_as(SYSTEM):
            readings = db.session.execute(select(ArtefactReading.digest).where(ArtefactReading.artefact_id == artefact.id)).scalars().all()
        assert readings == [digest]
        if fmt == "xlsx":
            sheet = load_workbook(BytesIO(answer.data)).worksheets[0]
            assert "Copy for Eva" in str(sheet.oddFooter.left.text) + str(sheet.oddFooter.center.text) + str(
                sheet.oddHeader.left.text
            ) + str(sheet.oddHeader.right.text) + str(sheet.oddFooter.right.text) + str(sheet.oddHeader.center.text)


def test_a_provisional_file_stays_closed_to_those_it_ranks_when_the_list_is_out(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    made(app, cycle)
    with stopped_at(city("04-03 12:00")):
        cycle.office.at = city("04-03 12:00")
        cycle.preliminary()
    with acting_as(SYSTEM):
        number = db.session.execute(select(Artefact.id)).scalar_one()
    with outside():
        assert sign_in("clerk").get(f"/my-files/{number}/file").status_code == 404
        assert sign_in("eva").get(f"/my-files/{number}/file").status_code == 200
    page = get(sign_in("eva"), "/my-files/")
    assert ">Computed<" in page and ">Preliminary list<" not in page, "the state it bears, not the state of today"


def test_what_one_looks_for_is_found_by_report_and_period(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    cycle.preliminary()
    made(app, cycle)
    eva = sign_in("eva", "zh")
    page = get(eva, "/my-files/?report=scorecard&period=2026-03")
    assert "scorecard-2026-03.en.xlsx" in page and re.search(r'<option value="2026-03" selected>2026年3月</option>', page)
    for nothing in ("?report=export", "?period=2026-02", "?report=overdue", "?run=987654"):
        assert "scorecard-2026-03.en.xlsx" not in get(eva, f"/my-files/{nothing}")


def test_an_export_rings_the_bell_and_lies_in_my_files(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    clerk = cycle.office.people["clerk"]
    with acting_as(cycle.office.actor("clerk")), speaking("en"):
        run_id = enqueue("export", Phrase("Export of tickets"), {"resource": "Ticket", "query": "", "columns": ["number", "title"]})
    waiting = get(sign_in("clerk"), "/my-files/")
    assert f'href="/runs/{run_id}"' in waiting and "Waiting" in waiting
    while work_once(app):
        pass
    db.session.rollback()
    page = get(sign_in("clerk"), "/my-files/")
    assert f'href="/runs/{run_id}/file"' in page and "Ready" in page
    with acting_as(SYSTEM):
        run = db.session.get(Run, run_id)
        notice = db.session.execute(select(Notice).where(Notice.kind == "files", Notice.user_id == clerk.id)).scalar_one()
        assert run is not None and run.state == "done"
    phrase = from_json(notice.text)
    assert phrase is not None and phrase.values["count"] == (run.result or {})["rows"]
    with outside():
        assert sign_in("clerk").get(f"/inbox/{notice.id}/open").headers["Location"] == f"/my-files/?run={run_id}"
    assert "/runs/" not in get(sign_in("eva"), "/my-files/").split("<main")[1]


def test_programs_read_and_take_their_owners_files(app: Flask, cycle: Cycle) -> None:
    cycle.preliminary()
    made(app, cycle)
    client = program(app, "clerk")
    with outside():
        (entry,) = client.get("/api/v1/my-files/").json["result"]
    assert entry["period"] == MARCH and entry["evaluation"] == {"state": "preliminary", "revision": 1}
    assert entry["opened_at"] is None and entry["received_at"] is None
    (file,) = entry["files"]
    with outside():
        taken = client.get(file["href"])
        assert hashlib.sha256(taken.data).hexdigest() == file["sha256"] and len(taken.data) == file["size"]
        assert client.get("/api/v1/my-files/").json["result"][0]["opened_at"] is not None
        assert client.get("/api/v1/my-files/files/987654").status_code == 404
        assert app.test_client().get("/api/v1/my-files/").status_code == 401
    with acting_as(SYSTEM):
        assert db.session.execute(select(ArtefactReading.user_id)).scalars().all() == [
            db.session.execute(select(Account.id).where(Account.username == "clerk")).scalar_one()
        ]


def test_what_did_not_arrive_is_said_per_recipient_and_sent_again_by_its_keeper(app: Flask, cycle: Cycle, sign_in: SignIn) -> None:
    cycle.preliminary()
    run = made(app, cycle, addresses="gone@example.org")
    with acting_as(SYSTEM), transaction() as session:
        lost = session.execute(select(Delivery).where(Delivery.route == "mail")).scalar_one()
        lost.state, lost.error, lost.answer, lost.next_at = "bounced", "refused_address", "550 no such mailbox", None
    page = get(sign_in("eva"), f"/schedules/show/{run.schedule_id}?run={run.id}")
    assert "The receiver does not know the recipient (550 no such mailbox)" in page and "Send again what did not arrive" in page
    assert "Send again" not in get(sign_in("evan"), f"/schedules/show/{run.schedule_id}?run={run.id}"), "only its keeper"
    with outside():
        assert sign_in("evan").post(f"/schedules/again/{run.schedule_id}/{run.id}").status_code == 403
        assert sign_in("eva").post(f"/schedules/again/{run.schedule_id}/{run.id}").status_code == 302
    db.session.expire_all()
    with acting_as(SYSTEM):
        assert db.session.execute(select(Delivery.state).where(Delivery.route == "mail")).scalar_one() == "queued"
