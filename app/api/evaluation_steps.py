"""The evaluation's cycle for programs: preliminary list, final list, corrections; every verb of the page, through the same services."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, current_app, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect
from flask_appbuilder.security.decorators import permission_name

from app.api.period_door import PERIOD, answered
from app.api.ticket_components import json_content
from app.api.ticket_operations import READING, WRITING
from app.core.db import db
from app.core.phrases import to_json
from app.crud.program_door import ProgramDoor
from app.crud.reading import number_of
from app.domain.difference import Difference
from app.domain.refusals import NotFound
from app.domain.snapshot import canonical
from app.entities.evaluation import Evaluation
from app.queries.revisions import difference_of
from app.services.evaluation import required
from app.services.evaluation_cycle import drop_restatement, finalise, publish_preliminary, publish_restatement, restate

STEP: dict[str, Any] = {
    "type": "object",
    "properties": {
        "period": {"type": "string"},
        "revision": {"type": "integer"},
        "state": {"type": "string", "enum": ["computed", "published", "preliminary", "appeals", "final", "superseded"]},
        "snapshot_hash": {"type": "string"},
        "appeal_until": {"type": "string", "format": "date-time", "nullable": True},
        "published_at": {"type": "string", "format": "date-time", "nullable": True},
        "reason": {"type": "string"},
    },
}
REASON = {"type": "object", "required": ["reason"], "properties": {"reason": {"type": "string", "example": "补录签收记录"}}}
REFUSED = {status: WRITING[status] for status in ("401", "403", "404", "409", "422", "429")}


def _step(summary: str, description: str, **more: Any) -> dict[str, Any]:
    return {
        "summary": summary,
        "description": description,
        "parameters": [PERIOD],
        "responses": {"200": json_content(STEP, "The evaluation as it stands now"), **REFUSED},
        **more,
    }


BODY = {"required": True, "content": {"application/json": {"schema": REASON}}}
LATER = {"in": "query", "name": "revision", "schema": {"type": "integer", "example": 2}}


class EvaluationSteps(ProgramDoor, BaseApi):
    """Steps are for those whom the roles table lets publish or correct."""

    route_base = "/api/v1/scorecards"
    class_permission_name = "Evaluation"
    method_permission_name: ClassVar[dict[str, str]] = {
        "preliminary": "publish",
        "final": "publish",
        "restate": "restate",
        "publish_restatement": "restate",
        "drop_restatement": "restate",
        "difference": "read",
    }
    openapi_spec_tag = "Evaluations"
    openapi_spec_methods: ClassVar[dict[str, Any]] = {
        "preliminary": {"post": _step("Publish the preliminary list", "Frozen, and open to appeals for as many working days as are set.")},
        "final": {"post": _step("Publish the final list", "Once the time for appeals is over and none is undecided.")},
        "restate": {
            "post": _step("Prepare a correction", "From today's data, by the same scheme and cut-off; not yet public.", requestBody=BODY)
        },
        "publish_restatement": {"post": _step("Publish the prepared correction", "The list it corrects is superseded and stays readable.")},
        "drop_restatement": {"delete": _step("Drop the prepared correction", "The published list stands as it is.")},
        "difference": {
            "get": {
                "summary": "What a revision changed",
                "description": "Per unit its score and rank, per line its integers, per duty what is different and why.",
                "parameters": [PERIOD, LATER],
                "responses": {"200": json_content({"type": "object"}, "The differences"), **READING},
            }
        },
    }

    @expose("/<string:period>/preliminary", methods=["POST"])
    @protect()
    @permission_name("preliminary")
    @answered
    def preliminary(self, period: str) -> Response:
        """The preliminary list.
        ---
        post:
          summary: Publish the preliminary list
        """
        return self.response(200, **_told(publish_preliminary(period, public_url=current_app.config["PUBLIC_URL"])))

    @expose("/<string:period>/final", methods=["POST"])
    @protect()
    @permission_name("final")
    @answered
    def final(self, period: str) -> Response:
        """The final list.
        ---
        post:
          summary: Publish the final list
        """
        return self.response(200, **_told(finalise(period)))

    @expose("/<string:period>/restatement", methods=["POST"])
    @protect()
    @permission_name("restate")
    @answered
    def restate(self, period: str) -> Response:
        """A correction.
        ---
        post:
          summary: Prepare a correction
        """
        reason = self.sent().get("reason", "")
        draft = restate(period, reason if isinstance(reason, str) else "", public_url=current_app.config["PUBLIC_URL"])
        return self.response(200, **_told(draft))

    @expose("/<string:period>/restatement/publish", methods=["POST"])
    @protect()
    @permission_name("publish_restatement")
    @answered
    def publish_restatement(self, period: str) -> Response:
        """The correction is out.
        ---
        post:
          summary: Publish the prepared correction
        """
        return self.response(200, **_told(publish_restatement(period)))

    @expose("/<string:period>/restatement", methods=["DELETE"])
    @protect()
    @permission_name("drop_restatement")
    @answered
    def drop_restatement(self, period: str) -> Response:
        """No correction after all.
        ---
        delete:
          summary: Drop the prepared correction
        """
        return self.response(200, **_told(drop_restatement(period)))

    @expose("/<string:period>/difference", methods=["GET"])
    @protect()
    @permission_name("difference")
    @answered
    def difference(self, period: str) -> Response:
        """What changed.
        ---
        get:
          summary: What a revision changed
        """
        text = request.args.get("revision", "")
        revision = number_of(text) if text else None
        if text and (revision is None or not 0 < revision < 10_000):
            raise NotFound()
        told = difference_of(db.session(), required(db.session(), period, revision))
        if told is None:
            raise NotFound()
        return self.response(200, **_plain(told))


def _told(evaluation: Evaluation) -> dict[str, Any]:
    def instant(value: Any) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "period": evaluation.period,
        "revision": evaluation.revision,
        "state": evaluation.state,
        "snapshot_hash": evaluation.snapshot_hash,
        "appeal_until": instant(evaluation.appeal_until),
        "published_at": instant(evaluation.published_at),
        "reason": evaluation.reason,
    }


def _plain(told: Difference) -> dict[str, Any]:
    """Differences in plain types; scores as decimal strings, points as exact fractions."""
    return {
        "revision_before": told.revision_before,
        "revision_after": told.revision_after,
        "hash_before": told.hash_before,
        "hash_after": told.hash_after,
        "reason": told.reason,
        "units": [
            {
                "group": unit.group,
                "code": unit.code,
                "names": {"zh": unit.names.zh, "en": unit.names.en},
                "score": canonical([unit.score_before, unit.score_after]),
                "rank": [unit.rank_before, unit.rank_after],
                "lines": [
                    {"code": line.code, "title": to_json(line.title), "before": _pair(line.before), "after": _pair(line.after)}
                    for line in unit.lines
                ],
            }
            for unit in told.units
            if unit.changed
        ],
        "duties": [
            {
                "ticket": duty.ticket_no,
                "key": duty.key,
                "unit": {"zh": duty.unit.zh, "en": duty.unit.en},
                "kind": duty.kind,
                "fields": [{"name": one.name, "before": canonical(one.before), "after": canonical(one.after)} for one in duty.fields],
                "verdicts": [{"indicator": code, "before": before, "after": after} for code, before, after in duty.verdicts],
            }
            for duty in told.duties
        ],
    }


def _pair(score: Any) -> dict[str, Any] | None:
    return None if score is None else {"n": score.n, "d": score.d, "points": canonical(score.points)}


API = EvaluationSteps
