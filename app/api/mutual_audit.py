"""The audit of mutual ratings for programs: what its page shows, for the same people; rates in percent, figures as integers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

from sqlalchemy import select

from app.api.period_door import PeriodDoor, reading
from app.core.db import db
from app.domain.mutual_audit import Pair, Severity, Without, reciprocal, severities, without_each
from app.domain.rounding import half_up
from app.domain.scorecard import Group
from app.entities.unit import Unit
from app.queries.mutual_audit import mutual_ratings
from app.queries.scores import scorecard_of
from app.services.evaluation import required

Codes = Mapping[int, str]


class RatingAudit(PeriodDoor):
    """Reading the audit of an evaluation's mutual ratings."""

    resource_name = "rating-audits"
    class_permission_name = "MutualAudit"
    openapi_spec_tag = "Judgement"
    openapi_spec_methods: ClassVar[dict[str, Any]] = reading(
        "The audit of a period's mutual ratings",
        "Severity of each rater, pairs who give each other nothing but the top, and the ranking without each rater",
        "The audit",
    )

    def told(self, period: str) -> dict[str, Any]:
        """The audit."""
        session = db.session()
        evaluation = required(session, period)
        ratings = mutual_ratings(session, evaluation.id)
        codes = {row.id: row.code for row in session.execute(select(Unit.id, Unit.code))}
        groups = scorecard_of(session, evaluation).groups
        return {
            "period": evaluation.period,
            "ratings": len(ratings),
            "severity": [_severity(one, codes) for one in severities(ratings)],
            "pairs": [_pair(pair, codes) for pair in reciprocal(ratings)],
            "without": [_without(group, one, codes) for group in groups for one in without_each(group, ratings)],
        }


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
