"""The radar for programs: the same lists as on its pages, for the same people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect, safe
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.crud.program_door import ProgramDoor
from app.domain.period import period_of
from app.domain.radar import all_signs
from app.domain.radar.base import JUDGEMENT, Finding, Sign
from app.domain.refusals import Refused
from app.entities.unit import Unit
from app.queries.calendar import city_zone
from app.queries.radar import sweep, thresholds


class RadarSigns(ProgramDoor, BaseApi):
    """Reading a period's radar."""

    resource_name = "radar"
    class_permission_name = "Radar"
    method_permission_name: ClassVar[dict[str, str]] = {"signs": "read"}
    openapi_spec_tag = "Judgement"

    @expose("/<string:period>", methods=["GET"])
    @protect()
    @safe
    @permission_name("signs")
    def signs(self, period: str) -> Response:
        """What the radar sees in a period.
        ---
        get:
          description: Per sign its sentence, its thresholds and the tickets that show it; lists to look at, never deductions
          parameters:
          - in: path
            name: period
            required: true
            schema: {type: string, example: 2018-09}
          responses:
            200:
              description: The signs
              content:
                application/json:
                  schema: {type: object}
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
            404:
              $ref: '#/components/responses/404'
        """
        try:
            chosen = period_of(period, city_zone())
            material, limits, codes = sweep(db.session(), chosen, now()), thresholds(), _codes()
        except Refused as refused:
            return self.refusal(refused)
        said = [_sign(sign, sign.seen_in(material, limits[sign.code]), limits[sign.code], codes) for sign in all_signs().values()]
        return self.response(200, period=chosen.key, judgement=words()(JUDGEMENT), signs=said)


def _codes() -> dict[int, str]:
    return {row.id: row.code for row in db.session().execute(select(Unit.id, Unit.code))}


def _sign(sign: Sign, findings: Iterable[Finding], limits: Mapping[str, int], codes: Mapping[int, str]) -> dict[str, Any]:
    writer = words()
    return {
        "code": sign.code,
        "name": writer(sign.name),
        "looks_for": writer(sign.looks_for),
        "innocent": writer(sign.innocent),
        "thresholds": dict(limits),
        "findings": [
            {"ticket": one.ticket_no, "unit": codes.get(one.unit_id), "at": one.at.isoformat(), "seen": writer.phrase(one.seen)}
            for one in findings
        ],
    }


API = RadarSigns
