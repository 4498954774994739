"""A folder is a registry: every member is complete, unique, reachable and explained."""

from __future__ import annotations

from flask import Flask
from flask_appbuilder import Model

from app.crud.entity import Entity
from app.crud.resource import resources
from app.domain.indicators import Verdict, all_indicators
from app.domain.shapes import SHAPES
from app.jobs.worker import jobs
from app.queries.scopes import OPEN, SCOPES
from app.queries.scores import WEIGHS
from app.web.evidence_page import VERDICTS
from app.web.roles import ROLES, grants
from app.web.site_map import AREAS
from reports.definitions.scorecard.labels import MARKS
from reports.definitions.scorecard.shape_formulas import FORMULAS
from tests.house.source import ROOT, modules


def test_every_verdict_has_words_wherever_it_is_told() -> None:
    told = {verdict.value for verdict in Verdict} - {"out"}
    assert set(VERDICTS) == set(MARKS) == set(WEIGHS) == told


def test_every_shape_is_a_live_formula_and_has_words() -> None:
    assert set(FORMULAS) == set(SHAPES)
    assert all(shape.name and shape.says and (not shape.loses or shape.takes) for shape in SHAPES.values())


def test_every_table_has_one_owner(lite: Flask) -> None:
    owners: dict[str, set[str]] = {}
    for mapper in Model.registry.mappers:
        if mapper.local_table is not None and not mapper.inherits:
            owners.setdefault(mapper.local_table.name, set()).add(mapper.class_.__name__)
    assert not {table: names for table, names in owners.items() if len(names) > 1}


def test_every_constraint_has_a_name(lite: Flask) -> None:
    nameless = [(t.name, type(c).__name__) for t in Model.metadata.tables.values() for c in t.constraints if not c.name]
    assert not nameless


def test_every_table_that_names_a_unit_or_a_ticket_has_a_policy_or_is_declared_open(lite: Flask) -> None:
    scoped = {entity.__tablename__ for entity in SCOPES}
    pointing = {
        table.name
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("unit", "ticket") and table.name not in ("unit",)
    }
    assert pointing - scoped - OPEN == set()


def test_every_entity_but_the_bookkeeping_has_a_resource(lite: Flask) -> None:
    declared = {mapper.class_.__name__ for mapper in Model.registry.mappers if issubclass(mapper.class_, Entity)}
    assert declared - set(resources()) == set()


def test_every_resource_is_complete(lite: Flask) -> None:
    for name, resource in resources().items():
        assert resource.singular and resource.plural, name
        assert resource.area in AREAS, name
        assert resource.about or not resource.menu, name
        assert all(key in resource.fields for key in resource.natural_key), name
        assert all(column in resource.columns for column in resource.default_columns), name
        for reference in resource.related:
            entity, _, column = reference.partition(".")
            assert column in resources()[entity].fields, reference


def test_every_resource_can_be_read_by_somebody(lite: Flask) -> None:
    readable = {subject for role in ROLES for verb, subject in grants(role) if verb == "read"}
    assert set(resources()) - readable == set()


def test_indicators_are_explained_and_jobs_have_kinds(lite: Flask) -> None:
    assert len(all_indicators()) >= 10
    for indicator in all_indicators().values():
        assert indicator.numerator and indicator.denominator and indicator.basis and indicator.clock, indicator.code
        assert len(indicator.golden) >= 2, indicator.code
    assert {"import_check", "import_write", "import_undo", "export"} <= set(jobs())


def test_every_extension_point_has_its_page() -> None:
    """One how-to page per kind of thing that a file adds."""
    wanted = {"entity", "indicator", "report", "mapping", "job", "command", "move", "radar", "delivery-route"}
    present = {path.stem for path in (ROOT / "docs" / "how-to").glob("*.md")}
    assert wanted <= present


def test_the_source_is_found() -> None:
    assert len(modules()) > 150
