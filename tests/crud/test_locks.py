"""Locks: of two who change one record the second is told who changed what, loses nothing, and overwrites nobody unknowingly."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.db import db
from app.crud import writing
from app.crud.columns import Origin, Reading
from app.crud.resource import resource_of
from app.crud.tables import Change
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused, RefusedAll
from app.entities.department import Department
from tests.conftest import outside
from tests.people import create_department, create_person, reloaded
from tests.web.doors import program
from tests.web.papers import Form, alerts, words_of

Enter = Callable[..., FlaskClient]
FORM = Reading(origin=Origin.FORM)


# Two people at one form.


@pytest.fixture
def pair(app: Flask, sign_in: Enter) -> tuple[FlaskClient, FlaskClient]:
    """Two administrators, Anna and Bert, each at a browser of her or his own."""
    for name in ("anna", "bert"):
        create_person("district_admin", username=name)
    return sign_in("anna"), sign_in("bert")


def _opened(client: FlaskClient, number: int) -> Form:
    with outside():
        return Form(client.get(f"/departments/edit/{number}").text)


def _saved(client: FlaskClient, form: Form, **typed: str) -> Any:
    sent = {**form.sent, **{name.replace("alias_", "alias-"): [value] for name, value in typed.items()}}
    with outside():
        return client.post(form.action, data=sent)


def test_the_second_editor_is_told_who_changed_what_and_keeps_what_was_typed(pair: tuple[FlaskClient, FlaskClient]) -> None:
    anna, bert = pair
    row = create_department("D-1", name_zh="原名", position=5)
    hers, his = _opened(anna, row.id), _opened(bert, row.id)
    assert _saved(anna, hers, name_zh="安娜所写", position="6").status_code == 302
    answer = _saved(bert, his, name_zh="伯特所写", short_zh="简称", alias_name="旧名")
    assert answer.status_code == 409
    (said,) = alerts(answer.text)
    assert "Somebody changed this record after you opened it" in said
    assert "Name (Chinese) is now: 安娜所写" in said
    assert "Position in lists is now: 6" in said
    aside = words_of(answer.text.partition("Latest changes")[2])
    assert "Anna · Changed Name (Chinese): 原名 → 安娜所写 Position in lists: 5 → 6" in aside
    again = Form(answer.text)
    assert {name: again.sent[name][0] for name in ("name_zh", "short_zh", "alias-name", "position")} == {
        "name_zh": "伯特所写",
        "short_zh": "简称",
        "alias-name": "旧名",
        "position": "5",
    }
    assert reloaded(row).name_zh == "安娜所写"
    assert _saved(bert, again, position="6").status_code == 302
    assert (reloaded(row).name_zh, row.short_zh, row.position, row.version) == ("伯特所写", "简称", 6, 3)


def test_a_conflict_is_told_in_the_readers_language(lite: Flask, sign_in: Enter) -> None:
    create_person("district_admin")
    row = create_department("D-1")
    client = sign_in("district_admin", "zh")
    form = _opened(client, row.id)
    assert _saved(client, form, name_zh="先改").status_code == 302
    (said,) = alerts(_saved(client, form, name_zh="后改").text)
    assert "先改" in said
    assert not re.search(r"[A-Za-z]{3,}", said)


def test_a_form_that_does_not_say_its_version_changes_nothing(pair: tuple[FlaskClient, FlaskClient]) -> None:
    row = create_department("D-1", name_zh="原名")
    form = _opened(pair[0], row.id)
    for version in ("", "0", "-1", "abc", "9" * 30, "2"):
        assert _saved(pair[0], form, name_zh="改名", version=version).status_code == 409
        with outside():
            pair[0].post(f"/departments/delete/{row.id}", data={"version": version})
    assert reloaded(row).name_zh == "原名"


def test_other_names_alone_are_a_change_that_the_second_editor_must_see(pair: tuple[FlaskClient, FlaskClient]) -> None:
    anna, bert = pair
    row = create_department("D-1")
    hers, his = _opened(anna, row.id), _opened(bert, row.id)
    assert _saved(anna, hers, alias_name="旧名").status_code == 302
    answer = _saved(bert, his, alias_name="另一旧名")
    assert answer.status_code == 409
    assert "旧名" in words_of(answer.text.partition("Latest changes")[2])


def test_a_delete_that_looked_at_an_older_version_deletes_nothing(pair: tuple[FlaskClient, FlaskClient]) -> None:
    anna, bert = pair
    row = create_department("D-1")
    with outside():
        seen = re.search(
            r'action="/departments/delete/\d+".*?name="version" value="(\d+)"', bert.get(f"/departments/show/{row.id}").text, re.S
        )
    assert seen is not None
    assert _saved(anna, _opened(anna, row.id), position="9").status_code == 302
    with outside():
        answer = bert.post(f"/departments/delete/{row.id}", data={"version": seen[1]}, follow_redirects=True)
    assert "Somebody changed this record" in alerts(answer.text)[0]
    assert reloaded(row).position == 9


# Programs.


def test_programs_lock_with_the_version_or_with_if_match(app: Flask) -> None:
    create_person("district_admin")
    row = create_department("D-1", position=1)
    client, path = program(app, "district_admin"), f"/api/v1/departments/{row.id}"
    with outside():
        seen = client.get(path).json["result"]["version"]
        assert client.put(path, json={"position": 2}, headers={"If-Match": f'"{seen}"'}).status_code == 200
        stale = client.put(path, json={"position": 3}, headers={"If-Match": f'"{seen}"'})
        assert (stale.status_code, stale.json["errors"][0]["code"]) == (409, "changed-meanwhile")
        for blind in ("*", "", "abc", '""', "-1"):
            assert client.put(path, json={"position": 3}, headers={"If-Match": blind}).status_code == 428
            assert client.delete(path, headers={"If-Match": blind}).status_code == 428
        assert client.delete(path, headers={"If-Match": f'"{seen}"'}).status_code == 409
        assert client.put(path, json={"position": 4, "version": seen + 1}).json["result"]["version"] == seen + 2
        assert client.delete(path, headers={"If-Match": f'"{seen + 2}"'}).status_code == 200
        assert client.get(path).status_code == 404


# Real races.


def _race(app: Flask, *works: Callable[[], Any]) -> list[str]:
    """All works at once, each in a thread with a session of its own; how each ended, by the code of its refusal."""
    ends: list[str] = []

    def run(work: Callable[[], Any]) -> None:
        try:
            with app.app_context(), acting_as(SYSTEM):
                work()
            ends.append("done")
        except RefusedAll as refused:
            ends.append(refused.refusals[0].code)
        except Refused as refused:
            ends.append(refused.code)
        except Exception as failure:  # noqa: BLE001 - compared by the test
            ends.append(repr(failure))

    db.session.rollback()
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ends)


@pytest.fixture
def meeting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes so many writers wait for each other between reading and writing; SQLite never lets two come so far."""

    def begin(writers: int) -> None:
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            return
        barrier = threading.Barrier(writers)
        apply, usage = writing.apply, writing.usage

        def met(work: Callable[..., Any]) -> Callable[..., Any]:
            def wait(*args: Any) -> Any:
                found = work(*args)
                barrier.wait(30)
                return found

            return wait

        monkeypatch.setattr(writing, "apply", met(apply))
        monkeypatch.setattr(writing, "usage", met(usage))

    return begin


