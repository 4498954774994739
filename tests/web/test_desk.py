"""The desk at the door: what each role finds there, what a press does, and what is never shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import db
from app.core.phrases import to_json
from app.core.transaction import transaction
from app.domain.refusals import Phrase
from app.entities.notice import Notice
from app.entities.ticket import Ticket
from app.queries.desk import PER_PAGE
from tests.conftest import outside
from tests.people import create_person
from tests.services.casework import Office, create_office

Enter = Callable[..., FlaskClient]


def see(office: Office, client: FlaskClient, address: str = "/", status: int = 200) -> str:
    """A page as it is at the office's time."""
    with office.now(), outside():
        answer = client.get(address)
    assert answer.status_code == status, answer.text[-800:]
    return answer.text


def press(office: Office, client: FlaskClient, **sent: Any) -> Any:
    """A button on the desk."""
    with office.now(), outside():
        return client.post("/desk/batch", data=sent)


def version(ticket: Ticket) -> int:
    """As the page would have shown it."""
    db.session.expire_all()
    return int(db.session.get(Ticket, ticket.id).version)


def row(ticket: Ticket) -> str:
    """A ticket as its tick box sends it."""
    return f"{ticket.id}:{version(ticket)}"


def queue_count(page: str, code: str) -> str:
    """What a queue's card says."""
    found = re.search(rf'data-count="{code}">([\d,]+)</span>', page[page.index('class="queues"') :])
    assert found, code
    return found[1]


def offered(page: str) -> list[str]:
    """The queues on the page, in their order."""
    return re.findall(r'data-queue="(\w+)"', page)


def dispatched(office: Office, unit: Any, count: int = 1) -> list[Ticket]:
    """Tickets on their way to a unit."""
    tickets = [office.register(f"事项{number}") for number in range(count)]
    for ticket in tickets:
        office.do("duty", ticket, "dispatch", unit=unit.id)
    return tickets


