"""Walking a story: every step goes through the machine, which refuses what could not have happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.demo.desk import RulesOf
from app.demo.plan import Named, Step, Story
from app.domain.actors import Actor
from app.domain.acts import Doing
from app.domain.casefile import CaseFile, Happening
from app.domain.machine import apply
from app.domain.moves import MOVES
from app.domain.refusals import Refused

Links = Callable[[Named], Any]
Stop = Callable[[CaseFile, datetime], bool]
REGISTERED = ("reported_at", "urgency", "proactive", "address", "matter_id", "street_town_id")
"""What rules read of a registration."""

UNSAID = {move.action: {need.name: None for need in move.needs} for move in MOVES}
"""Everything that each move asks for, still empty: doors ask for all of it, too."""


@dataclass(slots=True)
class Life:
    """A story as far as it has been walked: how the ticket stands, what happened by whom, and what was refused."""

    story: Story
    case: CaseFile
    happened: list[tuple[Happening, Actor]] = field(default_factory=list)
    refused: list[tuple[Step, Refused]] = field(default_factory=list)
    seen: int = 0
    stopped: bool = False


def walk(story: Story, rules_of: RulesOf, until: datetime, links: Links | None = None, stop: Stop | None = None) -> Life:
    """Make every move of ``story`` up to ``until`` (included), or until ``stop`` says that the ticket stands as wanted."""
    case = CaseFile(**{name: story.facts[name] for name in REGISTERED})
    life = Life(story, case)
    reported_at = story.facts["reported_at"]
    details = {"split_from": _resolved(Named(story.whole, "number"), links)} if story.whole else {}
    life.happened.append((Happening("report", "", "reported", reported_at, story.registrar.unit_id, details), story.registrar))
    for step in story.steps:
        if step.at > until:
            break
        life.seen += 1
        said = {**UNSAID[step.action], **{k: _resolved(v, links) for k, v in {**step.said, **step.extra}.items()}}
        doing = Doing(step.actor, step.at, rules_of(case.matter_id), said, case.part(step.part) if step.part else None)
        try:
            life.happened.append((apply(case, step.action, doing), step.actor))
        except Refused as refused:
            life.refused.append((step, refused))
        if stop is not None and stop(case, step.at):
            life.stopped = True
            break
    return life


def cut(story: Story, life: Life) -> Story:
    """The same story with nothing after what ``life`` has seen: what comes next has not been decided yet."""
    return replace(story, steps=story.steps[: life.seen])


def _resolved(value: Any, links: Links | None) -> Any:
    return (links(value) if links else 1) if isinstance(value, Named) else value
