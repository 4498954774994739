"""The indicators (指标): every figure's definition, for everybody whose work is measured by it."""

from __future__ import annotations

from typing import ClassVar

from flask import render_template
from flask_appbuilder import expose, has_access

from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.crud.screen import Answer, PageView
from app.domain.period import month_holding
from app.domain.refusals import Refused
from app.queries.calendar import city_zone
from app.queries.schemes import InForce, schemes_in_force
from app.web.indicator_page import indicator_page, vocabulary


class Indicators(PageView):
    """One page with all definitions."""

    route_base = "/indicators"
    class_permission_name = "Indicator"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read"}
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    def index(self) -> Answer:
        """All of them."""
        return render_template("pages/indicators.html", entries=indicator_page(_used(), words()), vocabulary=vocabulary(words()))


def _used() -> list[InForce]:
    """The scheme versions in force this month; a district without any has definitions all the same."""
    try:
        return schemes_in_force(db.session(), month_holding(now(), city_zone()))
    except Refused:
        return []


PAGE = Indicators
