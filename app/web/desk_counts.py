"""Counts of the desk for whoever is at the door: asked for once per request, shared by the desk and the navigation."""

from __future__ import annotations

from flask import g

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import Words
from app.crud.access import may
from app.crud.resource import READ
from app.queries.desk import Counts, counts, queues_of, viewer_of
from app.queries.standing import Viewer

NAVIGATION = ("to_dispatch", "called", "to_sign", "overdue", "due_today", "to_verify", "to_review")
"""Queues that stand in the navigation, as far as they are this person's."""

LATE = frozenset({"overdue"})
"""Queues in which every ticket is late, so that their count is red."""


def at_the_desk() -> Viewer:
    """The person of this request, at one instant for the whole answer."""
    if "viewer" not in g:
        g.viewer = viewer_of(current_actor(), now())
    found: Viewer = g.viewer
    return found


def desk_counts() -> Counts:
    """Every queue of this person; nothing for people who do not read tickets."""
    if "desk_counts" not in g:
        viewer = at_the_desk()
        g.desk_counts = counts(db.session(), viewer, queues_of(viewer)) if may(READ, "Ticket") else Counts()
    found: Counts = g.desk_counts
    return found


def navigation_counts() -> Counts:
    """The queues of the navigation alone, unless the desk has counted all of them already."""
    if "desk_counts" in g or not may(READ, "Ticket"):
        return desk_counts()
    if "navigation_counts" not in g:
        viewer = at_the_desk()
        g.navigation_counts = counts(db.session(), viewer, [q for q in queues_of(viewer) if q.code in NAVIGATION])
    found: Counts = g.navigation_counts
    return found


def told(found: Counts, writer: Words) -> dict[str, list[str]]:
    """Counts as pages write them: for each queue all and the late ones, under ``open`` everything that is alive."""
    said = {code: [writer.number(number), writer.number(found.late.get(code, 0))] for code, number in found.tickets.items()}
    return {**said, "open": [writer.number(sum(found.stages.values())), writer.number(found.tickets.get("overdue", 0))]}
