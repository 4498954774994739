"""A frozen evaluation read back carries its intervals, margins and marks, on screens and for programs alike."""

from __future__ import annotations

from decimal import Decimal

from flask import Flask

from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import SYSTEM
from app.domain.figures import figures
from app.domain.rounding import half_up
from app.queries.scores import scorecard_of
from app.services.evaluation import compute
from tests.services.month_of_tickets import city, walk_the_month


def test_a_walked_month_has_an_interval_beside_each_rate(app: Flask) -> None:
    m = walk_the_month()
    m.office.at = city("04-05 09:00")
    with m.office.now(), acting_as(SYSTEM):
        card = scorecard_of(db.session(), compute("2026-03"))
    street = next(unit for unit in card.group("street_town").units if unit.code == "S-1")
    content = street.lines["SAT"]
    assert (content.n, content.d) == (4, 6)
    # z² = 3.841459; (8 + z² ∓ z·√(z² + 16/3)) / 2(6 + z²)
    assert content.low is not None and content.high is not None
    assert (half_up(content.low * 100), half_up(content.high * 100)) == (Decimal("30.00"), Decimal("90.32"))
    assert street.lines["VOLUME"].low is None
    assert street.margin is not None and street.margin > 0 and not street.noise
    told = next(unit for unit in figures(card)["units"] if unit["code"] == "S-1")
    assert (told["indicators"]["SAT"]["low"], told["indicators"]["SAT"]["high"]) == ("30.00", "90.32")
    assert (told["noise"], told["margin"]) == (False, str(half_up(street.margin)))


def test_departments_with_a_handful_of_cases_stand_within_noise(app: Flask) -> None:
    m = walk_the_month()
    m.office.at = city("04-05 09:00")
    with m.office.now(), acting_as(SYSTEM):
        card = scorecard_of(db.session(), compute("2026-03"))
    first, second = card.group("department").units
    assert first.score is not None and second.score is not None and first.score > second.score
    assert (first.noise, second.noise) == (False, True)
