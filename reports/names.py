"""What files are called: report, period, language, in letters any system accepts."""

from __future__ import annotations

from app.domain.scorecard import Scorecard


def file_name(scorecard: Scorecard, report_code: str, fmt: str, language: str) -> str:
    """``scorecard-2018-09.zh.xlsx``; ``scorecard-2018-09.json`` where there is no language."""
    return ".".join(filter(None, (f"{report_code}-{scorecard.period.key}", language, fmt)))