@pytest.mark.parametrize(
    ("name", "work", "watch"),
    [
        (
            "duty",
            ["to_dispatch", "returns", "requests", "to_verify", "to_review", "reviewing", "to_archive", "follow_up"],
            ["overdue", "due_soon", "due_today", "suspended", "backstops"],
        ),
        (
            "clerk",
            ["to_sign", "in_hand", "call_returns", "to_verify", "to_rate", "orders"],
            ["overdue", "due_soon", "due_today", "waiting", "suspended", "backstops"],
        ),
        (
            "gardener",
            ["called", "to_sign", "in_hand", "to_rate", "orders"],
            ["overdue", "due_soon", "due_today", "waiting", "suspended", "backstops"],
        ),
        ("viewer", [], ["overdue", "due_soon", "due_today", "suspended", "backstops"]),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_role_is_offered_its_own_queues(
    lite: Flask, sign_in: Enter, name: str, work: list[str], watch: list[str], language: str
) -> None:
    office = create_office()
    assert offered(see(office, sign_in(name, language))) == [*work, *watch]


def test_what_is_an_exception_at_a_unit_appears_when_it_happens(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    clerk = sign_in("clerk")
    assert "to_dispatch" not in offered(see(office, clerk))
    office.register()
    assert "to_dispatch" in offered(see(office, clerk))


def test_whoever_only_reads_finds_an_overview_without_verbs(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    (ticket,) = dispatched(office, office.street)
    office.later(hours=2)
    create_person("auditor")
    for name in ("viewer", "auditor"):
        page = see(office, sign_in(name))
        assert ticket.number in page
        assert "data-batch" in page
        assert not re.findall(r'name="(?:one|action|row)"', page)
        assert page.index("flow-title") < page.index("queue-title")


def test_whoever_reads_no_tickets_finds_the_places_instead(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    create_person("system_admin")
    page = see(office, sign_in("system_admin"))
    assert 'class="places"' in page
    assert offered(page) == []


def test_an_empty_queue_says_what_will_appear_there_and_leads_to_work(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    office.register()
    page = see(office, sign_in("clerk"), "/?queue=to_sign")
    assert "What is dispatched to your unit appears here; sign for it in time." in page
    assert re.search(r'<div class="row-line">\s*<a class="btn" href="/\?queue=to_dispatch">', page)


def test_the_first_queue_in_which_something_waits_is_opened(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    (ticket,) = dispatched(office, office.street)
    clerk = sign_in("clerk")
    assert re.search(r'aria-current="true"[^>]*data-queue="to_sign"', see(office, clerk))
    office.do("clerk", ticket, "sign")
    assert re.search(r'aria-current="true"[^>]*data-queue="in_hand"', see(office, clerk))
    assert re.search(r'aria-current="true"[^>]*data-queue="in_hand"', see(office, clerk, "/?queue=nonsense&page=x"))


def test_one_press_signs_and_leads_to_the_next_row(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    first, second = dispatched(office, office.street, 2)
    clerk = sign_in("clerk")
    button = f'name="one" value="sign:{row(first)}"'
    assert button in see(office, clerk)
    answer = press(office, clerk, one=f"sign:{row(first)}", queue="to_sign", next=str(second.id))
    assert (answer.status_code, answer.location) == (302, f"/?queue=to_sign#row-{second.id}")
    page = see(office, clerk, "/?queue=to_sign")
    assert f"Sign: {first.number} is done" in page
    assert queue_count(page, "to_sign") == "1"
    assert button not in page


def test_several_are_signed_and_whoever_was_faster_is_named_with_the_reason(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    first, taken, last = dispatched(office, office.street, 3)
    rows = [row(first), row(taken), row(last)]
    office.do("chief", taken, "sign")
    answer = press(office, sign_in("clerk"), action="sign", row=rows, queue="to_sign")
    assert answer.status_code == 200
    assert f"2 done: {first.number}, {last.number}" in answer.text
    assert "1 not done" in answer.text
    assert f'href="/tickets/show/{taken.id}">{taken.number}</a>' in answer.text
    assert "Somebody moved this ticket on after you opened it." in answer.text


def test_a_foreign_ticket_is_refused_without_a_word_about_it(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    foreign = office.register("水部街道事项", street_town=office.other_street.id)
    answer = press(office, sign_in("clerk"), action="sign", row=[row(foreign)], queue="to_sign")
    assert "There is no such record, or it is not yours to see." in answer.text
    assert foreign.number not in answer.text and foreign.title not in answer.text


def test_several_are_dispatched_to_the_unit_that_was_picked(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    tickets = [office.register("甲"), office.register("乙")]
    duty = sign_in("duty")
    assert 'name="unit" value=""' in see(office, duty, "/?queue=to_dispatch")
    refused = press(office, duty, action="dispatch", row=[row(t) for t in tickets], queue="to_dispatch", unit="")
    assert refused.location == "/?queue=to_dispatch"
    assert "“Unit” is missing" in see(office, duty, refused.location)
    done = press(office, duty, action="dispatch", row=[row(t) for t in tickets], queue="to_dispatch", unit=str(office.parks.id))
    assert done.status_code == 302
    assert "Dispatch: 2 tickets are done" in see(office, duty)
    assert {db.session.get(Ticket, t.id).unit_id for t in tickets} == {office.parks.id}


@pytest.mark.parametrize("name", ["viewer", "auditor"])
def test_whoever_only_reads_is_refused_at_the_door(lite: Flask, sign_in: Enter, name: str) -> None:
    office = create_office()
    create_person("auditor")
    (ticket,) = dispatched(office, office.street)
    answer = press(office, sign_in(name), one=f"sign:{row(ticket)}")
    assert answer.status_code == 403
    db.session.expire_all()
    assert db.session.get(Ticket, ticket.id).stage == "dispatched"


@pytest.mark.parametrize(
    "sent", [{}, {"one": "sign"}, {"one": "sign:x:y"}, {"action": "sign", "row": ["9" * 30 + ":1"]}, {"one": "void:1:1"}]
)
def test_what_no_page_of_ours_sends_is_refused_in_words(lite: Flask, sign_in: Enter, sent: dict[str, Any]) -> None:
    office = create_office()
    duty = sign_in("duty")
    answer = press(office, duty, **sent, queue="' OR 1=1", next="x")
    assert (answer.status_code, answer.location) == (302, "/")
    assert 'class="alert alert-danger"' in see(office, duty)


def test_counts_are_told_to_a_page_that_stays_open(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    dispatched(office, office.street, 2)
    office.later(minutes=30)
    clerk = sign_in("clerk")
    page = see(office, clerk)
    with office.now(), outside():
        told = clerk.get("/desk/counts").json["counts"]
    assert told["to_sign"] == ["2", "2"]
    assert told["open"] == ["2", "2"]
    for code in offered(page):
        assert told[code][0] == queue_count(page, code), code


def test_counts_stand_beside_the_entries_of_the_navigation_on_every_page(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    dispatched(office, office.street, 2)
    office.later(minutes=30)
    clerk = sign_in("clerk")
    for address in ("/?queue=overdue", "/departments/list/"):
        page = see(office, clerk, address)
        navigation = page[page.index('id="areas"') : page.index('class="frame-body"')]
        assert re.search(r'class="count badge badge-bad" data-count="overdue" data-late>2</span>', navigation)
        assert re.search(r'class="count" data-count="to_sign">2</span>', navigation)
        assert re.search(r'class="count" data-count="open">2</span>', navigation)


def test_everybody_reads_the_own_notices_only(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register()
    office.do("duty", ticket, "dispatch", unit=office.parks.id)
    notice = "was dispatched to you"
    gardener = sign_in("gardener")
    page = see(office, gardener)
    assert notice in page
    (leads,) = re.findall(r'<li class="unread"><a class="news-text" href="([^"]+)"', page)
    with office.now(), outside():
        assert gardener.get(leads).location == f"/tickets/show/{ticket.id}"
    assert '<li class="unread">' not in see(office, gardener)
    assert notice not in see(office, sign_in("duty"))
    assert notice not in see(office, sign_in("reviewer"))


def test_a_long_queue_is_read_page_by_page(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    tickets = [office.register(f"事项{number}") for number in range(PER_PAGE + 1)]
    duty = sign_in("duty")
    first, second = (see(office, duty, f"/?queue=to_dispatch{page}") for page in ("", "&page=1"))
    numbers = [re.findall(r'class="row-link" href="[^"]+">([^<]+)</a>', page) for page in (first, second)]
    assert [len(found) for found in numbers] == [PER_PAGE, 1]
    assert {*numbers[0], *numbers[1]} == {ticket.number for ticket in tickets}
    assert 'rel="next" href="/?queue=to_dispatch&amp;page=1"' in first
    assert 'rel="prev" href="/?queue=to_dispatch"' in second
    assert f"{PER_PAGE + 1}–{PER_PAGE + 1} of {PER_PAGE + 1}" in second


def test_what_a_called_department_owes_stands_in_the_row(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_called(office.register())
    gardener = sign_in("gardener")
    assert f'value="sign_call:{row(ticket)}"' in see(office, gardener)
    press(office, gardener, one=f"sign_call:{row(ticket)}", queue="called")
    assert f'value="respond:{row(ticket)}"' in see(office, gardener)
    press(office, gardener, one=f"respond:{row(ticket)}", queue="called")
    page = see(office, gardener)
    assert "To report in" in page
    assert f'href="/tickets/show/{ticket.id}?open=report_in"' in page


def test_a_notice_without_a_ticket_is_only_text(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    with transaction() as session:
        session.add(Notice(user_id=office.people["duty"].id, key="k", kind="test", text=to_json(Phrase("Overdue"))))
    assert '<span class="news-text" title="Overdue">Overdue</span>' in see(office, sign_in("duty"))
