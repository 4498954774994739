"""Evaluations for programs: the figures of a period, the same as in every file and on every screen."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request

from app.api.period_door import PeriodDoor, reading
from app.core.db import db
from app.core.languages import words
from app.domain.figures import figures
from app.queries.published_lists import as_it_was
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from app.web.cycle_doors import asked_revision

REVISION = {
    "in": "query",
    "name": "revision",
    "description": "One revision of the evaluation; the one that stands without it",
    "schema": {"type": "integer", "minimum": 1},
}
AS = {
    "in": "query",
    "name": "as",
    "description": "The list as it was published, or as the preliminary one",
    "schema": {"type": "string", "enum": ["published", "preliminary"]},
}


class EvaluationFigures(PeriodDoor):
    """Reading a period's scorecard."""

    resource_name = "scorecards"
    class_permission_name = "Evaluation"
    openapi_spec_tag = "Evaluations"
    openapi_spec_methods: ClassVar[dict[str, Any]] = reading(
        "The figures of a period",
        "Per unit its group, source code, names, rank and score, and per indicator the integers n and d and the points",
        "The scorecard",
        REVISION,
        AS,
    )

    def told(self, period: str) -> dict[str, Any]:
        """The scorecard."""
        evaluation = required(db.session(), period, asked_revision())
        card = as_it_was(scorecard_of(db.session(), evaluation), evaluation, request.args.get("as", "").strip())
        return figures(card, {"zh": words("zh", card.period.zone).phrase})


API = EvaluationFigures
