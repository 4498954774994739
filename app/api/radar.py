"""The radar for programs: the same lists as on its pages, for the same people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from sqlalchemy import select

from app.api.period_door import PeriodDoor, reading
from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.domain.period import period_of
from app.domain.radar import all_signs
from app.domain.radar.base import JUDGEMENT, Finding, Sign
from app.entities.unit import Unit
from app.queries.calendar import city_zone
from app.queries.radar import sweep, thresholds


class RadarSigns(PeriodDoor):
    """Reading a period's radar."""

    resource_name = "radar"
    class_permission_name = "Radar"
    openapi_spec_tag = "Judgement"
    openapi_spec_methods: ClassVar[dict[str, Any]] = reading(
        "What the radar sees in a period",
        "Per sign its sentence, its thresholds and the tickets that show it; lists to look at, never deductions",
        "The signs",
    )

    def told(self, period: str) -> dict[str, Any]:
        """The lists."""
        chosen = period_of(period, city_zone())
        material, limits, codes = sweep(db.session(), chosen, now()), thresholds(), _codes()
        said = [_sign(sign, sign.seen_in(material, limits[sign.code]), limits[sign.code], codes) for sign in all_signs().values()]
        return {"period": chosen.key, "judgement": words()(JUDGEMENT), "signs": said}


def _codes() -> dict[int, str]:
    return {row.id: row.code for row in db.session().execute(select(Unit.id, Unit.code))}


def _sign(sign: Sign, findings: Iterable[Finding], limits: Mapping[str, int], codes: Mapping[int, str]) -> dict[str, Any]:
    writer = words()
    return {
        "code": sign.code,
        "name": writer(sign.name),
        "looks_for": writer(sign.looks_for),
        "innocent": writer(sign.innocent),
        "thresholds": dict(limits),
        "findings": [
            {"ticket": one.ticket_no, "unit": codes.get(one.unit_id), "at": one.at.isoformat(), "seen": writer.phrase(one.seen)}
            for one in findings
        ],
    }


API = RadarSigns
