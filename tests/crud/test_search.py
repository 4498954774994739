"""Free-text search looks where people expect it: names, codes, and the pinyin nobody sees."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.core.languages import words
from app.crud.picking import pick
from app.crud.resource import resources
from tests.people import create_department, create_street_town


@pytest.mark.parametrize("typed", ["温泉", "wenquan", "wqjd", "WQ", "350102003"])
def test_a_street_town_is_found_by_name_code_pinyin_and_initials(session: Session, typed: str) -> None:
    create_street_town("350102003", name_zh="温泉街道", name_en="")
    create_street_town("350102001", name_zh="鼓东街道", name_en="")
    assert [found["text"] for found in pick(session, resources()["StreetTown"], typed, words("zh"))] == ["温泉街道"]


def test_pinyin_is_searched_but_never_shown(session: Session) -> None:
    create_department("D-0101", name_zh="区城管局")
    resource = resources()["Department"]
    assert "name_key" in resource.searched
    assert "name_key" not in resource.fields
