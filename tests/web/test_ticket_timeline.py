"""Whose act a line of the timeline was: a unit's person, with or without an account; the citizen; the system."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask

from app.core.acting import acting_as
from app.crud.columns import Origin, Reading
from app.domain.actors import Actor
from app.services.progress import move
from tests.conftest import Enter, outside
from tests.services.casework import create_office


def test_who_has_no_account_any_more_still_goes_by_unit_and_name(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register()
    office.do("duty", ticket, "dispatch", unit=office.street.id)
    gone = Actor(None, "郑雯", frozenset({"street_town"}), office.street.id, "street_town")
    office.later(minutes=3)
    with office.now(), acting_as(gone):
        move(ticket.id, "sign", None, {}, Reading(origin=Origin.API))
    number, street = ticket.id, office.street.name_en
    with outside(), office.now():
        page = sign_in("viewer").get(f"/tickets/show/{number}").text
    text = " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
    assert "郑雯" in text
    assert f"{street} signed" in text
    assert "Citizen signed" not in text
