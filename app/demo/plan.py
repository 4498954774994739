"""A made-up ticket as planned: what people do and when; how the ticket stands follows from the moves alone (``app.demo.walk``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.demo.assignment import Assigned
from app.demo.calling import Calling
from app.demo.closing import Closed, Ending
from app.demo.district import Channel
from app.demo.incidents import Incident
from app.demo.rhythm import Report
from app.demo.wording import Told
from app.domain.actors import Actor


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is settled before the first step is written down."""

    source_no: str
    report: Report
    channel: Channel
    told: Told
    assigned: Assigned
    calling: Calling | None
    incident: Incident | None
    ending: Ending
    closed: Closed
    opinion: str
    proactive: bool
    twin: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Stands for another ticket of the district, known by its source number only: its ``id`` or its ``number``."""

    source_no: str
    what: str


@dataclass(frozen=True, slots=True)
class Step:
    """One move: when, by whom, what is said; ``part`` is ``call.unit``, ``extra`` what the door itself would add."""

    at: datetime
    actor: Actor
    action: str
    said: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket as it was registered (``facts``, by column), by whom, and every step of its life in order of time.

    ``needs`` names tickets that must exist before this one moves.
    """

    source_no: str
    facts: Mapping[str, Any]
    registrar: Actor
    steps: tuple[Step, ...]
    channel: str
    needs: tuple[str, ...] = ()
    whole: str = ""
