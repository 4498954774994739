"""The audit reads what an evaluation counted: a walked month's mutual ratings, neither annulled ones nor those still blind."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.domain.refusals import NotFound
from app.entities.rating import Rating
from app.queries.mutual_audit import mutual_ratings
from app.services.evaluation import compute
from tests.conftest import outside
from tests.people import create_person
from tests.services.month_of_tickets import Month, city, walk_the_month
from tests.web.doors import program

Said = tuple[str, str, str, Fraction]
ONE, HALF = Fraction(1), Fraction(1, 2)


def counted(m: Month, at: str = "04-05 09:00", month: str = "2026-03") -> list[Said]:
    """(rater, rated, figure, worth) as the evaluation of the month counted them."""
    names = {getattr(m.office, name).id: name for name in ("street", "parks", "police")}
    m.office.at = city(at)
    with m.office.now(), acting_as(SYSTEM):
        evaluation = compute(month)
        found = mutual_ratings(db.session(), evaluation.id)
    return sorted((names[one.rater_id], names[one.rated_id], one.code, one.worth) for one in found)


def test_a_walked_month_gives_the_words_that_were_said_in_it(app: Flask) -> None:
    # Ticket B: the street-town found parks on time and effective, the police late and half effective; parks found the call right.
    assert counted(walk_the_month()) == [
        ("parks", "street", "CALL_ACC", ONE),
        ("street", "parks", "MUT_ARR", ONE),
        ("street", "parks", "MUT_EFF", ONE),
        ("street", "police", "MUT_ARR", HALF),
        ("street", "police", "MUT_EFF", HALF),
    ]


def test_an_annulled_word_is_not_among_them(app: Flask) -> None:
    m = walk_the_month()
    with acting_as(SYSTEM):
        wrong = db.session.execute(select(Rating).where(Rating.rated_id == m.office.police.id, Rating.state == "given")).scalar_one()
    m.ticket = m.tickets["B"]
    m.do("duty", "12 16:00", "annul_rating", rating=wrong.id, reason="评价对象有误，经核实予以作废。")
    assert {(rater, rated) for rater, rated, _, _ in counted(m)} == {("parks", "street"), ("street", "parks")}


def test_what_is_still_blind_at_the_cut_off_is_not_among_them(app: Flask) -> None:
    m = Month()
    m.report("P", "30 09:00", sign="30 09:01")
    m.do("clerk", "30 09:10", "call", lead=m.office.parks.id, reason="expertise", appointment_at=city("30 10:00"))
    m.do("gardener", "30 09:59", "report_in", m.part(1, "parks"))
    m.do("clerk", "30 10:30", "conclude", opinion="由园林部门当场处置完毕。")
    m.do("gardener", "30 11:00", "finish", m.part(1, "parks"), note="已处置。")
    m.completed("30 15:00")
    m.reviewed("04-01 09:00")
    m.do("clerk", "04-02 09:00", "rate_department", m.part(1, "parks"), arrival="on_time", effect="partly")
    assert counted(m) == []
    assert counted(m, "05-05 09:00", "2026-04") == [("street", "parks", "MUT_ARR", ONE), ("street", "parks", "MUT_EFF", HALF)]


def test_who_is_assessed_reads_nothing_of_it(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    m = walk_the_month()
    counted(m)
    with acting_as(m.office.actor("clerk")), pytest.raises(NotFound):
        mutual_ratings(db.session(), 1)
    create_person("evaluator", None, "judge")
    with outside():
        page = sign_in("judge").get("/mutual-ratings/2026-03")
        assert page.status_code == 200 and page.get_data(as_text=True).count('class="more-rates"') == 2
        for name in ("clerk", "head", "viewer"):
            refused = sign_in(name).get("/mutual-ratings/2026-03")
            assert refused.status_code in (302, 403) and b"more-rates" not in refused.data


def test_a_district_without_evaluations_says_so(lite: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    create_person("auditor", None, "looker")
    with outside():
        browser = sign_in("looker")
        empty = browser.get("/mutual-ratings/")
        assert empty.status_code == 200 and 'class="empty"' in empty.get_data(as_text=True)
        assert browser.get("/mutual-ratings/2026-03").status_code == 404


def test_programs_read_the_audit_under_the_same_rights(lite: Flask) -> None:
    m = walk_the_month()
    counted(m)
    create_person("evaluator", None, "judge")
    with outside():
        answer = program(lite, "judge").get("/api/v1/rating-audits/2026-03")
        assert program(lite, "clerk").get("/api/v1/rating-audits/2026-03").status_code == 403
        assert program(lite, "judge").get("/api/v1/rating-audits/2026-04").status_code == 404
    street, parks = m.office.street.code, m.office.parks.code
    assert answer.json["ratings"] == 5
    # The street-town: 1 and 1 of parks, 1/2 and 1/2 of the police; parks: 1.
    assert {one["rater"]: (one["ratings"], one["mean"], one["shared"]) for one in answer.json["severity"]} == {
        street: (4, "75.00", 0),
        parks: (1, "100.00", 0),
    }
    assert answer.json["pairs"] == []
    of_parks = {one["rater"]: one for one in answer.json["without"]}[parks]
    assert of_parks["group"] == "street_town"
    assert [change["figures"] for change in of_parks["changes"] if change["unit"] == street] == [{"CALL_ACC": [[2, 2], [0, 0]]}]
