"""``/api/v1/intake/<source>``: gateways hand in reports as signed JSON, in the way of the Standard Webhooks specification 1.0."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi

from app.api.ticket_components import json_content
from app.api.ticket_operations import WRITING
from app.channels import gateway
from app.channels.message_mapping import message_mappings
from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.crud.program_door import ProgramDoor
from app.domain.refusals import Refused
from app.queries.calendar import city_zone
from app.services.gateways import actor_of_source, genuine
from app.services.intake import take_in
from app.web.file_doors import limits, storage
from app.web.misses import check, miss

MADE = {
    "type": "object",
    "properties": {"number": {"type": "string"}, "lookup_code": {"type": "string"}, "registered": {"type": "boolean"}},
    "example": {"number": "GL20261124-0001", "lookup_code": "7K2M9PQR", "registered": True},
}
SIGNED = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
HEADERS = [
    {"in": "header", "name": name, "required": True, "schema": {"type": "string", "example": example}}
    for name, example in (("webhook-id", "msg-1"), ("webhook-timestamp", "1795511700"), ("webhook-signature", SIGNED))
]
SOURCE = {"in": "path", "name": "source", "required": True, "schema": {"type": "string", "example": "wechat"}}
NOT_SIGNED = {**WRITING["422"], "description": "Not signed as this source signs, or signed too long ago"}


class GatewayIntake(ProgramDoor, BaseApi):
    """Whoever signs with a source's key reports in its name; no account stands behind it."""

    route_base = "/api/v1/intake"
    openapi_spec_tag = "Intake"
    openapi_spec_methods: ClassVar[dict[str, Any]] = {
        "hand_in": {
            "post": {
                "summary": "Hand in a report",
                "description": "A JSON object in the form of the source. Sent again it is answered with the same ticket (200).",
                "parameters": [SOURCE, *HEADERS],
                "security": [],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"type": "object"}, "example": {"id": "1", "text": "路灯不亮"}}},
                },
                "responses": {
                    "200": json_content(MADE, "Was registered before"),
                    "201": json_content(MADE, "Registered"),
                    **{status: WRITING[status] for status in ("422", "429")},
                    "401": NOT_SIGNED,
                },
            }
        }
    }

    @expose("/<string:source>", methods=["POST"])
    def hand_in(self, source: str) -> Response:
        """One report.
        ---
        post:
          summary: Hand in a report
        """
        try:
            check()
            sender = genuine(db.session(), source, *_signed_by(), request.get_data(cache=True))
            assert sender.channel is not None and sender.source is not None
            mapping = message_mappings()[sender.mapping]
            report = gateway.read(self.sent(), mapping, sender.channel.code, sender.source.code, now(), city_zone())
            with acting_as(actor_of_source(sender)):
                taken = take_in(report, storage(), limits())
        except Refused as refused:
            db.session.rollback()
            if refused.status == 401:
                miss()
            return self.refusal(refused)
        said = {"number": taken.ticket.number, "lookup_code": taken.ticket.lookup_code, "registered": taken.fresh}
        return self.response(201 if taken.fresh else 200, **said)


def _signed_by() -> tuple[str, str, str]:
    """The message's number, when it was signed, and its signatures."""
    number, moment, signed = (request.headers.get(f"webhook-{name}", "")[:1000] for name in ("id", "timestamp", "signature"))
    return number, moment, signed


API = GatewayIntake
