"""What a new version of the responsibility list changes, as its page says it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from app.core.transaction import transaction
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.services.responsibility import copy_version
from tests.people import create_department, create_person


def test_a_new_list_says_which_items_it_adds_removes_and_changes(lite: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    create_person("district_admin")
    parks, police = create_department("D-1"), create_department("D-2")
    with transaction() as session:
        matters = [Matter(code=f"M-{n}", name_zh=f"事项{n}", name_en=f"Matter {n}", level=1) for n in (1, 2, 3)]
        first = ResponsibilityList(code="2026-1", name_zh="责任清单", effective_from=date(2026, 1, 1), state="approved")
        for matter in matters[:2]:
            values = {"number": matter.code[-1], "name_zh": matter.name_zh, "name_en": matter.name_en, "lead": police}
            session.add(ResponsibilityItem(list_version=first, matter=matter, **values))
        session.add(matters[2])
    client = sign_in("district_admin")
    alone = unescape(client.get(f"/responsibility-lists/differences/{first.id}").text)
    assert "This is the only version." in alone
    draft = copy_version(first.id)
    address = f"/responsibility-lists/differences/{draft.id}"
    assert "Both versions hold the same items, units and limits." in unescape(client.get(address).text)
    with transaction() as session:
        one, two = session.query(ResponsibilityItem).filter_by(list_version=draft).order_by(ResponsibilityItem.number)
        one.lead = parks
        session.delete(two)
        session.add(ResponsibilityItem(list_version=draft, matter=matters[2], number="3", name_zh="事项3", name_en="Matter 3", lead=parks))
    page = unescape(client.get(address).text)
    rows = [row.split("</tr>")[0] for row in page.split("<tbody>")[1].split("<tr>")[1:]]
    told = [
        (kind, name)
        for row in rows
        for kind in ("Added", "Removed", "Changed")
        if kind in row
        for name in ("Matter 1", "Matter 2", "Matter 3")
        if name in row
    ]
    assert told == [("Changed", "Matter 1"), ("Removed", "Matter 2"), ("Added", "Matter 3")]
    assert "<del>Department D-2</del> → Department D-1" in rows[0]
