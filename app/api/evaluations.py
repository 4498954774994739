"""Evaluations for programs: the figures of a period, the same as in every file and on every screen."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect, safe
from flask_appbuilder.security.decorators import permission_name

from app.core.db import db
from app.core.languages import words
from app.crud.program_door import ProgramDoor
from app.domain.figures import figures
from app.domain.refusals import Refused
from app.queries.published_lists import as_it_was
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from app.web.cycle_doors import asked_revision


class EvaluationFigures(ProgramDoor, BaseApi):
    """Reading a period's scorecard."""

    resource_name = "scorecards"
    class_permission_name = "Evaluation"
    method_permission_name: ClassVar[dict[str, str]] = {"figures": "read"}
    openapi_spec_tag = "Evaluations"

    @expose("/<string:period>", methods=["GET"])
    @protect()
    @safe
    @permission_name("figures")
    def figures(self, period: str) -> Response:
        """The figures of a period.
        ---
        get:
          description: Per unit its group, source code, names, rank and score, and per indicator the integers n and d and the points
          parameters:
          - in: path
            name: period
            required: true
            schema: {type: string, example: 2018-09}
          - in: query
            name: revision
            description: One revision of the evaluation; the one that stands without it
            schema: {type: integer, minimum: 1}
          - in: query
            name: as
            description: The list as it was published, or as the preliminary one
            schema: {type: string, enum: [published, preliminary]}
          responses:
            200:
              description: The scorecard
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
            evaluation = required(db.session(), period, asked_revision())
            card = as_it_was(scorecard_of(db.session(), evaluation), evaluation, request.args.get("as", "").strip())
        except Refused as refused:
            return self.refusal(refused)
        return self.response(200, **figures(card, {"zh": words("zh", card.period.zone).phrase}))


API = EvaluationFigures
