"""Proposal and similar tickets on a ticket's page: one press follows, the timeline remembers, nobody sees a foreign ticket."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.matter import Matter
from app.entities.ticket_event import TicketEvent
from tests.services.casework import create_office
from tests.web.test_ticket_page import create_listed, press, read

Enter = Callable[..., FlaskClient]


def card(page: str, name: str) -> str:
    """The text of one card of the side column."""
    found = re.search(rf'<section class="panel" aria-labelledby="{name}">(.*?)</section>', page, flags=re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]) if found else ""


def test_the_centre_is_proposed_the_lead_with_reasons_and_the_dispatch_remembers_that(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = create_listed(office)
    duty = sign_in("duty")
    page = read(office, duty, ticket)
    shown = card(page, "proposal-title")
    assert "Department D-1" in shown and "80%" in shown and "Item 47 of list 2026-1 names it as lead" in shown
    assert "Also possible" in shown and "Street-town S-1 50%" in shown
    form = re.search(r'id="move-dispatch.*?</form>', page, flags=re.DOTALL)
    assert form is not None and re.search(rf'name="unit"[^>]*value="{office.parks.id}"', form[0])

    assert press(office, duty, ticket, "dispatch", unit=office.parks.id).status_code == 302
    event = db.session.execute(select(TicketEvent).where(TicketEvent.action == "dispatch")).scalar_one()
    assert (event.details["proposed"], event.details["followed"]) == (office.parks.id, True)
    shown = card(read(office, duty, ticket), "proposal-title")
    assert "followed" in shown and "Item 47 of list 2026-1 names it as lead" in shown and "0.80" in shown


def test_a_dispatch_by_hand_to_another_unit_says_so(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = create_listed(office)
    duty = sign_in("duty")
    assert press(office, duty, ticket, "dispatch", unit=office.police.id).status_code == 302
    assert "decided otherwise" in card(read(office, duty, ticket), "proposal-title")


def test_where_nothing_is_known_the_page_says_why_nothing_is_proposed(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register(street_town="")
    assert "Decide by hand" in card(read(office, sign_in("duty"), ticket), "proposal-title")


def test_who_does_not_dispatch_is_shown_no_proposal(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = create_listed(office)
    assert card(read(office, sign_in("viewer"), ticket), "proposal-title") == ""


def test_similar_tickets_link_to_what_the_reader_may_see_and_to_nothing_else(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    with transaction() as session:
        matter = Matter(code="M-1", name_zh="油烟", name_en="Fumes", level=1)
        session.add(matter)
        session.flush()
        number = matter.id
    foreign = office.register("夜市油烟扰民", street_town=office.other_street.id, matter=number)
    own = office.register("夜市油烟扰民严重", matter=number)
    new = office.register("夜市油烟扰民", matter=number)
    for_centre, for_clerk = (read(office, sign_in(name), new) for name in ("duty", "clerk"))
    assert f'/tickets/show/{foreign.id}"' in for_centre and f'/tickets/show/{own.id}"' in for_centre
    assert f"/tickets/show/{foreign.id}" not in for_clerk and f'/tickets/show/{own.id}"' in for_clerk
    assert "wording 100% alike" in card(for_centre, "similar-title") and "same place" in card(for_centre, "similar-title")
