"""Plain FAB's traps in its lists and related tabs, each shown in the laboratory and shown repaired in the house."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.core.transaction import transaction
from app.entities.department import Department
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from tests.conftest import outside
from tests.crud.overhearing import statements
from tests.people import create_department, create_person
from tests.plainfab.laboratory import Laboratory, Visitor
from tests.web.doors import create_district
from tests.web.papers import alerts, cells, words_of

Enter = Callable[..., FlaskClient]
RAW = re.compile(r"\b(?:None|True|False|null)\b|__None|\[\]|\{\}|\.\d{6}|<[a-z_.]+ (?:object )?at |\d{4}-\d\d-\d\dT")
"""What no reader should ever see in a cell: values as Python or JSON writes them."""

MANY = "".join(f"INSERT INTO office (id, name) VALUES ({n}, 'Unit {n:05d}');" for n in range(10, 510))
SPREAD = "".join(
    f"INSERT INTO cases (id, title, opened, office_id) VALUES ({n}, 'c{n}', '2026-03-01 08:00:00', {n});" for n in range(10, 25)
)


@pytest.fixture
def admin(request: pytest.FixtureRequest, sign_in: Enter) -> FlaskClient:
    """A browser of the district administrator."""
    create_person("district_admin")
    return sign_in("district_admin")


def _departments(count: int) -> None:
    with transaction() as session:
        rows = [
            {"type": "department", "code": f"D-{n:05d}", "name_zh": f"单位{n:05d}", "kind": "department", "version": 1}
            for n in range(count)
        ]
        session.execute(insert(Department), rows)


def _asked(visitor: Visitor, path: str) -> list[str]:
    """The statements that plain FAB sends for a page."""
    visitor.get("/bench/statements")
    assert visitor.get(path).status == 200
    found: list[str] = visitor.get("/bench/statements").json
    return found


# Trap 8: what the address asks is believed.


def test_plain_fab_believes_every_list_argument(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    for bad in ("psize_AllCasesView=abc", "page_AllCasesView=abc", "_oc_AllCasesView=nothing&_od_AllCasesView=asc"):
        assert visitor.get(f"/allcases/list/?{bad}").status == 500
    found = visitor.get("/allcases/list/?_flt_0_size=abc").text
    assert [title for title in ("north", "south", "nobody") if f"case of {title}" in found] == ["north", "nobody"]  # those without a size
    laboratory.prepare(
        "".join(f"INSERT INTO cases (id, title, opened) VALUES ({n}, 't{n}', '2026-03-01 08:00:00');" for n in range(10, 210))
    )
    assert visitor.get("/allcases/list/?psize_AllCasesView=20000").text.count('href="/allcases/show/') == 203


def test_our_lists_show_themselves_whatever_is_asked_and_say_what_they_left_out(lite: Flask, admin: FlaskClient) -> None:
    create_department("D-1")
    expected = {
        "departments": {
            "n=abc": "",
            "n=-1": "",
            "n=" + "9" * 400: "",
            "s=abc&c=abc": "",
            "o=nothing": "",
            "o=-version": "",
            "f=valid_to.ge.abc": "“abc” is not a valid date; write it as 2026-11-24",
            "f=parent.in.abc": "“abc” is not a record of “Parent unit”",
            "f=nothing.eq.1": "This list cannot be filtered by “nothing.eq.1”",
            "f=code.zz.1": "This list cannot be filtered by “code.zz.1”",
            "f=": "“—” is not a filter",
        },
        "tickets": {"f=rounds.eq.abc": "“abc” is not a whole number", "f=rounds.eq.": "“—” is not a whole number"},
    }
    for path, cases in expected.items():
        for address, said in cases.items():
            with outside():
                answer = admin.get(f"/{path}/list/?{address}")
            assert answer.status_code == 200, address
            assert "Department D-1" in answer.text or path == "tickets"
            assert alerts(answer.text) == ([said] if said else []), address


def test_our_list_never_shows_more_than_its_largest_page(lite: Flask, admin: FlaskClient) -> None:
    _departments(203)
    with outside():
        page = admin.get("/departments/list/?n=20000").text
    assert page.count('class="row-link"') == 200


# Trap 12: select fields hold whole related tables, also in the search box of every list.


def test_plain_fab_carries_the_whole_related_table_into_lists_and_forms(laboratory: Laboratory) -> None:
    laboratory.prepare(MANY)
    visitor = laboratory.visitor("admin")
    for path in ("/allcases/list/", "/allcases/add"):
        assert visitor.get(path).text.count("Unit 0") == 500


def test_our_lists_and_forms_carry_no_related_table(lite: Flask, sign_in: Enter) -> None:
    _departments(300)
    create_district()
    for role in ("district_admin", "command_centre"):
        create_person(role)
    pages = {
        "district_admin": ("/responsibility-items/list/", "/responsibility-items/add", "/departments/add", "/tickets/list/?q="),
        "command_centre": ("/tickets/add",),
    }
    for role, addresses in pages.items():
        client = sign_in(role)
        for address in addresses:
            with outside(), statements() as sent:
                page = client.get(address).text
            assert "单位0" not in page, address
            assert not [s for s in sent if "FROM unit" in s and "LIMIT" not in s and "WHERE" not in s], address


def test_a_picker_offers_a_few_that_match(lite: Flask, admin: FlaskClient) -> None:
    _departments(300)
    with outside():
        assert len(admin.get("/departments/pick?q=").json) == 20
        assert [row["text"] for row in admin.get(f"/departments/pick?q={quote('单位00123')}").json] == ["单位00123"]


# Trap 13: one statement per row.


def test_plain_fab_asks_for_each_rows_office_on_its_own(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    few = [s for s in _asked(visitor, "/leancases/list/") if "FROM office" in s]
    laboratory.prepare(MANY + SPREAD)
    many = [s for s in _asked(visitor, "/leancases/list/") if "FROM office" in s]
    assert (len(few), len(many)) == (2, 17)  # one for each office that is named


def test_our_pages_take_as_many_statements_for_many_rows_as_for_few(app: Flask, admin: FlaskClient) -> None:
    with transaction() as session:
        version = ResponsibilityList(code="2026-1", name_zh="清单", effective_from=date(2026, 1, 1))
        session.add(version)
    top, counts = create_department("D-TOP"), []
    for start, end in ((0, 2), (2, 10)):
        for n in range(start, end):
            unit = create_department(f"D-{n}", parent_id=create_department(f"P-{n}", parent_id=top.id).id)
            with transaction() as session:
                item = {"list_version_id": version.id, "number": str(n), "name_zh": "占道", "support": [session.merge(unit)]}
                session.add(ResponsibilityItem(**item, lead_id=top.id))
        for address in ("/departments/list/", "/responsibility-items/list/", f"/departments/show/{top.id}"):
            with outside():
                admin.get(address)
                with statements() as sent:
                    assert admin.get(address).status_code == 200
            counts.append(len(sent))
    assert counts[:3] == counts[3:]


# Trap 14: counting all columns, and pages by counting through what was already shown.


def test_plain_fab_counts_every_column_and_walks_through_earlier_pages(laboratory: Laboratory) -> None:
    sent = _asked(laboratory.visitor("admin"), "/leancases/list/?psize_LeanCasesView=1&page_LeanCasesView=2")
    counting = next(s for s in sent if "count(*)" in s and "FROM cases" in s)
    assert "cases.changed_by" in counting
    assert "LIMIT" not in counting
    assert [s for s in sent if s.rstrip().endswith("OFFSET ?")]


def test_our_list_counts_numbers_up_to_a_cap_and_goes_on_from_the_last_row(app: Flask, admin: FlaskClient) -> None:
    _departments(7)
    with outside():
        first = admin.get("/departments/list/?n=2&o=code").text
        following = re.search(r'rel="next" href="([^"]+)"', first)
        assert following is not None
        values: list[Any] = []
        with statements(values) as sent:
            second = admin.get(following[1].replace("&amp;", "&")).text
    assert re.findall(r'class="row-link"[^>]*>([^<]+)<', second) == ["D-00002", "D-00003"]
    (counting,) = [s for s in sent if "count(" in s and "unit" in s]
    assert "LIMIT" in counting
    assert "name_zh" not in counting
    assert [s for s in sent if "unit.code > " in s and "LIMIT" in s]
    skipped = [filled[-1] for s, filled in zip(sent, values, strict=True) if s.rstrip().endswith("OFFSET ?")]
    assert set(skipped) <= {0}  # SQLite's dialect always writes the word
    assert not [s for s in sent if "OFFSET %" in s]


def test_our_longest_list_begins_with_a_stretch_of_time(lite: Flask, admin: FlaskClient) -> None:
    with outside():
        answer = admin.get("/tickets/list/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/tickets/list/?f=reported_at.last.90d"


# Trap 15: values as Python writes them, names the wrong way round.


def test_plain_fab_prints_values_as_python_does_and_turns_chinese_names_round(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    shown = cells(visitor.get("/allcases/list/").text)
    assert {"None", "False", "2026-03-01 08:30:15.123456"} <= set(shown)
    assert visitor.get("/bench/enter/admin").json["shown"] == "三 张"  # 张 is the family name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_our_cells_speak_the_readers_language(lite: Flask, sign_in: Enter, language: str) -> None:
    district = create_district()
    people = {"auditor": create_person("auditor"), "district_admin": create_person("district_admin")}
    with transaction() as session:
        session.merge(people["auditor"]).first_name = "张三"
    ticket, account = district.tickets["parks"].id, people["auditor"].id
    pages = {
        "district_admin": ("/tickets/list/?q=", f"/tickets/show/{ticket}", "/departments/list/", "/calendar/list/", "/staff/list/"),
        "auditor": ("/accounts/list/", f"/accounts/show/{account}", "/staff/list/", "/rounds/list/?q=", "/changes/", "/runs/", "/imports/"),
    }
    shown: list[str] = []
    for name, addresses in pages.items():
        client = sign_in(name, language)
        for address in addresses:
            with outside():
                answer = client.get(address)
            assert answer.status_code == 200, address
            found = cells(answer.text)
            assert not [cell for cell in found if RAW.search(cell)], (address, [cell for cell in found if RAW.search(cell)])
            shown += found
    assert any(cell.startswith("张三") for cell in shown)
    assert not {"reported", "off", "street_town", "department"} & set(shown)
    assert "—" in shown


# Trap 24: a related tab takes the first relation to a table, whichever was meant.


def test_plain_fab_shows_the_cases_of_one_relation_only(laboratory: Laboratory) -> None:
    laboratory.prepare("UPDATE cases SET office_id = 2, helper_id = 1 WHERE id = 1")
    assert "case of north" not in laboratory.visitor("admin").get("/officeview/show/1").text  # which helps with it


def test_our_related_tables_name_their_relation(app: Flask, admin: FlaskClient) -> None:
    lead, helper = create_department("D-LEAD"), create_department("D-HELP")
    with transaction() as session:
        version = ResponsibilityList(code="2026-1", name_zh="清单", effective_from=date(2026, 1, 1))
        session.add(version)
        session.flush()
        item = ResponsibilityItem(list_version_id=version.id, number="77", name_zh="占道", lead_id=lead.id)
        item.support = [session.merge(helper)]
        session.add(item)
    with outside():
        pages = {unit.code: admin.get(f"/departments/show/{unit.id}").text for unit in (lead, helper)}
    tabs = {code: re.findall(r"<tbody>.*?</tbody>", page, re.DOTALL) for code, page in pages.items()}
    assert [("77" in words_of(tab)) for tab in tabs["D-LEAD"]] == [True]
    assert tabs["D-HELP"] == []
    assert "Responsibility items · Lead unit" in words_of(pages["D-LEAD"])
    assert "Responsibility items · Supporting units" in words_of(pages["D-HELP"])
