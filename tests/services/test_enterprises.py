"""An enterprise at work: sent a ticket, called by a street-town, and scored among its own like a department."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused
from app.domain.scorecard import Scorecard, UnitScore
from app.entities.department import Department
from app.entities.enterprise import Enterprise
from app.entities.unit import Unit
from app.queries.scores import scorecard_of
from app.services.evaluation import compute
from tests.services.casework import create_person
from tests.services.month_of_tickets import Month, city
from tests.services.test_fact_recount import differences


def waterworks(m: Month) -> Unit:
    """An enterprise with one handler; the default scheme scores its group."""
    with transaction() as session, acting_as(SYSTEM):
        water = Enterprise(code="E-1", name_zh="自来水公司", name_en="Waterworks", kind="enterprise")
        session.add(water)
    m.office.people["plumber"] = create_person("department", water, "plumber")
    m.office.water = water  # type: ignore[attr-defined]
    return water


def test_an_enterprise_is_sent_a_ticket_is_called_and_is_ranked_among_its_own(app: Flask) -> None:
    m = Month()
    water = waterworks(m)
    m.report("A", "02 09:00", to="water", who="plumber", sign="02 09:05")
    m.do("plumber", "02 10:00", "claim_done", result="solved", note="已修复水管。")
    m.do("chief", "02 11:00", "complete", opinion="现场复核，供水恢复。")
    m.report("B", "03 09:00", sign="03 09:01")
    m.do("clerk", "03 09:30", "call", lead=water.id, reason="expertise", appointment_at=city("03 15:00"))
    m.do("plumber", "03 10:00", "respond", m.part(1, "water"))
    m.office.at = city("04-05 09:00")
    with m.office.now(), acting_as(SYSTEM):
        evaluation = compute("2026-03")
        card = scorecard_of(db.session(), evaluation)
        assert differences(evaluation) == []
    (own,) = (group for group in card.groups if group.code == "enterprise")
    (unit,) = own.units
    assert unit.code == "E-1" and unit.rank == 1
    assert {code: (unit.lines[code].n, unit.lines[code].d) for code in ("DONE_OT", "RESP", "SIGN10", "VOLUME")} == {
        "DONE_OT": (1, 2),  # A in time; the call of B was never finished
        "RESP": (1, 1),
        "SIGN10": (1, 1),
        "VOLUME": (2, 2),
    }
    assert all(unit.code != "E-1" for unit in _all(card, "department")), "an enterprise is no department when ranks are given"


def test_a_district_without_enterprises_has_no_group_of_them(lite: Flask) -> None:
    m = Month()
    m.report("A", "02 09:00", sign="02 09:05")
    m.office.at = city("04-05 09:00")
    with m.office.now(), acting_as(SYSTEM):
        assert [group.code for group in scorecard_of(db.session(), compute("2026-03")).groups] == ["street_town", "department"]


def test_a_street_town_is_still_nobody_who_can_be_called(lite: Flask) -> None:
    m = Month()
    waterworks(m)
    m.report("A", "03 09:00", sign="03 09:01")
    with pytest.raises(Refused):
        m.do("clerk", "03 09:30", "call", lead=m.office.other_street.id, reason="expertise", appointment_at=city("03 15:00"))


def test_whoever_looks_for_departments_finds_enterprises_among_them(lite: Flask) -> None:
    m = Month()
    waterworks(m)
    with acting_as(SYSTEM):
        assert {unit.code for unit in db.session.execute(select(Department)).scalars()} >= {"D-1", "E-1"}
        assert [unit.code for unit in db.session.execute(select(Enterprise)).scalars()] == ["E-1"]


def _all(card: Scorecard, code: str) -> list[UnitScore]:
    return [unit for group in card.groups if group.code == code for unit in (*group.units, *group.apart)]
