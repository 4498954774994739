"""The print wing's front door: one frozen scorecard in, one file out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from app.domain.refusals import N_, Refused
from app.domain.scorecard import Scorecard
from reports.definitions import report
from reports.render import pdf, xlsx
from reports.report import JSON, PDF, XLSX
from reports.voice import voice


def render(scorecard: Scorecard, report_code: str, fmt: str, languages: Sequence[str], path: Path) -> Path:
    """Write ``report_code`` of ``scorecard`` to ``path`` as ``fmt`` (``xlsx``, ``pdf`` or ``json``); ``path`` again.

    ``languages`` is ``["zh"]``, ``["en"]`` or both, side by side, the first one leading; JSON has
    no language. The same scorecard gives the same bytes. Raises ``Refused`` for an unknown report, format or language.
    """
    definition = report(report_code)
    if fmt == XLSX:
        xlsx.write(definition.workbook(scorecard, voice(languages, scorecard.period.zone)), path)
    elif fmt == PDF:
        pdf.write(definition.paper(scorecard, voice(languages, scorecard.period.zone)), path)
    elif fmt == JSON:
        path.write_text(json.dumps(definition.data(scorecard), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    else:
        raise Refused("unknown-format", N_("Reports come as xlsx, pdf or json, not as “%(value)s”."), value=fmt)
    return path
