"""What if for programs: a version tried on a past period, the same figures as on the page, for the same people; nothing is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from app.api.period_door import PeriodDoor, reading
from app.api.ticket_operations import WRITING
from app.core.languages import words
from app.domain.refusals import N_, Refused
from app.domain.rounding import half_up
from app.domain.trial import LineMove, UnitMove
from app.queries.what_if import Trial
from app.web.what_if_asked import Asked, asked_for, tried
from app.web.what_if_page import trial_page

VERSION = {
    "in": "query",
    "name": "version",
    "required": True,
    "description": "The scheme version, by its number as a row of /api/v1/scheme-versions",
    "schema": {"type": "integer", "example": 1},
}
LIST = {
    "in": "query",
    "name": "list",
    "description": "Another version of the responsibility list, by its code",
    "schema": {"type": "string", "example": "2026-1"},
}
EDITS = {
    "in": "query",
    "name": "edits",
    "description": "Other values for lines of the version: weight.CODE=15, params.CODE=T=95, k=0.5",
    "style": "form",
    "explode": True,
    "schema": {"type": "object", "additionalProperties": {"type": "string"}, "example": {"weight.SAT": "15", "weight.DONE": "15"}},
}


class WhatIfTrials(PeriodDoor):
    """Trying a version."""

    resource_name = "what-ifs"
    class_permission_name = "WhatIf"
    openapi_spec_tag = "Evaluations"
    openapi_spec_methods: ClassVar[dict[str, Any]] = reading(
        "Try a scheme version on an evaluated period",
        "Every unit's rank, score and points per line as evaluated and as tried, and what was worked out anew. Nothing is stored.",
        "The two rankings; each pair is [as evaluated, as tried]",
        VERSION,
        LIST,
        EDITS,
        **{"422": WRITING["422"]},
    )

    def told(self, period: str) -> dict[str, Any]:
        """Both rankings."""
        asked = asked_for(period)
        if asked.version is None:
            raise Refused("required", N_("Name the scheme version to try as “version”."), field="version")
        return _plain(tried(asked), asked)


def _plain(trial: Trial, asked: Asked) -> dict[str, Any]:
    assert asked.version is not None
    return {
        "period": asked.period,
        "group": trial.published.code,
        "version": asked.version.label(),
        "list": asked.list_version or None,
        "provisional": trial.provisional,
        "units": [_unit(unit) for unit in trial.units],
        "notes": list(trial_page(trial, asked.period, words()).notes),
    }


def _unit(unit: UnitMove) -> dict[str, Any]:
    return {
        "unit": unit.code,
        "names": {"zh": unit.names.zh, "en": unit.names.en},
        "rank": [unit.old_rank, unit.new_rank],
        "score": [_decimal(unit.old_score), _decimal(unit.new_score)],
        "gained": _decimal(unit.gained),
        "apart": words().phrase(unit.apart) if unit.apart else None,
        "lines": [_line(move) for move in unit.lines],
    }


def _line(move: LineMove) -> dict[str, Any]:
    """Points on two decimals, as everywhere for programs."""
    return {"line": move.line.code, "points": [None if one is None else str(half_up(one)) for one in (move.old, move.new)]}


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


API = WhatIfTrials
