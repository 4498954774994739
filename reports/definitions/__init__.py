"""The reports: one folder each, found by listing this one; adding a folder with a ``REPORT`` is all it takes to join."""

from __future__ import annotations

import sys
from typing import Any

from app.core.registry import members
from app.domain.refusals import N_, Refused
from reports.report import Report


def all_reports() -> dict[str, Report[Any]]:
    """Every report by its code, in order of the folders' names; two with one code are a ``ValueError``."""
    found: dict[str, Report[Any]] = {}
    for report in members(sys.modules[__name__], "REPORT"):
        if report.code in found:
            raise ValueError(f"two reports call themselves {report.code}")
        found[report.code] = report
    return found


def report(code: str) -> Report[Any]:
    """The report called ``code``. Raises ``Refused("unknown-report")``."""
    found = all_reports().get(code)
    if found is None:
        raise Refused("unknown-report", N_("There is no report “%(value)s”."), value=code, status=404)
    return found
