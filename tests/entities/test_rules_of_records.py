"""What records refuse, whatever door a value comes through: settings, approved versions, hierarchies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.runs import Silent
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.crud.importing.batches import ALL
from app.crud.importing.undoing import undo
from app.crud.resource import resource_of
from app.crud.tables import Change, ImportBatch
from app.crud.writing import add, change, delete
from app.domain.refusals import Refused, RefusedAll
from app.entities.matter import Matter
from app.entities.parameter import Parameter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.services.responsibility import copy_version
from tests.conftest import outside
from tests.importing.conftest import Bring, bring, desk, house
from tests.people import create_department, create_person, reloaded
from tests.web.doors import program
from tests.web.papers import alerts

__all__ = ["bring", "desk", "house"]

Enter = Callable[..., FlaskClient]
API = Reading(origin=Origin.API)


def setting(code: str) -> Parameter:
    return db.session.execute(select(Parameter).where(Parameter.code == code)).scalar_one()


def save(row: Any, **values: Any) -> Any:
    """Change a row as forms and programs do."""
    found = reloaded(row)
    return change(resource_of(type(found)), found.id, found.version, values, API)


def refusal_of(act: Callable[[], Any]) -> Refused:
    """The one reason why ``act`` is refused."""
    with pytest.raises(Refused) as refused:
        act()
    found = refused.value
    (reason,) = found.refusals if isinstance(found, RefusedAll) else (found,)
    return reason


def scheme_version(state: str = "draft", number: int = 1) -> SchemeVersion:
    """A version with one line."""
    with transaction() as session:
        scheme = session.execute(select(Scheme).where(Scheme.code == "X")).scalar_one_or_none()
        scheme = scheme or Scheme(code="X", name_zh="方案", name_en="Scheme", group="department")
        version = SchemeVersion(scheme=scheme, number=number, effective_from=date(2026, number, 1), state=state)
        session.add_all([version, SchemeLine(scheme_version=version, indicator="DONE", weight=Decimal(100))])
    return version


def line_of(version: SchemeVersion) -> SchemeLine:
    return db.session.execute(select(SchemeLine).where(SchemeLine.scheme_version_id == version.id)).scalar_one()


def duty_list(state: str = "draft", code: str = "2026-1", month: int = 1) -> ResponsibilityList:
    """A list with one item."""
    with transaction() as session:
        version = ResponsibilityList(code=code, name_zh="清单", effective_from=date(2026, month, 1), state=state)
        session.add_all([version, ResponsibilityItem(list_version=version, number="1", name_zh="路灯")])
    return version


# Settings.


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("time_zone", "Mars/X"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "Asia"),
        ("cutoff_days", "abc"),
        ("cutoff_days", "-5"),
        ("cutoff_days", "0"),
        ("cutoff_days", "32"),
        ("cutoff_days", "2.5"),
        ("cutoff_days", "٣"),
        ("cutoff_days", "99999999999"),
        ("working_hours", "abc"),
        ("working_hours", "14:00-18:00, 08:00-12:00"),
        ("working_hours", "08:00-25:00"),
        ("extensions_most", "many"),
        ("lead_signs_from", "0"),
        ("quiet_hours", "22-7"),
        ("quiet_hours", "25:00-07:00"),
        ("digest_at", "8:30 am"),
        ("follow_up_share", "101"),
        ("mail_from", "the office"),
        ("frequent_from", "0"),
        ("recurrent_from", "-3"),
        ("ticket_prefix", "A/B <x>"),
        ("ticket_prefix", "ABCDEFGHI"),
        ("demo", "yes"),
    ],
)
def test_a_setting_that_nothing_could_work_with_is_refused_by_name(lite: Flask, code: str, value: str) -> None:
    row = setting(code)
    before = row.value
    reason = refusal_of(lambda: save(row, value=value))
    assert (reason.field, reason.status) == ("value", 422)
    assert f"“{value}”" in words("en").phrase(reason.phrase)
    assert reloaded(row).value == before


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("time_zone", "Europe/Berlin"),
        ("cutoff_days", "1"),
        ("cutoff_days", "31"),
        ("working_hours", "09:00-17:30"),
        ("extensions_most", "0"),
        ("lead_signs_from", "1"),
        ("quiet_hours", "21:30-06:45"),
        ("digest_at", "17:05"),
        ("follow_up_share", "100"),
        ("mail_from", "office@district.example"),
        ("frequent_from", "25"),
        ("ticket_prefix", "GL2026AB"),
        ("demo", "1"),
        ("district.zh", "鼓楼区 <一>"),
    ],
)
def test_a_setting_that_makes_sense_is_taken(lite: Flask, code: str, value: str) -> None:
    assert save(setting(code), value=value).value == value


def test_the_settings_every_district_starts_with_pass_their_own_checks(lite: Flask) -> None:
    for row in db.session.execute(select(Parameter)).scalars().all():
        save(row, value=row.value)


def test_a_wrong_time_zone_is_refused_by_the_form_and_by_the_program_door(lite: Flask, sign_in: Enter) -> None:
    create_person("district_admin")
    row, sentence = setting("time_zone"), "“Mars/X” is not a known time zone; write it as Asia/Shanghai"
    with outside():
        typed = {"version": row.version, "name_zh": row.name_zh, "value": "Mars/X"}
        page = sign_in("district_admin").post(f"/parameters/edit/{row.id}", data=typed)
        sent = program(lite, "district_admin").put(f"/api/v1/parameters/{row.id}", json={"value": "Mars/X", "version": row.version})
    assert page.status_code == sent.status_code == 422
    assert sentence in alerts(page.text)[0]
    assert sent.json is not None and sent.json["message"] == sentence


# Approved versions of schemes.


@pytest.mark.parametrize(
    "values", [{"number": 9}, {"effective_from": "2027-01-01"}, {"full_marks": "90"}, {"state": "draft"}, {"ties": "competition"}]
)
def test_an_approved_scheme_version_is_not_changed(app: Flask, values: dict[str, Any]) -> None:
    version = scheme_version("approved")
    reason = refusal_of(lambda: save(version, **values))
    assert (reason.code, reason.status) == ("approved", 409)
    assert reloaded(version).version == 1


def test_an_approved_scheme_version_is_not_deleted_even_without_lines(lite: Flask) -> None:
    version = scheme_version("approved")
    with transaction() as session:
        session.delete(session.get_one(SchemeLine, line_of(version).id))
    assert refusal_of(lambda: delete(resource_of("SchemeVersion"), version.id, version.version)).code == "approved"


def test_a_draft_scheme_version_is_worked_on_and_then_approved(lite: Flask) -> None:
    version = scheme_version()
    save(line_of(version), weight="60")
    add(resource_of("SchemeLine"), {"scheme_version": version.id, "code": "SIGN10", "indicator": "SIGN10", "weight": "40"}, API)
    case = {"number": 1, "title_zh": "半数", "given": "DONE = 1/2\nSIGN10 = 1/1", "line": "", "expected": "70"}
    add(resource_of("SchemeCase"), {"scheme_version": version.id, **case}, API)
    with stopped_at(datetime(2026, 3, 2, 1, 0, tzinfo=UTC)):
        approved = save(version, state="approved", basis="鼓考〔2026〕1号")
    assert approved.state == "approved"
    assert (approved.approved_at, approved.approved_by) == (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "")  # nobody's hand


def test_lines_of_an_approved_version_stand(app: Flask) -> None:
    version, draft = scheme_version("approved"), scheme_version(number=2)
    line, free, lines = line_of(version), line_of(draft), resource_of("SchemeLine")
    acts: list[Callable[[], Any]] = [
        lambda: add(lines, {"scheme_version": version.id, "code": "SIGN10", "indicator": "SIGN10", "weight": "1"}, API),
        lambda: save(line, weight="50"),
        lambda: save(line, scheme_version=draft.id, code="SIGN10", indicator="SIGN10"),
        lambda: save(free, scheme_version=version.id, code="SIGN10", indicator="SIGN10"),
        lambda: delete(lines, line.id, 1),
    ]
    for act in acts:
        reason = refusal_of(act)
        assert (reason.code, reason.field) == ("approved", "scheme_version")
    assert reloaded(line).weight == 100
    delete(lines, free.id, 1)


def test_a_file_does_not_touch_an_approved_scheme_version(lite: Flask, bring: Bring) -> None:
    scheme_version("approved")
    brought = bring("SchemeVersion", [["scheme", "number", "effective_from", "full_marks"], ["X", 1, "2026-01-01", "90"]])
    assert brought.counts == (0, 0, 0, 1)
    brought = bring("SchemeVersion", [["scheme", "number", "effective_from"], ["X", 2, "2026-02-01"]], ALL)
    assert brought.counts == (1, 0, 0, 0)


# Approved responsibility lists.


@pytest.mark.parametrize("values", [{"effective_from": "2027-01-01"}, {"state": "draft"}, {"code": "2030-1"}])
def test_what_an_approved_list_decided_is_not_changed(app: Flask, values: dict[str, Any]) -> None:
    version = duty_list("approved")
    reason = refusal_of(lambda: save(version, **values))
    assert (reason.code, reason.field, reason.status) == ("approved", next(iter(values)), 409)


def test_a_list_is_approved_and_its_title_still_corrected(lite: Flask) -> None:
    version = duty_list()
    save(version, effective_from="2026-02-01")
    assert save(version, state="approved").state == "approved"
    assert save(version, name_zh="责任清单", effective_from="2026-02-01", state="approved").name_zh == "责任清单"


def test_an_approved_list_is_neither_deleted_nor_taken_back_but_copied(app: Flask) -> None:
    with transaction() as session:
        batch = ImportBatch(resource="ResponsibilityList", file_name="lists.xlsx", file_digest="", state="written")
        session.add(batch)
        session.flush()
        version = ResponsibilityList(code="2026-1", name_zh="清单", effective_from=date(2026, 1, 1), state="approved")
        session.add(version)
        session.flush()
        session.execute(update(Change).where(Change.entity == "ResponsibilityList").values(batch_id=batch.id))
    assert refusal_of(lambda: delete(resource_of("ResponsibilityList"), version.id, 1)).code == "approved"
    with transaction() as session, pytest.raises(Refused, match="approved"):
        undo(session, session.get_one(ImportBatch, batch.id), Silent())
    copied = copy_version(version.id)
    assert (copied.code, copied.state) == ("2026-2", "draft")
    delete(resource_of("ResponsibilityList"), copied.id, copied.version)


def test_an_item_does_not_slip_into_an_approved_list(lite: Flask) -> None:
    approved, draft = duty_list("approved"), duty_list(code="2026-2", month=2)
    item = db.session.execute(select(ResponsibilityItem).where(ResponsibilityItem.list_version_id == draft.id)).scalar_one()
    assert refusal_of(lambda: save(item, list_version=approved.id, number="2")).code == "approved"


# Hierarchies.


def test_nobody_is_above_himself_whatever_the_door(app: Flask) -> None:
    top = create_department("D-1")
    middle = create_department("D-2", parent_id=top.id)
    bottom = create_department("D-3", parent_id=middle.id)
    for row in (top, middle, bottom):
        reason = refusal_of(lambda: save(top, parent=row.id))  # noqa: B023
        assert words("en").phrase(reason.phrase) == "“Parent unit” leads in a circle back to the record itself"
        assert reason.field == "parent"
    assert save(bottom, parent=top.id).parent_id == top.id
    create_person("district_admin")
    with outside():
        sent = program(app, "district_admin").put(f"/api/v1/departments/{top.id}", json={"parent": bottom.id, "version": 1})
    assert sent.status_code == 422


def test_a_circle_that_is_already_there_can_be_opened(lite: Flask) -> None:
    first = create_department("D-1")
    second = create_department("D-2", parent_id=first.id)
    below = create_department("D-3")
    with transaction() as session:
        session.merge(first).parent_id = second.id
    save(below, parent=first.id)
    assert save(first, parent=None).parent_id is None


def test_a_matter_does_not_belong_to_itself(lite: Flask) -> None:
    with transaction() as session:
        upper = Matter(code="01", name_zh="市容", level=1)
        lower = Matter(code="01001", name_zh="油烟", level=2, parent=upper)
        session.add_all([upper, lower])
    assert refusal_of(lambda: save(upper, parent=lower.id)).code == "circle"
