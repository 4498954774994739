"""The register of files made from evaluations: each is known by the SHA-256 of its bytes, so that anybody can ask later what it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.core.acting import current_actor
from app.core.clock import now
from app.core.transaction import transaction
from app.domain.period import period_of
from app.entities.evaluation import Evaluation
from app.entities.evaluation_file import EvaluationFile
from app.queries.calendar import city_zone
from app.queries.scores import evaluation_of


def record_file(period: str, revision: int, digest: str, report: str, fmt: str, language: str, name: str, state: str = "") -> None:
    """Write down that a file was made from a revision of a period; the same bytes are written down once, whoever else does so.

    ``state`` is what the file says the list is, where that is not what the list is today.
    """
    with transaction() as session:
        evaluation = evaluation_of(session, period_of(period, city_zone()).key, revision)
        if evaluation is None:
            return
        values = _row(evaluation, digest, report, fmt, language, name)
        values["state"] = state or values["state"]
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.execute(dialect.insert(EvaluationFile).values(values).on_conflict_do_nothing(index_elements=["digest"]))


def _row(evaluation: Evaluation, digest: str, report: str, fmt: str, language: str, name: str) -> dict[str, Any]:
    who = current_actor()
    return {
        "digest": digest,
        "evaluation_id": evaluation.id,
        "snapshot_hash": evaluation.snapshot_hash,
        "state": evaluation.state,
        "revision": evaluation.revision,
        "report": report,
        "format": fmt,
        "language": language,
        "name": name[:255],
        "made_at": now(),
        "made_by_id": who.user_id,
        "made_by": who.name[:128],
    }
