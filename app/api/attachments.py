"""Files on tickets for programs: listed, added, fetched and taken off beneath the ticket's number, through the same service."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy import select

from app.api.ticket_components import json_content
from app.api.ticket_operations import NUMBER, READING, WRITING
from app.core.db import db
from app.crud.access import require
from app.crud.columns.texts import storable
from app.crud.program_door import ProgramDoor
from app.crud.resource import READ
from app.domain.refusals import N_, NotFound, Refused
from app.entities.attachment import PURPOSES, Attachment
from app.entities.ticket import Ticket
from app.services.attachments import attach, detach
from app.web.file_doors import handed_out, limits, storage

FILE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string"},
        "purpose": {"type": "string", "enum": [option.value for option in PURPOSES]},
        "media_type": {"type": "string"},
        "size": {"type": "integer"},
        "sha256": {"type": "string"},
        "stage": {"type": "string"},
        "added_at": {"type": "string", "format": "date-time"},
    },
    "example": {
        "id": 12,
        "name": "处置后.jpg",
        "purpose": "after",
        "media_type": "image/jpeg",
        "size": 204_800,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "stage": "handling",
        "added_at": "2026-03-02T01:30:00+00:00",
    },
}
SENT: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}, "purpose": FILE["properties"]["purpose"]},
}
WHICH = {"in": "path", "name": "attachment_id", "required": True, "schema": {"type": "integer", "example": 12}}
REFUSED = {status: WRITING[status] for status in ("401", "403", "404", "422", "429")}
TOO_LARGE = {**WRITING["422"], "description": "The file is larger than this installation allows"}
OVER = {**WRITING["422"], "description": "Already there, too many, or the ticket is closed"}


def _answered(door: Callable[..., Response]) -> Callable[..., Response]:
    def wraps(self: TicketFiles, *args: Any, **kwargs: Any) -> Response:
        try:
            return door(self, *args, **kwargs)
        except Refused as refused:
            db.session.rollback()
            return self.refusal(refused)

    return update_wrapper(wraps, door)


class TicketFiles(ProgramDoor, BaseApi):
    """Looking is for whoever sees the ticket; adding and removing for those who work it, which the service asks."""

    route_base = "/api/v1/tickets"
    class_permission_name = "Attachment"
    method_permission_name: ClassVar[dict[str, str]] = {"files": READ, "file": READ, "add": READ, "remove": READ}
    openapi_spec_tag = "Tickets"
    openapi_spec_methods: ClassVar[dict[str, Any]] = {
        "files": {
            "get": {
                "summary": "A ticket's files, the oldest first",
                "parameters": [NUMBER],
                "responses": {
                    "200": json_content({"type": "object", "properties": {"result": {"type": "array", "items": FILE}}}, "Found"),
                    **READING,
                },
            }
        },
        "add": {
            "post": {
                "summary": "Put a file on a ticket",
                "description": "What it is, its bytes say. Pictures, PDF, Word and Excel without macros, recordings, MP4 videos.",
                "parameters": [NUMBER],
                "requestBody": {
                    "required": True,
                    "content": {"multipart/form-data": {"schema": SENT, "example": {"file": "(bytes)", "purpose": "after"}}},
                },
                "responses": {"201": json_content(FILE, "Kept"), **REFUSED, "409": OVER, "413": TOO_LARGE},
            }
        },
        "file": {
            "get": {
                "summary": "The bytes of a file, as they were given",
                "parameters": [NUMBER, WHICH],
                "responses": {
                    "200": {
                        "description": "The file",
                        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
                    },
                    **READING,
                },
            }
        },
        "remove": {
            "delete": {
                "summary": "Take a file off a ticket",
                "description": "By whoever added it, or the command centre, while the ticket is live; the timeline keeps it.",
                "parameters": [NUMBER, WHICH],
                "responses": {"204": {"description": "Removed"}, **{s: REFUSED[s] for s in ("401", "403", "404", "429")}, "409": OVER},
            }
        },
    }

    @expose("/<ticket:no>/attachments", methods=["GET"])
    @protect()
    @permission_name("files")
    @_answered
    def files(self, no: str) -> Response:
        """Its files.
        ---
        get:
          summary: A ticket's files, the oldest first
        """
        statement = select(Attachment).where(Attachment.ticket_id == _ticket(no).id).order_by(Attachment.id)
        return self.response(200, result=[_shown(row) for row in db.session().execute(statement).scalars()])

    @expose("/<ticket:no>/attachments", methods=["POST"])
    @protect()
    @permission_name("add")
    @_answered
    def add(self, no: str) -> Response:
        """One more.
        ---
        post:
          summary: Put a file on a ticket
        """
        require("work", "Ticket")
        ticket_id = _ticket(no).id
        sent = request.files.getlist("file")
        if len(sent) != 1 or not sent[0].filename:
            raise Refused("required", N_("Send one file as “file”, in a form (multipart/form-data)."), field="file")
        try:
            row = attach(storage(), ticket_id, sent[0].filename, sent[0].stream, request.form.get("purpose", "site"), limits())
        finally:
            sent[0].close()
        return self.response(201, **_shown(row))

    @expose("/<ticket:no>/attachments/<int:attachment_id>", methods=["GET"])
    @protect()
    @permission_name("file")
    @_answered
    def file(self, no: str, attachment_id: int) -> Response:
        """The bytes of one.
        ---
        get:
          summary: The bytes of a file
        """
        return handed_out(_row(no, attachment_id), save=True)

    @expose("/<ticket:no>/attachments/<int:attachment_id>", methods=["DELETE"])
    @protect()
    @permission_name("remove")
    @_answered
    def remove(self, no: str, attachment_id: int) -> Response:
        """One less.
        ---
        delete:
          summary: Take a file off a ticket
        """
        require("work", "Ticket")
        detach(_row(no, attachment_id).id)
        return Response(status=204)


def _ticket(no: str) -> Ticket:
    """The ticket of that number, if it is there for the actor."""
    statement = select(Ticket).where(Ticket.number == no)
    ticket = db.session().execute(statement).scalar_one_or_none() if storable(no) == no else None
    if ticket is None:
        raise NotFound()
    return ticket


def _row(no: str, attachment_id: int) -> Attachment:
    """The file, if it is that ticket's."""
    statement = select(Attachment).where(Attachment.id == attachment_id, Attachment.ticket_id == _ticket(no).id)
    row = db.session().execute(statement).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


def _shown(row: Attachment) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("id", "name", "purpose", "media_type", "size", "stage")}
    return {**plain, "sha256": row.digest, "added_at": row.added_at.isoformat() if row.added_at else None}


API = TicketFiles
