"""The site map: work areas, what belongs to each, and who is offered what; generated screens find their place by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from app.core.languages import Words
from app.crud.access import may
from app.crud.resource import READ, Resource
from app.domain.refusals import N_
from app.queries.desk import is_rare, queues_of
from app.web.desk_counts import LATE, NAVIGATION, at_the_desk, navigation_counts

AREAS = {
    "overview": N_("Overview"),
    "tickets": N_("Tickets"),
    "evaluation": N_("Assessment"),
    "records": N_("Records of tickets"),
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
    Place("Indicators.index", N_("Indicators"), "evaluation", "ruler", "Indicator", 40),
    Place("WhatIf.index", N_("What if"), "evaluation", "flask", "WhatIf", 41),
    Place("MutualAudit.index", N_("Rating audit"), "evaluation", "people-arrows", "MutualAudit", 44),
    Place("Radar.index", N_("Gaming radar"), "evaluation", "binoculars", "Radar", 45),
    Place("ReportShelf.index", N_("Reports"), "evaluation", "file-lines", "Report", 50),
    Place("Verify.ask", N_("Verify a file"), "evaluation", "certificate", "Evaluation", 95),
    Place("Imports.index", N_("Imports and undo"), "reference", "file-import", "Batch", 90),
    Place("Runs.index", N_("Runs"), "system", "rotate", "Run", 85),
    Place("ChangeLog.index", N_("Change log"), "system", "clock-rotate-left", "ChangeLog", 90),
)


QUEUES_AT = 2
"""Right behind the list of all tickets."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation; ``count`` is what waits behind it, red where somebody is ``late``. ``code`` names the count."""

    label: str
    icon: str
    href: str
    active: bool
    code: str = ""
    count: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """One work area with its lines."""

    label: str
    entries: tuple[Entry, ...]


def navigation(resources: Sequence[Resource], writer: Words) -> list[Area]:
    """What this person is offered; areas without a line are left out."""
    found: dict[str, list[tuple[int, Entry]]] = {area: [] for area in AREAS}
    here = request.blueprint or ""
    queues = _queues(writer)
    found["tickets"] += [(QUEUES_AT, entry) for entry in queues]
    for place in PLACES:
        if place.endpoint in current_app.view_functions and may(READ, place.subject):
            active = here == place.endpoint.partition(".")[0] and not any(entry.active for entry in queues)
            found[place.area].append((place.position, Entry(writer(place.label), place.icon, url_for(place.endpoint), active)))
    for resource in resources:
        if resource.menu and may(READ, resource.name):
            screen = f"{resource.name}Screen"
            count = sum(navigation_counts().stages.values()) if resource.name == "Ticket" else None
            code = "open" if count is not None else ""
            entry = Entry(writer(resource.plural), resource.icon, url_for(f"{screen}.list"), here == screen, code, count)
            area = "records" if resource.area == "tickets" and resource.name != "Ticket" else resource.area
            found[area].append((resource.position, entry))
    return [
        Area(writer(AREAS[area]), tuple(entry for _, entry in sorted(lines, key=lambda line: line[0])))
        for area, lines in found.items()
        if lines
    ]


def _queues(writer: Words) -> list[Entry]:
    """The person's queues that are worth a line of their own, with what waits in each."""
    found = navigation_counts()
    chosen = request.args.get("queue", "") if request.endpoint == "Home.index" else ""
    viewer = at_the_desk()
    mine = [queue for queue in queues_of(viewer) if queue.code in found.tickets and queue.code in NAVIGATION]
    return [
        Entry(
            writer(queue.label),
            queue.icon,
            url_for("Home.index", queue=queue.code),
            queue.code == chosen,
            queue.code,
            found.tickets[queue.code],
            queue.code in LATE and found.tickets[queue.code] > 0,
        )
        for queue in mine
        if found.tickets[queue.code] or not is_rare(queue, viewer)
    ]
