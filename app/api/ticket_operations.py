"""The ticket doors as OpenAPI operations: what each takes, answers and refuses."""

from __future__ import annotations

from typing import Any

from app.api.move_schemas import MOVE_EXAMPLE
from app.api.ticket_components import json_content, reference, result, text

NUMBER = {"in": "path", "name": "no", "required": True, "schema": text("GL20260302-0001"), "description": "The ticket's number"}
ORDINAL = {
    "in": "path",
    "name": "ordinal",
    "required": True,
    "schema": {"type": "integer", "example": 1},
    "description": "The call's number",
}
UNIT = {"in": "path", "name": "unit", "required": True, "schema": text("D-01"), "description": "The called department: code or id"}
SEEN = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": text('"4"'),
    "description": "The version that was read, where the body does not say it",
}


def _refusal(description: str, code: str, message: str, field: str = "") -> dict[str, Any]:
    example = {"message": message, "errors": [{"field": field, "code": code, "message": message}]}
    return {"description": description, "content": {"application/json": {"schema": reference("Refusal"), "example": example}}}


BAD_TOKEN = _refusal("Not signed in", "not-signed-in", "The token or key is not valid, or not any more. Sign in again.")
WRONG_ROLE = _refusal("The role, or the unit, may not", "not-allowed", "Your role does not allow this.")
MISSING = _refusal("Not there, or not yours to see", "not-found", "There is no such record, or it is not yours to see.")
UNREADABLE = _refusal("No JSON object", "not-an-object", "Send a JSON object.")
WRONG = _refusal("Something that was said is wrong or missing", "required", "“Note” is missing", "note")
NO_VERSION = _refusal("No version", "version-missing", "Send the “version” you read, so that nobody's change is overwritten.")
TOO_OFTEN = _refusal("Too many wrong keys", "too-often", "Wait a minute, then try again.")
OVERTAKEN = {
    "description": "Somebody was faster, or the stage does not allow it; “ticket” says how it stands now",
    "content": {"application/json": {"schema": reference("Overtaken")}},
}

READING: dict[str, Any] = {"401": BAD_TOKEN, "403": WRONG_ROLE, "404": MISSING, "429": TOO_OFTEN}
WRITING: dict[str, Any] = {**READING, "400": UNREADABLE, "409": OVERTAKEN, "422": WRONG, "428": NO_VERSION}


def _read(summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"summary": summary, "parameters": [NUMBER], "responses": {"200": json_content(schema, "Found"), **READING}}}


def _write(
    summary: str, description: str, body: dict[str, Any], example: Any, *, status: str = "200", parameters: tuple[Any, ...] = ()
) -> dict[str, Any]:
    content = {"application/json": {"schema": body, "example": example}}
    return {
        "post": {
            "summary": summary,
            "description": description,
            "parameters": [NUMBER, *parameters, SEEN],
            "requestBody": {"required": True, "content": content},
            "responses": {status: json_content(reference("Moved"), "Done: the new state, and what happened"), **WRITING},
        }
    }


REGISTRATION = {
    "title": "夜市油烟扰民",
    "street_town": "S-01",
    "urgency": "quickly",
    "address": "温泉支路 112 号",
    "description": "晚间油烟大，影响居民休息。",
    "reporter_name": "林小明",
    "reporter_phone": "13900000000",
    "reported_at": "2026-03-02T09:00:00+08:00",
}


def _register(summary: str) -> dict[str, Any]:
    registered = json_content(reference("Registered"), "Registered")
    registered["headers"] = {"Location": {"schema": text("/api/v1/tickets/GL20260302-0001"), "description": "Where it is read"}}
    refused = {status: WRITING[status] for status in ("400", "401", "403", "422", "429")}
    return {
        "post": {
            "summary": summary,
            "description": "Links may be given by id, code or name. A street-town registers matters of its own territory.",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": reference("TicketApi.post"), "example": REGISTRATION}},
            },
            "responses": {"201": registered, **refused},
        }
    }


CALL = {
    "version": 5,
    "lead": "D-01",
    "support": ["D-02"],
    "reason": "no_power",
    "appointment_at": "2026-03-02T16:30:00+08:00",
}
PART_MOVE = {"action": "report_in", "version": 6, "person": "林工"}
RATING = {"part": "1.17", "version": 12, "arrival": "on_time", "effect": "solved"}

OPERATIONS: dict[str, Any] = {
    "post": _register("Register a ticket"),
    "register": _register("Register a ticket (without the slash at the end)"),
    "state": _read("A ticket's whole state, and what may be done with it now", reference("TicketState")),
    "events": _read("A ticket's timeline, oldest first", result("TicketEvent")),
    "calls": _read("A ticket's calls with the departments called", result("TicketCall")),
    "ratings": _read("A ticket's ratings; those of others once they are open to both sides", result("TicketRating")),
    "moves": _write(
        "Make a move",
        "“action” is a move of the table of moves; what it needs, “allowed_moves” of the ticket says. Unknown fields are refused.",
        reference("TicketMove"),
        MOVE_EXAMPLE,
    ),
    "call": _write("Call departments", "The move “call”.", reference("CallDepartments"), CALL, status="201"),
    "part_moves": _write(
        "Make a move about one called department",
        "As /moves with “part”; the call and the department stand in the address.",
        reference("PartMove"),
        PART_MOVE,
        parameters=(ORDINAL, UNIT),
    ),
    "rate": _write(
        "Rate a department, or the call",
        "A street-town rates the department it called, a department the call of the street-town: who asks decides.",
        reference("GiveRating"),
        RATING,
        status="201",
    ),
}
