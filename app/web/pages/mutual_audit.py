"""The audit of mutual ratings (互评审计): for evaluators, the command centre and auditors; units do not see it."""

from __future__ import annotations

from typing import ClassVar

from flask import redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.screen import Answer, PageView
from app.domain.scorecard import Names
from app.entities.evaluation import Evaluation
from app.entities.unit import Unit
from app.queries.mutual_audit import mutual_ratings
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from app.web.mutual_audit_page import audit_page

SHOWN = 24
"""How many evaluations are offered; any other may be written into the address."""


class MutualAudit(PageView):
    """One evaluation's mutual ratings, looked at from the raters' side."""

    route_base = "/mutual-ratings"
    class_permission_name = "MutualAudit"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read", "period": "read"}
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    def index(self) -> Answer:
        """The evaluation that was asked for, or the latest one."""
        asked, known = request.args.get("month", "").strip(), _periods()
        if asked or known:
            return redirect(url_for(".period", period=asked or known[0]))
        return render_template("pages/mutual_audit.html", page=None, periods=[])

    @expose("/<string:period>", methods=["GET"])
    @has_access
    def period(self, period: str) -> Answer:
        """The audit of one evaluation."""
        session, writer = db.session(), words()
        evaluation = required(session, period)
        rows = session.execute(select(Unit.id, Unit.name_zh, Unit.name_en))
        units = {row.id: writer.names(Names(row.name_zh, row.name_en or "")) for row in rows}
        card = scorecard_of(session, evaluation)
        page = audit_page(card, mutual_ratings(session, evaluation.id), units, writer)
        return render_template("pages/mutual_audit.html", page=page, periods=_periods())


def _periods() -> list[str]:
    """Periods that were evaluated, the latest first."""
    statement = select(Evaluation.period).where(Evaluation.state != "superseded").order_by(Evaluation.first.desc(), Evaluation.id.desc())
    return list(dict.fromkeys(db.session().execute(statement.limit(SHOWN)).scalars()))


PAGE = MutualAudit
