"""Proofs of appeals for programs: listed and fetched beneath the appeal, for whoever may read the appeal."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect
from flask_appbuilder.security.decorators import permission_name

from app.api.appeals_of_period import WHICH, of_period
from app.api.period_door import PERIOD, answered
from app.api.ticket_components import json_content
from app.api.ticket_operations import READING
from app.core.db import db
from app.crud.program_door import ProgramDoor
from app.crud.resource import READ
from app.domain.refusals import NotFound
from app.entities.appeal_step import Proof
from app.queries.appeals import proofs_of
from app.web.file_doors import kept_file

FILE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "example": 3},
        "name": {"type": "string", "example": "停机通知.pdf"},
        "media_type": {"type": "string", "example": "application/pdf"},
        "size": {"type": "integer", "example": 48_211},
        "sha256": {"type": "string"},
        "added_at": {"type": "string", "format": "date-time"},
        "added_by": {"type": "string"},
    },
}
PROOF = {"in": "path", "name": "proof_id", "required": True, "schema": {"type": "integer", "example": 3}}
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class AppealProofs(ProgramDoor, BaseApi):
    """Reading only: proofs are added with the appeal, on its page."""

    route_base = "/api/v1/scorecards"
    class_permission_name = "Appeal"
    method_permission_name: ClassVar[dict[str, str]] = {"proofs": READ, "proof": READ}
    openapi_spec_tag = "Evaluations"
    openapi_spec_methods: ClassVar[dict[str, Any]] = {
        "proofs": {
            "get": {
                "summary": "The proofs of an appeal, in order of adding",
                "parameters": [PERIOD, WHICH],
                "responses": {
                    "200": json_content({"type": "object", "properties": {"result": {"type": "array", "items": FILE}}}, "Found"),
                    **READING,
                },
            }
        },
        "proof": {
            "get": {
                "summary": "The bytes of a proof, as they were given",
                "parameters": [PERIOD, WHICH, PROOF],
                "responses": {"200": {"description": "The file", "content": BYTES}, **READING},
            }
        },
    }

    @expose("/<string:period>/appeals/<int:appeal_id>/proofs", methods=["GET"])
    @protect()
    @permission_name("proofs")
    @answered
    def proofs(self, period: str, appeal_id: int) -> Response:
        """All of them.
        ---
        get:
          summary: The proofs of an appeal
        """
        rows = proofs_of(db.session(), appeal_id=of_period(period, appeal_id))
        return self.response(200, result=[_told(row) for row in rows])

    @expose("/<string:period>/appeals/<int:appeal_id>/proofs/<int:proof_id>", methods=["GET"])
    @protect()
    @permission_name("proof")
    @answered
    def proof(self, period: str, appeal_id: int, proof_id: int) -> Response:
        """The bytes of one.
        ---
        get:
          summary: The bytes of a proof
        """
        rows = proofs_of(db.session(), appeal_id=of_period(period, appeal_id))
        found = next((row for row in rows if row.id == proof_id), None)
        if found is None:
            raise NotFound()
        return kept_file(found.digest, found.media_type, found.name)


def _told(row: Proof) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "name", "media_type", "size", "added_by")}
    return {**plain, "sha256": row.digest, "added_at": row.added_at.isoformat()}


API = AppealProofs
