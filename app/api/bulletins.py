"""Bulletins for programs: the official sentences of a period, with the placeholder and the integers behind every figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect, safe
from flask_appbuilder.security.decorators import permission_name

from app.core.db import db
from app.core.languages import LANGUAGES, current_language, words
from app.crud.program_door import ProgramDoor
from app.domain.bulletin import Bound
from app.domain.refusals import N_, NotFound, Refused
from app.entities.bulletin import Bulletin
from app.entities.evaluation import Evaluation
from app.queries.bulletins import bulletin_of, known_of, shown
from app.queries.scores import scorecard_of
from app.services.evaluation import required


class BulletinTexts(ProgramDoor, BaseApi):
    """Reading a period's bulletin."""

    resource_name = "bulletin-texts"
    class_permission_name = "Evaluation"
    method_permission_name: ClassVar[dict[str, str]] = {"text": "read"}
    openapi_spec_tag = "Evaluations"

    @expose("/<string:period>", methods=["GET"])
    @protect()
    @safe
    @permission_name("text")
    def text(self, period: str) -> Response:
        """The bulletin of a period.
        ---
        get:
          description: The text in one language, its paragraphs piece by piece with the figures' sources, and whether it is approved
          parameters:
          - in: path
            name: period
            required: true
            schema: {type: string, example: 2018-09}
          - in: query
            name: lang
            schema: {type: string, enum: [zh, en]}
          responses:
            200:
              description: The bulletin
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
        asked = request.args.get("lang", "")
        language = asked if asked in LANGUAGES else current_language()
        try:
            session = db.session()
            evaluation = required(session, period)
            row = bulletin_of(session, evaluation, language)
            if row is None:
                raise NotFound(N_("No bulletin of %(period)s has been approved yet."), period=evaluation.period)
            card = scorecard_of(session, evaluation)
        except Refused as refused:
            return self.refusal(refused)
        return self.response(200, **_told(row, evaluation, known_of(session, card)))


def _told(row: Bulletin, evaluation: Evaluation, known: Mapping[str, Bound]) -> dict[str, Any]:
    """The text piece by piece."""
    writer = words(row.language, evaluation.zone)
    paragraphs = [shown(line, known, writer) for line in row.text.split("\n") if line.strip()]
    return {
        "period": evaluation.period,
        "revision": evaluation.revision,
        "language": row.language,
        "state": row.state,
        "snapshot_hash": evaluation.snapshot_hash,
        "paragraphs": ["".join(piece.text for piece in line) for line in paragraphs],
        "figures": [{"placeholder": p.key, "text": p.text, "source": p.source} for line in paragraphs for p in line if p.key],
    }


API = BulletinTexts
