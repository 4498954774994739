"""The print wing's front door: what a report has read in, one file out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.refusals import N_, Refused
from reports.definitions import report
from reports.render import pdf, xlsx
from reports.report import JSON, PDF, XLSX, Copy
from reports.voice import Voice, voice

COPY = N_("Copy for %(reader)s, %(moment)s")


def render(matter: Any, code: str, fmt: str, languages: Sequence[str], path: Path, copy: Copy | None = None) -> Path:
    """Write the report ``code`` of ``matter`` to ``path`` as ``fmt`` (``xlsx``, ``pdf`` or ``json``); ``path`` again.

    ``languages`` is ``["zh"]``, ``["en"]`` or both, side by side, the first one leading; JSON has no language. The same matter
    gives the same bytes; a ``copy`` for one reader says so on every page and is a file of its own. Raises ``Refused`` for an
    unknown report, format or language.
    """
    definition = report(code)
    if fmt not in definition.formats:
        raise Refused("unknown-format", N_("Reports come as xlsx, pdf or json, not as “%(value)s”."), value=fmt)
    if fmt == JSON and definition.data is not None:
        path.write_text(json.dumps(definition.data(matter), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
        return path
    speaker = voice(languages, definition.zone(matter))
    if fmt == XLSX:
        xlsx.write(replace(definition.workbook(matter, speaker), copy=said(copy, speaker)), path)
    elif fmt == PDF:
        pdf.write(replace(definition.paper(matter, speaker), copy=said(copy, speaker)), path)
    return path


def said(copy: Copy | None, voice: Voice) -> str:
    """The line that names a copy's reader; nothing on a file that is everybody's. One language: the edge of a page is narrow."""
    return "" if copy is None else Voice(voice.writers[:1])(COPY, reader=copy.reader, moment=voice.moment(copy.at))
