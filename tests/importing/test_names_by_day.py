"""One name, two units, one day: who is meant follows from when each carried it."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.transaction import transaction
from app.crud.lookups import Lookups
from app.crud.resource import resource_of
from app.crud.tables import Alias
from tests.people import create_department

CHANGE = date(2018, 10, 21)
"""The last day on which the old unit carried the name that the new unit carries since."""


@pytest.fixture
def pair(app: Flask) -> tuple[int, int]:
    """The unit once called 综合执法队 and the one that is called so now (it was 城监大队 before)."""
    old = create_department("D-1", name_zh="综合执法一队")
    new = create_department("D-2", name_zh="综合执法队")
    with transaction() as session:
        session.add(Alias(entity="unit", row_id=old.id, kind="former", name="综合执法队", valid_to=CHANGE))
        session.add(Alias(entity="unit", row_id=new.id, kind="former", name="城监大队", valid_to=CHANGE))
    return old.id, new.id


def found(name: str, day: date | None) -> set[int]:
    session: Session = db.session()
    return Lookups(session).find(resource_of("Department"), name, day)


def test_a_name_means_who_carried_it_on_that_day(pair: tuple[int, int]) -> None:
    assert found("综合执法队", date(2018, 10, 1)) == {pair[0]}
    assert found("综合执法队", CHANGE) == {pair[0]}
    assert found("综合执法队", date(2018, 10, 22)) == {pair[1]}


def test_without_a_day_a_name_means_who_carries_it_now(pair: tuple[int, int]) -> None:
    assert found("综合执法队", None) == {pair[1]}


def test_a_name_in_use_by_two_at_once_is_not_decided(pair: tuple[int, int]) -> None:
    third = create_department("D-3", name_zh="综合执法队")
    assert found("综合执法队", date(2018, 10, 1)) == {pair[0], third.id}
    assert found("综合执法队", date(2018, 11, 1)) == {pair[1], third.id}


def test_a_former_name_is_still_understood_after_its_last_day(pair: tuple[int, int]) -> None:
    assert found("城监大队", date(2018, 12, 1)) == {pair[1]}


def test_the_code_says_which_namesake_is_meant(pair: tuple[int, int]) -> None:
    third = create_department("D-3", name_zh="综合执法队")
    assert found("综合执法队 (D-3)", date(2018, 11, 1)) == {third.id}
    assert found("综合执法队（D-2）", None) == {pair[1]}
    assert found("别的名字 (D-3)", None) == set()
