"""A scheme with everything in it, kept and read back: bonus and deduction lines, sizes, points by hand, a figure in two lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.figures import figures
from app.domain.period import period_of
from app.domain.scorecard import Names
from app.entities.manual_entry import ManualEntry
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.entities.street_town import StreetTown
from app.queries.frozen_groups import groups_of
from app.queries.scores import scorecard_of
from app.services.evaluation import compute
from app.services.evaluation_work import work_out
from tests.services.month_of_tickets import Month, city, walk_the_month

LINES: tuple[dict[str, Any], ...] = (
    {"code": "DONE", "indicator": "DONE", "weight": 60},
    {"code": "DONE_OT", "indicator": "DONE_OT", "weight": 20, "shape": "deduction", "params": "T=100, k=0.2"},
    {
        "code": "CROWD",
        "indicator": "VOLUME",
        "weight": 10,
        "shape": "density",
        "params": "k=0.01",
        "name_zh": "案件密度",
        "name_en": "Density",
    },
    {"code": "OTHER", "weight": 10, "shape": "manual", "name_zh": "其他", "name_en": "Other"},
    {"code": "SIGN10", "indicator": "SIGN10", "weight": 0, "appeal": "none"},
    {"code": "LATE", "indicator": "DONE_OT", "weight": 5, "section": "deduction", "shape": "per_case", "params": "d=1, not_more_than=DONE"},
    {"code": "MERIT", "indicator": "DONE", "weight": 2, "section": "bonus", "shape": "bonus", "params": "b=0.5", "target": 95},
)


@pytest.fixture
def month(app: Flask) -> Iterator[Month]:
    """March, walked, under a version that street-towns are scored by; one of them has a size, and an entry by hand."""
    month = walk_the_month()
    with transaction() as session, acting_as(SYSTEM):
        scheme = session.execute(select(Scheme).where(Scheme.group == "street_town")).scalar_one()
        version = SchemeVersion(
            scheme=scheme, number=7, effective_from=date(2026, 3, 1), state="approved", ties="tie_break", bonus_cap=Decimal("1.5")
        )
        session.add(version)
        for place, values in enumerate(LINES):
            session.add(SchemeLine(scheme_version=version, position=place, **values))
        street = session.get_one(StreetTown, month.office.street.id)
        street.area, street.population = Decimal("0.026"), Decimal("2.141")
        session.add(ManualEntry(period="2026-03", unit=street, line="OTHER", points=Decimal("7.50"), note="两次缺席例会"))
    yield month


def test_what_was_worked_out_is_what_is_read_back(month: Month) -> None:
    month.office.at = city("2026-04-03 10:00")
    with month.office.now(), acting_as(SYSTEM):
        evaluation = compute("2026-03")
        worked = work_out(db.session(), period_of("2026-03")).groups
        kept = groups_of(db.session(), evaluation.id)
    assert [group.code for group in kept] == [group.code for group in worked]
    for was, now in zip(worked, kept, strict=True):
        for one, other in zip((*was.units, *was.apart), (*now.units, *now.apart), strict=True):
            assert {code: vars_of(line) for code, line in one.lines.items()} == {code: vars_of(line) for code, line in other.lines.items()}
            assert vars_of(one) == vars_of(other)
        assert (was.lines, was.total, was.bonus_cap, was.full_marks) == (now.lines, now.total, now.bonus_cap, now.full_marks)
    (street,) = (group for group in kept if group.code == "street_town")
    unit = next(one for one in street.units if one.unit_id == month.office.street.id)
    assert unit.size == Fraction("0.026") * Fraction("2.141") and street.bonus_cap == Fraction(3, 2)
    assert (unit.lines["OTHER"].points, unit.lines["OTHER"].note) == (Fraction("7.5"), "两次缺席例会")
    assert unit.uncapped == sum((line.points for line in unit.lines.values() if line.points is not None), Fraction(0))
    assert {line.code: line.measured for line in street.lines}["CROWD"] == "VOLUME"
    assert street.lines[2].names == Names("案件密度", "Density")


def vars_of(value: Any) -> dict[str, Any]:
    """A value's own fields, without those that are found afresh whenever it is read."""
    return {name: getattr(value, name) for name in type(value).__slots__ if name not in {"lines", "margin", "noise", "low", "high"}}


def test_the_figures_file_tells_sections_parts_times_and_notes(month: Month) -> None:
    month.office.at = city("2026-04-03 10:00")
    with month.office.now(), acting_as(SYSTEM):
        told = figures(scorecard_of(db.session(), compute("2026-03")))
    street = next(group for group in told["groups"] if group["code"] == "street_town")
    assert [(line["code"], line["measure"], line["section"]) for line in street["lines"]] == [
        ("DONE", "DONE", "basic"),
        ("DONE_OT", "DONE_OT", "basic"),
        ("CROWD", "VOLUME", "basic"),
        ("OTHER", "", "basic"),
        ("SIGN10", "SIGN10", "basic"),
        ("LATE", "DONE_OT", "deduction"),
        ("MERIT", "DONE", "bonus"),
    ]
    assert (street["bonus_cap"], street["ties"], street["lines"][-1]["target"]) == ("1.50", "tie_break", "95.00")
    unit = next(one for one in told["units"] if one["code"] == "S-1" and one["group"] == "street_town")
    assert unit["size"] == str(Fraction("0.026") * Fraction("2.141"))
    assert (unit["indicators"]["OTHER"]["points"], unit["indicators"]["OTHER"]["note"]) == ("7.50", "两次缺席例会")
    assert unit["indicators"]["SIGN10"]["median"] is not None and unit["indicators"]["OTHER"]["rate"] is None


def test_the_seal_changes_with_a_size_and_with_what_was_entered_by_hand(month: Month) -> None:
    seals = []
    month.office.at = city("2026-04-03 10:00")
    for change in (None, "size", "entry"):
        with transaction() as session, acting_as(SYSTEM):
            if change == "size":
                session.get_one(StreetTown, month.office.street.id).population = Decimal("2.142")
            elif change == "entry":
                session.execute(select(ManualEntry)).scalar_one().points = Decimal("7.51")
        with month.office.now(), acting_as(SYSTEM):
            seals.append(compute("2026-03").snapshot_hash)
    assert len(set(seals)) == 3
