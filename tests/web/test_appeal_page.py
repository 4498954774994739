"""An appeal against points entered by hand, on its page: what other points would change is seen before anybody decides."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.clock import stopped_at
from tests.services.cycle import Cycle
from tests.services.test_adjusted_points import entered_by_eva, line_by_hand

Enter = Callable[..., FlaskClient]


@pytest.fixture
def cycle(lite: Flask) -> Cycle:
    """A preliminary list with two and a half points taken by hand, which the street-town disputes."""
    cycle = Cycle()
    line_by_hand("deduction")
    entered_by_eva(cycle, "2.5")
    cycle.preliminary()
    return cycle


def read(cycle: Cycle, sign_in: Enter, name: str, query: str = "") -> Any:
    """The appeal's page for somebody, and the answer's status."""
    appeal = cycle.appeal("clerk", "OTHER").id
    with stopped_at(cycle.office.at):
        answer = sign_in(name).get(f"/appeals/show/{appeal}{query}")
    return answer.status_code, unescape(answer.text)


def test_whoever_hears_sees_what_other_points_would_change(cycle: Cycle, sign_in: Enter) -> None:
    status, page = read(cycle, sign_in, "evan", "?tried=1&value=1")
    assert status == 200
    assert "Points taken, where partly upheld" in page and "See what other points would change" in page
    assert "-2.50" in page.replace("−", "-") and "-1.00" in page.replace("−", "-") and "+1.50" in page
    assert page.count('name="value" inputmode="decimal"') == 2 and page.count('value="1"') >= 2


@pytest.mark.parametrize("value", ["99", "5.01", "x", "%00", "-1", "1e9"])
def test_points_that_the_line_cannot_have_are_not_tried(cycle: Cycle, sign_in: Enter, value: str) -> None:
    status, page = read(cycle, sign_in, "evan", f"?tried=1&value={value}")
    assert status == 200 and "+1.50" not in page


def test_whoever_entered_the_points_is_told_why_somebody_else_hears(cycle: Cycle, sign_in: Enter) -> None:
    status, page = read(cycle, sign_in, "eva")
    assert status == 200 and "Points taken, where partly upheld" not in page
    assert "entered" in page
