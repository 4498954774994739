"""Days without any ticket: a file may be missing."""

from __future__ import annotations

from app.domain.period import days_of
from app.domain.refusals import N_
from app.queries.checks.base import DataCheck, Found, Material


def _find(material: Material) -> Found:
    days = {material.calendar.local_day(t.reported_at) for t in material.tickets if material.period.holds(t.reported_at)}
    present = material.calendar.local_day(material.now)
    return Found(days=[day for day in days_of(material.period) if day not in days and day <= present] if days else [])


CHECK = DataCheck(
    code="gaps",
    position=180,
    title=N_("Days without any ticket"),
    advice=N_("Look whether a file of these days was never imported."),
    find=_find,
)
