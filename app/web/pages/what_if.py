"""What if (试算): a version, with other values or another list, tried on a past month before anybody decides; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, render_template, request
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import WORKBOOK
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.crud.tabular import write_workbook
from app.domain.refusals import N_, NotFound, Refused
from app.domain.trial import with_edits
from app.entities.evaluation import Evaluation
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme_version import SchemeVersion
from app.queries.what_if import Trial, what_if
from app.services.evaluation import required
from app.web.file_doors import disposition, storage
from app.web.what_if_page import sheet, trial_page, tried_lines

OFFERED = 36
"""How many evaluations are offered; any other period may be written into the address."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    version: SchemeVersion | None
    period: str
    list_version: str
    edits: Mapping[str, Mapping[str, str]]


class WhatIf(PageView):
    """The form and, once a period is chosen, its result."""

    route_base = "/what-if"
    class_permission_name = "WhatIf"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read", "file": "read"}
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    def index(self) -> Answer:
        """The form, filled with what was typed, and the comparison beneath it."""
        writer, asked = words(), _asked()
        lines, result, refused = [], None, ""
        if asked.version is not None:
            try:
                lines = tried_lines(asked.version.value(), asked.edits, writer)
                if asked.period and request.args.get("go"):
                    result = trial_page(_tried(asked), asked.period, writer)
            except Refused as found:
                refused = writer.phrase(found.phrase)
        page = render_template(
            "pages/what_if.html",
            asked=asked,
            lines=lines,
            result=result,
            refused=refused,
            versions=_versions(),
            periods=_periods(),
            lists=_lists(),
            file_args=request.args.to_dict(),
        )
        return page, 422 if refused else 200

    @expose("/file", methods=["GET"])
    @has_access
    def file(self) -> Answer:
        """The same comparison as a workbook."""
        writer, asked = words(), _asked()
        if asked.version is None or not asked.period:
            raise NotFound()
        trial = _tried(asked)
        columns, rows = sheet(trial, writer)
        title = writer(N_("What if"))
        notes = [
            (writer(N_("Scheme version")), f"{asked.version.label()} · {_typed(asked)}".rstrip(" ·")),
            (writer(N_("Period")), asked.period),
            (writer(N_("Responsibility list")), asked.list_version or writer(N_("as it was"))),
            *((writer(N_("Note")), note) for note in trial_page(trial, asked.period, writer).notes),
        ]
        with storage().scratch(".xlsx") as path:
            write_workbook(path, title, columns, rows, notes)
            answer = Response(path.read_bytes(), mimetype=WORKBOOK)
        answer.headers["Content-Disposition"] = disposition(f"{title} {asked.period}.xlsx", inline=False)
        return answer


def _tried(asked: _Asked) -> Trial:
    assert asked.version is not None
    session = db.session()
    scheme = with_edits(asked.version.value(), asked.edits)
    return what_if(session, required(session, asked.period), asked.version.scheme.group, scheme, asked.list_version)


def _asked() -> _Asked:
    session, args = db.session(), request.args
    number = number_of(args.get("version", ""))
    version = session.get(SchemeVersion, number) if number is not None and number < 2**31 else None
    if number is not None and version is None:
        raise NotFound()
    listed = args.get("list", "").strip()
    if listed and session.execute(select(ResponsibilityList.id).where(ResponsibilityList.code == listed)).first() is None:
        raise NotFound()
    edits: dict[str, dict[str, str]] = {}
    another = args.get("of", args.get("version", "")) != args.get("version", "")  # values typed for another version are not this one's
    for name, value in args.items() if not another else ():
        part, dot, code = name.partition(".")
        if dot and part in ("weight", "params") and len(value) <= 400:
            edits.setdefault(code, {})[part] = value
    return _Asked(version, args.get("period", "").strip(), listed, edits)


def _typed(asked: _Asked) -> str:
    """What was changed against the version, for the file."""
    assert asked.version is not None
    found = []
    for line in tried_lines(asked.version.value(), asked.edits, words()):
        if line.typed_weight != line.weight:
            found.append(f"{line.code} {line.weight} → {line.typed_weight}")
        if line.typed_params != line.params:
            found.append(f"{line.code} {line.params} → {line.typed_params}")
    return "; ".join(found)


def _versions() -> list[SchemeVersion]:
    """Drafts first, then the newest."""
    rows = db.session.execute(select(SchemeVersion).order_by(SchemeVersion.effective_from.desc(), SchemeVersion.id.desc())).scalars()
    return sorted(rows, key=lambda row: row.state != "draft")


def _periods() -> list[str]:
    """Evaluated periods, the latest first."""
    statement = select(Evaluation.period).where(Evaluation.state != "superseded").order_by(Evaluation.first.desc(), Evaluation.id.desc())
    return list(dict.fromkeys(db.session.execute(statement.limit(OFFERED)).scalars()))


def _lists() -> list[ResponsibilityList]:
    return list(db.session.execute(select(ResponsibilityList).order_by(ResponsibilityList.effective_from.desc())).scalars())


PAGE = WhatIf
