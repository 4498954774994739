"""The shapes of what the ticket doors answer, as OpenAPI says them, with examples."""

from __future__ import annotations

from typing import Any

from app.domain.workflow import ALL_STAGES


def reference(name: str) -> dict[str, str]:
    """A schema that is described elsewhere in the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def listing(name: str) -> dict[str, Any]:
    """Several of them."""
    return {"type": "array", "items": reference(name)}


def result(name: str) -> dict[str, Any]:
    """Several of them, as the answer to a question."""
    return {"type": "object", "required": ["result"], "properties": {"result": listing(name)}}


def text(example: str, **more: Any) -> dict[str, Any]:
    """Text, as in the example."""
    return {"type": "string", "example": example, **more}


def json_content(schema: dict[str, Any], description: str) -> dict[str, Any]:
    """An answer in JSON."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


MOMENT = text("2026-03-02T01:00:00Z", format="date-time", nullable=True)
WHOLE = {"type": "integer", "example": 17}
LINKED = {"type": "object", "nullable": True, "properties": {"id": WHOLE, "text": text("温泉街道")}}
ROW = {"type": "object", "additionalProperties": True}

COMPONENTS: dict[str, Any] = {
    "Stage": {
        "type": "object",
        "required": ["code", "name", "zh", "en"],
        "properties": {
            "code": {"type": "string", "enum": [stage.code for stage in ALL_STAGES], "example": "handling"},
            "name": text("处置", description="In the language of whoever asks"),
            "zh": text("处置"),
            "en": text("Handling"),
        },
    },
    "Refusal": {
        "type": "object",
        "required": ["message", "errors"],
        "properties": {
            "message": text("“Note” is missing"),
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"field": text("note"), "code": text("required"), "message": text("“Note” is missing")},
                },
            },
        },
    },
    "Overtaken": {
        "allOf": [reference("Refusal"), {"type": "object", "properties": {"ticket": reference("TicketState")}}],
        "description": "Why not, and how the ticket stands now",
    },
    "Need": {
        "type": "object",
        "required": ["name", "label", "kind", "required"],
        "properties": {
            "name": text("result"),
            "label": text("Result"),
            "kind": text("choice"),
            "required": {"type": "boolean", "example": True},
            "help": text("Empty: as the handling unit claims."),
            "least": {"type": "integer", "example": 5, "description": "Fewest characters"},
            "options": {
                "type": "array",
                "items": {"type": "object", "properties": {"value": {"example": "solved"}, "label": text("Settled")}},
            },
            "among": text("/api/v1/departments/", description="The list to choose from, where it is long"),
        },
    },
    "AllowedMove": {
        "type": "object",
        "required": ["action", "name", "needs"],
        "properties": {
            "action": text("claim_done"),
            "name": text("Claim completion"),
            "group": text("Completion and review"),
            "tone": {"type": "string", "enum": ["main", "usual", "rare", "grave"]},
            "part": text("1.17", description="The called department, where the move is about one"),
            "unit": LINKED,
            "about": text("The sub-centre has verified the result."),
            "needs": listing("Need"),
        },
    },
    "MoveNotYet": {
        "type": "object",
        "required": ["action", "name", "code", "reason"],
        "properties": {
            "action": text("claim_done"),
            "name": text("Claim completion"),
            "part": text("1.17"),
            "code": text("suspended"),
            "reason": text("The ticket is suspended; resume it first."),
        },
    },
    "CalledDepartment": {
        "type": "object",
        "additionalProperties": True,
        "required": ["part", "unit", "role"],
        "properties": {"part": text("1.17"), "unit": LINKED, "role": {"type": "string", "enum": ["lead", "support"]}, "due_at": MOMENT},
    },
    "TicketCall": {
        "type": "object",
        "additionalProperties": True,
        "required": ["ordinal", "units"],
        "properties": {
            "ordinal": {"type": "integer", "example": 1},
            "street_town": LINKED,
            "appointment_at": MOMENT,
            "units": listing("CalledDepartment"),
        },
    },
    "TicketRating": {
        "type": "object",
        "additionalProperties": True,
        "required": ["kind", "state"],
        "properties": {
            "kind": {"type": "string", "enum": ["public", "street_department", "department_street"]},
            "part": text("1.17"),
            "rater": LINKED,
            "rated": LINKED,
            "state": {"type": "string", "enum": ["open", "given", "missed", "annulled"]},
            "due_at": MOMENT,
        },
    },
    "TicketClock": {
        "type": "object",
        "required": ["key", "clock", "name", "state", "due_at", "minutes", "sentence"],
        "properties": {
            "key": text("round.1.handle"),
            "clock": text("handle"),
            "name": text("Handling"),
            "unit": LINKED,
            "round": {"type": "integer", "nullable": True, "example": 1},
            "part": text("1.17", description="The called department, where it is its clock"),
            "current": {"type": "boolean", "example": True},
            "state": {
                "type": "object",
                "properties": {
                    "code": {"type": "string", "enum": ["running", "met", "missed", "paused", "over"]},
                    "text": text("Clock is running"),
                },
            },
            "natural": {"type": "boolean", "example": False, "description": "Whether it runs day and night"},
            "limit": text("3wd"),
            "provisional": {"type": "boolean", "example": False, "description": "Whether the calendar of that year is still unknown"},
            **dict.fromkeys(("started_at", "base_due_at", "due_at", "expected_at", "ended_at"), MOMENT),
            "minutes": {
                "type": "object",
                "description": "On this clock: working minutes, or minutes where it runs day and night",
                "properties": dict.fromkeys(("total", "counted", "paused", "left", "spare", "overdue"), WHOLE),
            },
            "sentence": text("1 day 3 hours counted of 3 working days; 1 day 5 hours are left."),
        },
    },
    "TicketEvent": {
        "type": "object",
        "required": ["version", "action", "happened_at"],
        "properties": {
            "version": {"type": "integer", "example": 4},
            "action": text("sign"),
            "name": text("Sign"),
            "text": text("signed", description="What happened, as the ticket's page says it"),
            "from_stage": text("dispatched"),
            "to_stage": text("signed"),
            "happened_at": MOMENT,
            "recorded_at": MOMENT,
            "unit": LINKED,
            "who": text("林小明"),
            "details": ROW,
        },
    },
    "TicketState": {
        "type": "object",
        "required": ["number", "id", "version", "stage", "facts", "allowed_moves", "not_yet"],
        "properties": {
            "number": text("GL20260302-0001"),
            "id": {"type": "integer", "example": 1},
            "version": {"type": "integer", "example": 4, "description": "Send it back with the next move"},
            "stage": reference("Stage"),
            "ended": {"type": "string", "enum": ["", "voided", "merged"]},
            "facts": ROW,
            **{name: {"type": "array", "items": ROW} for name in ("rounds", "extensions", "suspensions", "orders", "consultations")},
            **{name: {"type": "array", "items": ROW} for name in ("follow_ups", "attachments")},
            "ratings": listing("TicketRating"),
            "calls": listing("TicketCall"),
            "clocks": listing("TicketClock"),
            "timeline": listing("TicketEvent"),
            "allowed_moves": listing("AllowedMove"),
            "not_yet": listing("MoveNotYet"),
        },
    },
    "Moved": {
        "type": "object",
        "required": ["ticket", "happening"],
        "properties": {
            "ticket": reference("TicketState"),
            "happening": {
                "type": "object",
                "properties": {
                    "action": text("sign"),
                    "name": text("Sign"),
                    "from": reference("Stage"),
                    "to": reference("Stage"),
                    "version": {"type": "integer", "example": 5},
                    "details": ROW,
                },
            },
        },
    },
    "Registered": {
        "type": "object",
        "required": ["id", "number", "version", "result"],
        "properties": {
            "id": {"type": "integer", "example": 1},
            "number": text("GL20260302-0001"),
            "version": {"type": "integer", "example": 1},
            "result": ROW,
        },
    },
}
