"""Imports point down only: no floor knows the one above it, and the rules know nothing but the standard library."""

from __future__ import annotations

import ast
import sys

from tests.house.source import Module, modules, of_every_module

FLOORS = (
    ("app.domain",),
    ("app.core",),
    ("app.crud",),
    ("app.entities", "app.channels", "app.delivery", "app.learning", "app.reference", "app.demo"),
    ("app.queries",),
    ("app.services",),
    ("app.web", "app.api", "app.jobs"),
    ("app.factory",),
    ("app.commands",),
    ("reports",),
    ("run",),
)


def floor_of(name: str) -> int | None:
    """The floor a module lives on, from below; ``None`` for what is not ours."""
    for number, rooms in enumerate(FLOORS):
        if any(name == room or name.startswith(room + ".") for room in rooms):
            return number
    return None


@of_every_module
def test_imports_point_down_only(module: Module) -> None:
    mine = floor_of(module.name)
    if mine is None:
        return
    above = sorted({name for name in module.imports() if (floor := floor_of(name)) is not None and floor > mine})
    assert not above, f"{module.path} knows {above}"


def test_the_floor_order_notices_an_import_that_points_up() -> None:
    assert (
        floor_of("app.services.evaluation") > floor_of("app.queries.facts") > floor_of("app.entities.ticket") > floor_of("app.domain.facts")
    )


@of_every_module
def test_the_rules_stand_on_the_standard_library_alone(module: Module) -> None:
    if not module.name.startswith("app.domain"):
        return
    foreign = {
        name for name in module.imports() if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("app.domain")
    }
    assert not foreign


def test_no_module_imports_in_a_circle() -> None:
    names = {module.name for module in modules()}
    edges = {module.name: {n for n in module.imports() if n in names and n != module.name} for module in modules()}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join((*trail[trail.index(name) :], name))
        if name in done:
            return
        for target in sorted(edges[name]):
            walk(target, (*trail, name))
        done.add(name)

    for name in sorted(edges):
        walk(name, ())


@of_every_module
def test_nothing_is_imported_inside_a_function(module: Module) -> None:
    inner = [n.lineno for f in module.functions() for n in ast.walk(f) if isinstance(n, (ast.Import, ast.ImportFrom))]
    assert not inner
