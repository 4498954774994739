"""The OpenAPI document is valid, describes every door beneath tickets, and takes its moves from the table of moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from app.domain.moves import MOVES
from app.domain.rights import CITIZEN, CLOCK
from tests.conftest import outside
from tests.people import create_person
from tests.web.doors import program


@pytest.fixture
def document(lite: Flask) -> dict[str, Any]:
    """The document as a program gets it."""
    create_person("viewer")
    with outside():
        answer = program(lite, "viewer").get("/api/v1/_openapi")
    assert answer.status_code == 200
    return dict(answer.json)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    faults = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in OpenAPIV30SpecValidator(document).iter_errors()
    ]
    assert not faults, "\n".join(faults)


def test_every_door_beneath_tickets_is_described_with_its_refusals(lite: Flask, document: dict[str, Any]) -> None:
    doors = [rule for rule in lite.url_map.iter_rules() if re.match(r"/api/v1/tickets(/<ticket:no>|$)", rule.rule)]
    assert len(doors) == 13
    for rule in doors:
        path = document["paths"][re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operation = path[method.lower()]
            assert {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"} == set(rule.arguments), rule
            assert {"401", "403"} <= set(operation["responses"]), rule
            assert operation["security"] == [{"jwt": []}, {"api_key": []}]
            if method == "POST":
                assert all("example" in content for content in operation["requestBody"]["content"].values()), rule


def test_every_move_that_people_make_stands_in_the_document_with_its_needs(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    expected = {move.action: move for move in MOVES if move.right not in (CLOCK, CITIZEN)}
    mapping = schemas["TicketMove"]["discriminator"]["mapping"]
    assert set(mapping) == set(expected)
    assert {one["$ref"] for one in schemas["TicketMove"]["oneOf"]} == set(mapping.values())
    for action, move in expected.items():
        schema = schemas[mapping[action].rpartition("/")[2]]
        assert schema["properties"]["action"]["enum"] == [action]
        names = {need.name for need in move.needs} | {"action", "version"} | ({"part"} if move.part else set())
        assert set(schema["properties"]) == names, action
        assert set(schema["required"]) == {"action"} | {need.name for need in move.needs if need.required}, action
        assert schema["additionalProperties"] is False


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    count = 0
    for where, schema, example in _examples(document, "#"):
        errors = list(OAS30Validator(_absolute(schema, document)).iter_errors(example))
        assert not errors, (where, errors[0].message)
        count += 1
    assert count > 150


def _examples(node: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Every schema that has an example beside or within it."""
    if isinstance(node, dict):
        if "example" in node and ("schema" in node or "type" in node or "oneOf" in node):
            yield where, node.get("schema", node), node["example"]
        for key, value in node.items():
            if key != "example":
                yield from _examples(value, f"{where}/{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _examples(value, f"{where}/{place}")


def _absolute(schema: Any, document: dict[str, Any]) -> Any:
    """The schema with the references in it resolved, as far as they go."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            found: Any = document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            return _absolute(found, document)
        return {key: _absolute(value, document) for key, value in schema.items() if key not in ("example", "discriminator")}
    return [_absolute(value, document) for value in schema] if isinstance(schema, list) else schema
