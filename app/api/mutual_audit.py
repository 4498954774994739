"""The audit of mutual ratings for programs: what its page shows, for the same people; rates in percent, figures as integers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect, safe
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy import select

from app.core.db import db
from app.crud.program_door import ProgramDoor
from app.domain.mutual_audit import Pair, Severity, Without, reciprocal, severities, without_each
from app.domain.refusals import Refused
from app.domain.rounding import half_up
from app.domain.scorecard import Group
from app.entities.unit import Unit
from app.queries.mutual_audit import mutual_ratings
from app.queries.scores import scorecard_of
from app.services.evaluation import required

Codes = Mapping[int, str]


class RatingAudit(ProgramDoor, BaseApi):
    """Reading the audit of an evaluation's mutual ratings."""

    resource_name = "rating-audits"
    class_permission_name = "MutualAudit"
    method_permission_name: ClassVar[dict[str, str]] = {"audit": "read"}
    openapi_spec_tag = "Judgement"

    @expose("/<string:period>", methods=["GET"])
    @protect()
    @safe
    @permission_name("audit")
    def audit(self, period: str) -> Response:
        """The audit of a period's mutual ratings.
        ---
        get:
          description: Severity of each rater, pairs who give each other nothing but the top, and the ranking without each rater
          parameters:
          - in: path
            name: period
            required: true
            schema: {type: string, example: 2018-09}
          responses:
            200:
              description: The audit
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
            session = db.session()
            evaluation = required(session, period)
            ratings = mutual_ratings(session, evaluation.id)
        except Refused as refused:
            return self.refusal(refused)
        codes = {row.id: row.code for row in session.execute(select(Unit.id, Unit.code))}
        without = [
            _without(group, one, codes) for group in scorecard_of(session, evaluation).groups for one in without_each(group, ratings)
        ]
        return self.response(
            200,
            period=evaluation.period,
            ratings=len(ratings),
            severity=[_severity(one, codes) for one in severities(ratings)],
            pairs=[_pair(pair, codes) for pair in reciprocal(ratings)],
            without=without,
        )


def _severity(one: Severity, codes: Codes) -> dict[str, Any]:
    counts = {"ratings": one.ratings, "units": one.units, "shared": one.shared}
    return {"rater": codes.get(one.rater_id), **counts, "mean": _percent(one.mean), "expected": _percent(one.expected)}


def _pair(pair: Pair, codes: Codes) -> dict[str, Any]:
    return {
        "units": [codes.get(pair.one_id), codes.get(pair.other_id)],
        "calls": [pair.there, pair.back],
        "top_elsewhere": [list(pair.one_elsewhere), list(pair.other_elsewhere)],
    }


def _without(group: Group, one: Without, codes: Codes) -> dict[str, Any]:
    changes = [
        {
            "unit": codes.get(change.unit_id),
            "figures": {code: [list(before), list(after)] for code, (before, after) in change.figures.items()},
            "score": [None if score is None else str(score) for score in change.score],
            "rank": list(change.rank),
        }
        for change in one.changes
    ]
    return {"group": group.code, "rater": codes.get(one.rater_id), "changes": changes}


def _percent(value: Fraction) -> str:
    return str(half_up(value * 100))


API = RatingAudit
