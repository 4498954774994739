"""Lists are paged by key: whatever the order, every row stands on exactly one page, forwards and backwards."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from app.crud.listing import Asked, Page, page, sortable
from app.crud.resource import resources
from tests.people import create_department

SIZE = 3


def _pages(session: Session, name: str, order: str, descending: bool) -> list[Page]:
    resource, cursor, found = resources()[name], "", []
    while not found or cursor:
        asked = Asked(order=order, descending=descending, size=SIZE, cursor=cursor)
        found.append(page(session, resource, asked, resource.default_columns))
        cursor = found[-1].next_cursor
        assert len(found) < 20
    return found


def create_departments() -> None:
    """Ten departments: some beneath another one, some ended, some with the same position."""
    bureau = create_department("D-0")
    for n in range(1, 10):
        create_department(f"D-{n}", parent_id=bureau.id if n % 3 == 0 else None, position=n // 4)


@pytest.mark.parametrize("descending", [False, True])
def test_every_row_stands_on_exactly_one_page_in_every_order(session: Session, descending: bool) -> None:
    create_departments()
    for order in sortable(resources()["Department"]):
        seen = [row.id for part in _pages(session, "Department", order, descending) for row in part.rows]
        assert sorted(seen) == sorted(set(seen)), order
        assert len(seen) == 10, order


@pytest.mark.parametrize("order", ["code", "parent", "valid_to", "position"])
def test_the_way_back_leads_to_the_page_before(session: Session, order: str) -> None:
    create_departments()
    resource = resources()["Department"]
    for before, after in pairwise(_pages(session, "Department", order, False)):
        back = page(session, resource, Asked(order=order, size=SIZE, cursor=after.previous_cursor), resource.default_columns)
        assert [row.id for row in back.rows] == [row.id for row in before.rows]


def test_missing_values_stand_after_all_others(session: Session) -> None:
    create_departments()
    rows = [row for part in _pages(session, "Department", "parent", False) for row in part.rows]
    assert [row.parent_id is None for row in rows] == [False] * 3 + [True] * 7
