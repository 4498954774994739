"""Appeals for programs: listed, filed, withdrawn and heard, through the same services as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy import select

from app.api.evaluation_steps import REFUSED
from app.api.period_door import PERIOD, answered
from app.api.ticket_components import json_content
from app.api.ticket_operations import READING
from app.core.db import db
from app.crud.columns.texts import storable
from app.crud.program_door import ProgramDoor
from app.crud.resource import READ
from app.domain.appeals import KINDS, NODES, VERDICTS
from app.domain.refusals import N_, NotFound, Refused
from app.domain.scorecard import AppealEntry
from app.entities.appeal import Appeal
from app.entities.ticket import Ticket
from app.queries.appeal_entries import entries_of
from app.services.appeals import Filing, file_appeal
from app.services.evaluation import required
from app.services.hearing import Verdict, hear, withdraw_appeal

ENTRY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "unit": {"type": "string"},
        "line": {"type": "string"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "state": {"type": "string"},
        "tickets": {"type": "array", "items": {"type": "string"}},
        "granted": {"type": "array", "items": {"type": "string"}},
        "text": {"type": "string"},
        "opinion": {"type": "string"},
        "score": {"type": "array", "items": {"type": "string", "nullable": True}},
        "filed_at": {"type": "string", "format": "date-time"},
        "decided_at": {"type": "string", "format": "date-time", "nullable": True},
    },
}
NAMED = {"type": "array", "items": {"type": "string"}, "example": ["GL20260304-0001"]}
FILED: dict[str, Any] = {
    "type": "object",
    "required": ["line", "kind", "text"],
    "properties": {
        "line": {"type": "string", "example": "DONE_OT"},
        "kind": {"type": "string", "enum": list(KINDS)},
        "text": {"type": "string", "example": "系统停机，无法提交"},
        "tickets": NAMED,
    },
}
SAID: dict[str, Any] = {
    "type": "object",
    "required": ["node", "verdict", "opinion"],
    "properties": {
        "node": {"type": "string", "enum": list(NODES)},
        "verdict": {"type": "string", "enum": list(VERDICTS)},
        "opinion": {"type": "string", "example": "经核查属实"},
        "tickets": NAMED,
        "value": {"type": "string", "example": "4.5"},
        "reason": {"type": "string", "example": "system_fault"},
    },
}
WHICH = {"in": "path", "name": "appeal_id", "required": True, "schema": {"type": "integer", "example": 1}}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


class AppealsOfPeriod(ProgramDoor, BaseApi):
    """A unit sees its own; whoever hears them sees all."""

    route_base = "/api/v1/scorecards"
    class_permission_name = "Appeal"
    method_permission_name: ClassVar[dict[str, str]] = {"appeals": READ, "add": "file", "withdraw": "file", "say": "decide"}
    openapi_spec_tag = "Evaluations"
    openapi_spec_methods: ClassVar[dict[str, Any]] = {
        "appeals": {
            "get": {
                "summary": "The appeals of a period, in order of filing",
                "parameters": [PERIOD],
                "responses": {
                    "200": json_content({"type": "object", "properties": {"result": {"type": "array", "items": ENTRY}}}, "Found"),
                    **READING,
                },
            }
        },
        "add": {
            "post": {
                "summary": "Appeal a line of the own unit's scorecard",
                "description": "While the preliminary list takes appeals; proofs are added on the page and read beneath the appeal.",
                "parameters": [PERIOD],
                "requestBody": _body(FILED),
                "responses": {"201": json_content(ENTRY, "Filed"), **REFUSED},
            }
        },
        "withdraw": {
            "post": {
                "summary": "Withdraw an appeal of the own unit",
                "parameters": [PERIOD, WHICH],
                "responses": {"200": json_content(ENTRY, "Withdrawn"), **REFUSED},
            }
        },
        "say": {
            "post": {
                "summary": "Enter a node's opinion; the last node's decides",
                "parameters": [PERIOD, WHICH],
                "requestBody": _body(SAID),
                "responses": {"200": json_content(ENTRY, "Entered"), **REFUSED},
            }
        },
    }

    @expose("/<string:period>/appeals", methods=["GET"])
    @protect()
    @permission_name("appeals")
    @answered
    def appeals(self, period: str) -> Response:
        """All of them.
        ---
        get:
          summary: The appeals of a period
        """
        evaluation = required(db.session(), period)
        return self.response(200, result=[_told(entry) for entry in entries_of(db.session(), evaluation.period)])

    @expose("/<string:period>/appeals", methods=["POST"])
    @protect()
    @permission_name("add")
    @answered
    def add(self, period: str) -> Response:
        """One more.
        ---
        post:
          summary: Appeal a line
        """
        sent = self.sent()
        filing = Filing(_text(sent, "kind"), _text(sent, "text"), _tickets(sent))
        row = file_appeal(period, _text(sent, "line"), filing)
        return self.response(201, **_entry(row))

    @expose("/<string:period>/appeals/<int:appeal_id>/withdrawal", methods=["POST"])
    @protect()
    @permission_name("withdraw")
    @answered
    def withdraw(self, period: str, appeal_id: int) -> Response:
        """Taken back.
        ---
        post:
          summary: Withdraw an appeal
        """
        return self.response(200, **_entry(withdraw_appeal(of_period(period, appeal_id))))

    @expose("/<string:period>/appeals/<int:appeal_id>/opinions", methods=["POST"])
    @protect()
    @permission_name("say")
    @answered
    def say(self, period: str, appeal_id: int) -> Response:
        """A node speaks.
        ---
        post:
          summary: Enter a node's opinion
        """
        sent, number = self.sent(), of_period(period, appeal_id)
        said = Verdict(_text(sent, "verdict"), _text(sent, "opinion"), _tickets(sent), _text(sent, "value"), _text(sent, "reason"))
        return self.response(200, **_entry(hear(number, _text(sent, "node"), said)))


def of_period(period: str, appeal_id: int) -> int:
    """The appeal's number, if it is against a list of the period and there for the actor."""
    found = db.session().execute(select(Appeal).where(Appeal.id == appeal_id)).scalar_one_or_none()
    if found is None or found.evaluation.period != period:
        raise NotFound()
    return found.id


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str) or storable(value) != value:
        raise Refused("not-a-text", N_("“%(field)s” must be a text."), field=name)
    return value


