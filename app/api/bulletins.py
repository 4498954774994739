"""Bulletins for programs: the official sentences of a period, with the placeholder and the integers behind every figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import request

from app.api.period_door import PeriodDoor, reading
from app.core.db import db
from app.core.languages import LANGUAGES, current_language, words
from app.domain.bulletin import Bound
from app.domain.refusals import N_, NotFound
from app.entities.bulletin import Bulletin
from app.entities.evaluation import Evaluation
from app.queries.bulletins import bulletin_of, known_of, shown
from app.queries.scores import scorecard_of
from app.services.evaluation import required


class BulletinTexts(PeriodDoor):
    """Reading a period's bulletin."""

    resource_name = "bulletin-texts"
    class_permission_name = "Evaluation"
    openapi_spec_tag = "Evaluations"
    openapi_spec_methods: ClassVar[dict[str, Any]] = reading(
        "The bulletin of a period",
        "The text in one language, its paragraphs piece by piece with the figures' sources, and whether it is approved",
        "The bulletin",
        {"in": "query", "name": "lang", "schema": {"type": "string", "enum": list(LANGUAGES)}},
    )

    def told(self, period: str) -> dict[str, Any]:
        """The text."""
        asked = request.args.get("lang", "")
        language = asked if asked in LANGUAGES else current_language()
        session = db.session()
        evaluation = required(session, period)
        row = bulletin_of(session, evaluation, language)
        if row is None:
            raise NotFound(N_("No bulletin of %(period)s has been approved yet."), period=evaluation.period)
        return _told(row, evaluation, known_of(session, scorecard_of(session, evaluation)))


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
