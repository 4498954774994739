"""Lines of a scheme as people type them: every shape, and the same refusal by form, program and file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.crud.importing.batches import ALL
from app.crud.resource import resource_of
from app.crud.writing import add
from app.domain.refusals import Refused, RefusedAll
from app.domain.scorecard import Names
from app.domain.shapes import SHAPES
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from tests.conftest import outside
from tests.importing.conftest import Bring, bring, desk, house
from tests.people import create_person
from tests.web.doors import program
from tests.web.papers import alerts

__all__ = ["bring", "desk", "house"]

Enter = Callable[..., FlaskClient]
API = Reading(origin=Origin.API)


def draft() -> SchemeVersion:
    """A version without lines."""
    with transaction() as session:
        scheme = Scheme(code="X", name_zh="方案", name_en="Scheme", group="department")
        version = SchemeVersion(scheme=scheme, number=1, effective_from=date(2026, 1, 1), state="draft")
        session.add(version)
    return version


def typed(version: SchemeVersion, code: str, **values: Any) -> SchemeLine:
    """A line added as programs do."""
    row = add(resource_of("SchemeLine"), {"scheme_version": version.id, "code": code, "weight": "10", **values}, API)
    assert isinstance(row, SchemeLine)
    return row


def refusal(act: Callable[[], Any]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    found = refused.value
    (one,) = found.refusals if isinstance(found, RefusedAll) else (found,)
    return one


def test_every_shape_can_be_typed_with_its_example(lite: Flask) -> None:
    version = draft()
    for number, shape in enumerate(SHAPES.values()):
        measure = {"duration": "CYCLE", "manual": ""}.get(shape.code, "DONE")
        names = {"name_zh": "其他", "name_en": "Other"} if shape.code == "manual" else {}
        params = shape.example.replace("12.5", "5").replace("cap=20", "cap=5")
        row = typed(version, f"L{number}", indicator=measure, shape=shape.code, params=params, **names)
        assert (row.value().shape, row.value().measured) == (shape.code, measure)


def test_a_line_has_a_code_a_section_and_a_name_of_its_own(lite: Flask) -> None:
    row = typed(
        draft(), "LATE", indicator="DONE_OT", section="deduction", shape="per_case", params="d=1", name_zh="逾期扣分", appeal="dispute"
    )
    line = row.value()
    assert (line.code, line.measured, line.section, line.appeal, line.names) == (
        "LATE",
        "DONE_OT",
        "deduction",
        "dispute",
        Names("逾期扣分"),
    )
    assert (line.form, line.direction, line.parts) == ("rate", 1, 1)


def test_a_line_without_a_code_of_its_own_is_called_like_its_indicator(lite: Flask) -> None:
    version = draft()
    with transaction() as session:
        session.add_all(
            [SchemeLine(scheme_version=version, indicator="DONE"), SchemeLine(code="", indicator="SAT", scheme_version=version)]
        )
        session.add(SchemeLine(scheme_version=version, code="OTHER", indicator="SAT"))
    assert [line.code for line in version.lines] == ["DONE", "SAT", "OTHER"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"shape": "rate"}, "indicator", "Choose what the line measures, or the shape “Entered by hand”."),
        ({"shape": "manual", "indicator": "DONE", "name_zh": "其他"}, "indicator", "measured by no indicator; leave it empty."),
        ({"shape": "manual"}, "name_zh", "A line that is entered by hand needs a name of its own."),
        ({"shape": "duration", "params": "T=2, k=10", "indicator": "DONE"}, "shape", "cannot read this kind of figure"),
        ({"shape": "rate", "indicator": "CYCLE"}, "shape", "cannot read this kind of figure"),
        ({"shape": "per_case", "params": "d=1", "section": "bonus", "indicator": "DONE"}, "shape", "cannot stand on a bonus line."),
        ({"shape": "bonus", "params": "b=1", "section": "deduction", "indicator": "DONE"}, "shape", "cannot stand on a deduction line."),
        ({"shape": "bands", "params": "<50=-1", "indicator": "DONE"}, "params", "end with else=0, for example."),
        ({"shape": "deduction", "params": "T=95 k=1", "indicator": "DONE"}, "params", "has no parameter “T=95 k”."),
    ],
)
def test_a_line_that_could_not_be_scored_is_refused(lite: Flask, values: dict[str, Any], field: str, sentence: str) -> None:
    version = draft()
    found = refusal(lambda: typed(version, "A", **values))
    assert found.field == field
    assert sentence in str(found)


def test_form_program_and_file_refuse_a_rule_with_the_same_sentence(lite: Flask, sign_in: Enter, bring: Bring) -> None:
    version = draft()
    create_person("evaluator")
    sentence = "The score shape “Deduction per case” needs the parameter “d”."
    values = {"code": "A", "indicator": "DONE", "weight": "10", "shape": "per_case", "params": "cap=5", "section": "basic"}
    with outside():
        form = {**values, "scheme_version": version.id, "na_policy": "redistribute", "appeal": "both", "position": "10"}
        page = sign_in("evaluator").post("/scheme-lines/add", data=form)
        sent = program(lite, "evaluator").post("/api/v1/scheme-lines/", json={**values, "scheme_version": version.id})
    assert page.status_code == sent.status_code == 422
    assert sentence in alerts(page.text)[0] and 'value="cap=5"' in page.text
    assert sent.json is not None and [(e["field"], e["message"]) for e in sent.json["errors"]] == [("params", sentence)]
    brought = bring("SchemeLine", [["scheme_version", *values], ["X/1", *values.values()]])
    assert brought.counts == (0, 0, 0, 1)
    assert sentence in brought.said().values()


def test_lines_are_brought_in_from_a_file(lite: Flask, bring: Bring) -> None:
    version = draft()
    head = ["scheme_version", "code", "section", "indicator", "name_zh", "weight", "shape", "params"]
    rows = [
        ["X/1", "DONE", "basic", "DONE", "", 100, "rate", ""],
        ["X/1", "LATE", "deduction", "DONE_OT", "逾期扣分", 5, "per_case", "d=1, not_more_than=DONE"],
        ["X/1", "MERIT", "Bonus items", "", "表扬", 2, "manual", ""],
    ]
    assert bring("SchemeLine", [head, *rows], ALL).counts == (3, 0, 0, 0)
    lines = {line.code: line.value() for line in version.lines}
    assert (lines["LATE"].params, lines["MERIT"].section) == ({"d": "1", "not_more_than": "DONE"}, "bonus")
    assert bring("SchemeLine", [head, *rows], ALL).counts == (0, 0, 3, 0)
