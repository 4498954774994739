"""What if (试算): a version, with other values or another list, tried on a past month before anybody decides; nothing is stored."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, render_template, request
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import WORKBOOK
from app.crud.screen import Answer, PageView
from app.crud.tabular import write_workbook
from app.domain.refusals import N_, NotFound, Refused
from app.entities.evaluation import Evaluation
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme_version import SchemeVersion
from app.web.file_doors import disposition, storage
from app.web.what_if_asked import Asked, asked_for, tried
from app.web.what_if_page import sheet, trial_page, tried_lines

OFFERED = 36
"""How many evaluations are offered; any other period may be written into the address."""


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
        writer, asked = words(), asked_for()
        lines, result, refused = [], None, ""
        if asked.version is not None:
            try:
                lines = tried_lines(asked.version.value(), asked.edits, writer)
                if asked.period and request.args.get("go"):
                    result = trial_page(tried(asked), asked.period, writer)
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
        writer, asked = words(), asked_for()
        if asked.version is None or not asked.period:
            raise NotFound()
        trial = tried(asked)
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


def _typed(asked: Asked) -> str:
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
