"""Moves as OpenAPI schemas, made from the table of moves: one for each, told apart by its action, so that none can drift."""

from __future__ import annotations

from typing import Any

from app.api.move_forms import options_of
from app.core.languages import words
from app.domain.moves import BY_ACTION, MOVES
from app.domain.moves.row import Move, Need
from app.domain.rights import CITIZEN, CLOCK
from app.services.saying import LINE, TEXT

EXAMPLES: dict[str, Any] = {
    "unit": "S-01",
    "street_town": "S-01",
    "lead": "D-01",
    "support": ["D-02"],
    "matter": "M-01",
    "partner": "P-01",
    "into": "GL20260302-0001",
    "rating": 31,
    "due_at": "2026-03-06T17:30:00+08:00",
    "wanted_at": "2026-03-09T17:30:00+08:00",
    "until": "2026-03-05T09:00:00+08:00",
    "reply_by": "2026-03-04T12:00:00+08:00",
    "appointment_at": "2026-03-02T16:30:00+08:00",
    "address": "温泉支路 112 号",
    "place": "温泉支路 112 号门前",
    "person": "林工",
    "participants": "林工、陈警官",
    "tasks": "园林部门当日清理，公安协助维持秩序",
    "title": "路灯不亮",
    "description": "同一地点路灯损坏，需另行处置。",
    "note": "已到现场核实，正在处置。",
    "reason": "需补充处置后照片。",
    "opinion": "现场复核整改到位，市民认可，予以办结。",
    "answer": "已派员处置，今日内完成。",
    "comment": "到场及时，处置到位。",
    "waiver": "市民两次未接听电话。",
    "reached": True,
}
"""What somebody would say, by the name of the need; choices take their first option."""

WHO = {"unit": "a unit", "units": "units", "ticket": "a ticket", "matter": "a matter", "partner": "a partner organisation"}
FORMS = {"ticket": "number or id", "rating": "id"}

MOVE_EXAMPLE = {"action": "claim_done", "version": 4, "result": "solved", "note": "已到现场核实，处置完毕。"}

VERSION = {"type": "integer", "minimum": 1, "example": 4, "description": "The version that was read; or send it as If-Match"}
PART = {"type": "string", "pattern": r"^\d+\.\d+$", "example": "1.17", "description": "The called department: call and unit id"}


def offered_to_people() -> tuple[Move, ...]:
    """The moves that a person can make; those of the clock and of the citizen have other doors."""
    return tuple(move for move in MOVES if move.right not in (CLOCK, CITIZEN))


def move_schemas() -> dict[str, Any]:
    """A schema per move, ``TicketMove``, which is one of them, and what the doors beneath a ticket take instead."""
    found = {f"Move_{move.action}": move_schema(move) for move in offered_to_people()}
    found["CallDepartments"] = move_schema(BY_ACTION["call"], without=("action",))
    found["PartMove"] = {"oneOf": [move_schema(move, without=("part",)) for move in offered_to_people() if move.part]}
    found["GiveRating"] = {
        "oneOf": [move_schema(BY_ACTION[action], without=("action",)) for action in ("rate_department", "rate_street_town")]
    }
    references = {move.action: f"#/components/schemas/Move_{move.action}" for move in offered_to_people()}
    found["TicketMove"] = {
        "oneOf": [{"$ref": reference} for reference in references.values()],
        "discriminator": {"propertyName": "action", "mapping": references},
    }
    return found


def move_schema(move: Move, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """What is sent to make a move, without what the address says already."""
    english, chinese = words("en"), words("zh")
    properties: dict[str, Any] = {"action": {"type": "string", "enum": [move.action]}, "version": VERSION}
    if move.part:
        properties["part"] = PART
    properties = {name: shape for name, shape in properties.items() if name not in without}
    properties |= {need.name: need_schema(need) for need in move.needs}
    required = [*({"action"} - set(without)), *(need.name for need in move.needs if need.required)]
    stages = ", ".join(move.stages)
    about = f" {english(move.about)}" if move.about else ""
    return {
        "type": "object",
        "title": f"{english(move.name)} · {chinese(move.name)}",
        "description": f"In the stages {stages}. For: {', '.join(english(who.name) for who in move.who)}.{about}",
        "properties": properties,
        "additionalProperties": False,
        "example": {name: value for name, value in example_of(move).items() if name not in without},
        **({"required": required} if required else {}),
    }


def example_of(move: Move) -> dict[str, Any]:
    """A call that could be made."""
    head: dict[str, Any] = {"action": move.action, "version": 4}
    if move.part:
        head["part"] = "1.17"
    return head | {need.name: example(need) for need in move.needs if need.required}


def example(need: Need) -> Any:
    """What could be said."""
    options = options_of(need)
    if options:
        values = [option["value"] for option in options]
        return values[:2] if need.kind == "choices" else values[0]
    return EXAMPLES.get(need.name, "…")


def need_schema(need: Need) -> dict[str, Any]:
    """A need as a property: its type, what it may be, and in which forms it may be said."""
    english = words("en")
    said = english(need.label) + (f". {english(need.help)}" if need.help else "")
    codes = [option["value"] for option in options_of(need) or ()] if need.kind != "rating" else []
    listed = {"enum": codes} if codes else {}
    if need.kind == "flag":
        return {"type": "boolean", "description": said, "example": example(need)}
    if need.kind == "moment":
        return {
            "type": "string",
            "format": "date-time",
            "description": f"{said}. With a zone; without one it is the city's time",
            "example": example(need),
        }
    if need.kind in ("choice", "urgency"):
        return {"type": "string", "description": said, "example": example(need), **listed}
    if need.kind == "choices":
        return {"type": "array", "items": {"type": "string", **listed}, "description": said, "example": example(need)}
    if need.kind in ("text", "long"):
        shortest = {"minLength": need.least} if need.least else {}
        return {
            "type": "string",
            "maxLength": TEXT if need.kind == "long" else LINE,
            "description": said,
            "example": example(need),
            **shortest,
        }
    return _link(need, said)


def _link(need: Need, said: str) -> dict[str, Any]:
    forms = FORMS.get(need.kind, "id, code or name")
    one: dict[str, Any] = {"type": "integer"} if need.kind == "rating" else {"oneOf": [{"type": "integer"}, {"type": "string"}]}
    shape = {"type": "array", "items": one} if need.kind == "units" else one
    return {**shape, "description": f"{said}: {forms}", "example": example(need)}
