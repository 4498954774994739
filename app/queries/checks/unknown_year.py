"""Years without a holiday notice: deadlines that reach into them are provisional."""

from __future__ import annotations

from app.domain.refusals import N_, Phrase
from app.queries.checks.base import DataCheck, Found, Material


def _find(material: Material) -> Found:
    missing = {material.period.first.year, material.period.after.year} - material.calendar.known_years
    return Found(others=len(missing), note=Phrase(N_("Deadlines that reach into such a year are provisional.")))


CHECK = DataCheck(
    code="calendar",
    position=190,
    title=N_("Years without a holiday notice"),
    advice=N_("Load the year's holidays into the working calendar."),
    find=_find,
)