def test_of_six_who_save_one_version_exactly_one_succeeds(app: Flask, meeting: Callable[[int], None]) -> None:
    number, resource = create_department(position=0).id, resource_of("Department")
    meeting(6)
    for version in range(1, 4):
        works = [lambda n=n, v=version: writing.change(resource, number, v, {"position": str(v * 10 + n)}, FORM) for n in range(6)]
        assert Counter(_race(app, *works)) == {"done": 1, "changed-meanwhile": 5}
        row = reloaded(db.session.get(Department, number))
        assert (row.version, row.position // 10) == (version + 1, version)
    updates = select(func.count(Change.id)).where(Change.entity == "Department", Change.action == "update")
    assert db.session.execute(updates).scalar_one() == 3


def test_of_a_change_and_a_delete_at_once_exactly_one_succeeds(app: Flask, meeting: Callable[[int], None]) -> None:
    number, resource = create_department().id, resource_of("Department")
    meeting(2)
    ends = _race(
        app,
        lambda: writing.change(resource, number, 1, {"position": "7"}, FORM),
        lambda: writing.delete(resource, number, 1),
    )
    assert ends in (["changed-meanwhile", "done"], ["done", "not-found"])
    left = db.session.execute(select(Department.position)).scalars().all()
    assert left in ([], [7])


def test_of_two_who_take_one_code_at_once_exactly_one_gets_it(app: Flask, meeting: Callable[[int], None]) -> None:
    resource, raw = resource_of("Department"), {"code": "D-1", "name_zh": "甲", "kind": "department"}
    meeting(2)
    assert _race(app, *[lambda: writing.add(resource, raw, FORM)] * 2) == ["done", "taken"]
    assert db.session.execute(select(func.count(Department.id))).scalar_one() == 1


def test_a_record_that_is_deleted_and_linked_at_once_keeps_the_link_or_goes(app: Flask, meeting: Callable[[int], None]) -> None:
    number, resource = create_department("D-TOP").id, resource_of("Department")
    child = {"code": "D-LOW", "name_zh": "乙", "kind": "department", "parent": str(number)}
    meeting(2)
    ends = _race(app, lambda: writing.delete(resource, number, 1), lambda: writing.add(resource, child, FORM))
    codes = db.session.execute(select(Department.code).order_by(Department.code)).scalars().all()
    assert (codes, len(ends), ends.count("done")) in (([], 2, 1), (["D-LOW", "D-TOP"], 2, 1))
    assert set(ends) <= {"done", "constraint", "in-use", "not-found"}
