"""Questions put to the data before anybody publishes a figure made from it: every check answered, and the lists of what to fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Check
from app.entities.evaluation_file import EvaluationFinding
from app.entities.unit import Unit
from app.queries.checks import all_checks
from app.queries.checks.base import BLOCKING, WARNING, Found, Material, Validity

__all__ = ["BLOCKING", "WARNING", "Material", "blocked", "examine", "finding", "validity"]


def examine(material: Material) -> list[tuple[Check, Found]]:
    """Every check with what it found; nothing found is good."""
    return [
        (Check(one.code, one.title, one.severity, found.count, found.said if found.count else None), found)
        for one in all_checks().values()
        for found in [one.find(material)]
    ]


def validity(session: Session) -> dict[int, Validity]:
    """When each unit is in use."""
    return {unit: (first, last) for unit, first, last in session.execute(select(Unit.id, Unit.valid_from, Unit.valid_to))}


def findings(found: Iterable[tuple[Check, Found]]) -> list[EvaluationFinding]:
    """The lists to keep with an evaluation: ids of tickets, days as ISO text."""
    return [
        EvaluationFinding(code=check.code, tickets=[t.id for t in one.tickets], days=[day.isoformat() for day in one.days])
        for check, one in found
        if one.tickets or one.days
    ]


def finding(session: Session, evaluation_id: int, code: str) -> EvaluationFinding | None:
    """What one check found when an evaluation was computed; nothing where all was well."""
    statement = select(EvaluationFinding).where(EvaluationFinding.evaluation_id == evaluation_id, EvaluationFinding.code == code)
    return session.execute(statement).scalar_one_or_none()


def blocked(checks: Sequence[Mapping[str, Any]]) -> Refused | None:
    """Why an evaluation with these answers may not be published: every blocking check that found something, by name and number."""
    bad = [check for check in checks if check["severity"] == BLOCKING and check["count"]]
    if not bad:
        return None
    return Refused(
        "blocked",
        N_("Not published: %(problems)s. Correct the data first."),
        problems=[Phrase(N_("%(title)s (%(count)d)"), title=Phrase(check["title"]), count=check["count"]) for check in bad],
        status=409,
    )