def _tickets(sent: dict[str, Any]) -> Sequence[int]:
    """Numbers of tickets as rows; one that is not there, or not to be seen, is refused by name."""
    numbers = sent.get("tickets", [])
    if not isinstance(numbers, list) or not all(isinstance(one, str) and storable(one) == one for one in numbers) or len(numbers) > 1000:
        raise Refused("not-a-list", N_("“tickets” must be a list of ticket numbers."), field="tickets")
    rows = db.session().execute(select(Ticket.number, Ticket.id).where(Ticket.number.in_(numbers)))
    known = {row.number: row.id for row in rows}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise Refused("no-ticket", N_("There is no ticket %(number)s, or it is not yours to see."), field="tickets", number=missing[0][:40])
    return [known[number] for number in numbers]


def _entry(row: Appeal) -> dict[str, Any]:
    return next(_told(entry) for entry in entries_of(db.session(), row.evaluation.period) if entry.number == row.id)


def _told(entry: AppealEntry) -> dict[str, Any]:
    return {
        "id": entry.number,
        "unit": entry.unit_code,
        "line": entry.line,
        "kind": entry.kind,
        "state": entry.state,
        "tickets": list(entry.tickets),
        "granted": list(entry.granted),
        "text": entry.text,
        "opinion": entry.opinion,
        "score": [None if one is None else str(one) for one in entry.score],
        "filed_at": entry.filed_at.isoformat(),
        "decided_at": entry.decided_at.isoformat() if entry.decided_at is not None else None,
    }


API = AppealsOfPeriod
