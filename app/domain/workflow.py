"""The stages of a ticket's life as the city publishes them, their five-part grouping, and the urgencies."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.refusals import N_


@dataclass(frozen=True, slots=True)
class Stage:
    """A published stage: code, English name (message id), and the Chinese name word for word."""

    code: str
    name: str
    zh: str


@dataclass(frozen=True, slots=True)
class Phase:
    """One of the five links of the closed loop, and the stages that belong to it."""

    code: str
    name: str
    zh: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Urgency:
    """How fast a matter must be dealt with."""

    code: str
    name: str
    zh: str


STAGES = (
    Stage("reported", N_("Reported"), "上报"),
    Stage("dispatched", N_("Dispatched"), "分发"),
    Stage("signed", N_("Signed"), "签收"),
    Stage("handling", N_("Handling"), "处置"),
    Stage("called", N_("Called"), "呼叫"),
    Stage("consulting", N_("Consulting"), "协商"),
    Stage("completed", N_("Completed"), "办结"),
    Stage("reviewing", N_("Reviewing"), "审核"),
    Stage("evaluating", N_("Evaluating"), "评价"),
)
"""The nine published stages, in the published order (“上报、分发、签收、处置、呼叫、协商、办结、审核、评价”)."""

ARCHIVED = Stage("archived", N_("Archived"), "归档")
"""Where a ticket rests; not one of the nine."""

ALL_STAGES = (*STAGES, ARCHIVED)

PHASES = (
    Phase("collection", N_("Collection"), "事项收集", ("reported",)),
    Phase("dispatch", N_("Smart dispatch"), "智能派遣", ("dispatched", "signed")),
    Phase("call_response", N_("Call and response"), "呼叫响应", ("called", "consulting")),
    Phase("disposal", N_("Disposal and completion"), "处置办结", ("handling", "completed")),
    Phase("assessment", N_("Supervision and assessment"), "监督考核", ("reviewing", "evaluating", "archived")),
)
"""The closed loop in five links (“事项收集—智能派遣—呼叫响应—处置办结—监督考核”); every stage belongs to exactly one."""

URGENCIES = (
    Urgency("at_once", N_("At once"), "马上办"),
    Urgency("quickly", N_("Quickly"), "快速办"),
    Urgency("within_limit", N_("Within the limit"), "限时办"),
)
"""Simple matters at once, complex ones quickly, hard ones within a set limit."""
