"""The site map: work areas, what belongs to each, and who is offered what; generated screens find their place by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from app.core.languages import Words
from app.crud.access import may
from app.crud.resource import READ, Resource
from app.domain.refusals import N_

AREAS = {
    "overview": N_("Overview"),
    "tickets": N_("Tickets"),
    "evaluation": N_("Assessment"),
    "reference": N_("Reference data"),
    "system": N_("System"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page in the navigation that is not a generated list."""

    endpoint: str
    label: str
    area: str
    icon: str
    subject: str
    position: int = 100


PLACES = (
    Place("Home.index", N_("Desk"), "overview", "gauge-high", "Desk", 1),
    Place("Imports.index", N_("Imports and undo"), "reference", "file-import", "Batch", 90),
    Place("Runs.index", N_("Runs"), "system", "rotate", "Run", 85),
    Place("ChangeLog.index", N_("Change log"), "system", "clock-rotate-left", "ChangeLog", 90),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    label: str
    icon: str
    href: str
    active: bool


@dataclass(frozen=True, slots=True)
class Area:
    """One work area with its lines."""

    label: str
    entries: tuple[Entry, ...]


def navigation(resources: Sequence[Resource], writer: Words) -> list[Area]:
    """What this person is offered; areas without a line are left out."""
    found: dict[str, list[tuple[int, Entry]]] = {area: [] for area in AREAS}
    here = request.blueprint or ""
    for place in PLACES:
        if may(READ, place.subject):
            active = here == place.endpoint.partition(".")[0]
            found[place.area].append((place.position, Entry(writer(place.label), place.icon, url_for(place.endpoint), active)))
    for resource in resources:
        if resource.menu and may(READ, resource.name):
            screen = f"{resource.name}Screen"
            entry = Entry(writer(resource.plural), resource.icon, url_for(f"{screen}.list"), here == screen)
            found[resource.area].append((resource.position, entry))
    return [
        Area(writer(AREAS[area]), tuple(entry for _, entry in sorted(lines, key=lambda line: line[0])))
        for area, lines in found.items()
        if lines
    ]
