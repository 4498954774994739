"""The rail above a list: the steps it took, and none that it never took."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.acting import acting_as
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.assignment_round import AssignmentRound
from app.services.evaluation import compute, publish
from app.services.evaluation_cycle import publish_preliminary, restate
from tests.people import create_person
from tests.services.month_of_tickets import Month, city, walk_the_month

Enter = Callable[[str], FlaskClient]
FULL = ["Computed", "Checked", "Preliminary list", "Appeals", "Final list"]


@pytest.fixture
def march(lite: Flask) -> Month:
    month = walk_the_month()
    month.office.at = city("04-05 09:00")
    create_person("evaluator")
    return month


def rail(page: str) -> list[tuple[str, bool]]:
    """The steps' words, and whether each is done."""
    [shown] = re.findall(r'<section class="panel rail".*?</section>', page, re.DOTALL)
    steps = re.findall(r"<li(.*?)>.*?<b>(.*?)</b>", shown, re.DOTALL)
    return [(word, "past" in mark) for mark, word in steps]


def test_a_list_published_at_once_has_no_preliminary_list_and_no_appeals_behind_it(march: Month, sign_in: Enter) -> None:
    with march.office.now(), acting_as(SYSTEM):
        compute("2026-03")
        before = rail(sign_in("evaluator").get("/evaluations/2026-03").text)
        publish("2026-03")
        with transaction() as session:
            for one in session.query(AssignmentRound).filter_by(ticket_id=march.tickets["I"].id):
                one.signed_at = one.dispatched_at
        restate("2026-03", "late")
    assert [word for word, _ in before] == FULL, "which way it goes is not yet known"
    evaluator = sign_in("evaluator")
    assert rail(evaluator.get("/evaluations/2026-03").text) == [("Computed", True), ("Checked", True), ("Final list", True)]
    draft = rail(evaluator.get("/evaluations/2026-03?revision=2").text)
    assert draft == [("Computed", True), ("Checked", True), ("Final list", False)]


def test_a_preliminary_list_stands_before_its_appeals(march: Month, sign_in: Enter) -> None:
    with march.office.now(), acting_as(SYSTEM):
        publish_preliminary("2026-03")
    assert rail(sign_in("evaluator").get("/evaluations/2026-03").text) == list(zip(FULL, (True, True, True, False, False), strict=True))
