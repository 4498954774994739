"""The gaming radar (刷分雷达): lists of tickets for evaluators, the command centre and auditors to look at; units do not see it."""

from __future__ import annotations

from typing import ClassVar

from flask import abort, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.domain.period import Period, month_holding, period_of
from app.domain.radar import all_signs
from app.domain.refusals import NotFound, Refused
from app.domain.scorecard import Names
from app.entities.unit import Unit
from app.queries.calendar import city_zone
from app.queries.radar import sweep, thresholds, thresholds_of
from app.web.radar_page import radar_page, sign_page

MONTHS = 13
"""How many months are offered; any other period may be written into the address."""


class Radar(PageView):
    """The overview of a period, and each sign's list."""

    route_base = "/radar"
    class_permission_name = "Radar"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read", "period": "read", "sign": "read"}
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    def index(self) -> Answer:
        """The month that was asked for, or the last whole one."""
        month = request.args.get("month", "").strip() or _months()[1].key
        return redirect(url_for(".period", period=_period(month).key))

    @expose("/<string:period>", methods=["GET"])
    @has_access
    def period(self, period: str) -> Answer:
        """Per unit and sign how many tickets show it."""
        chosen, signs, limits = _period(period), list(all_signs().values()), thresholds()
        material = sweep(db.session(), chosen, now())
        found = {sign.code: sign.seen_in(material, limits[sign.code]) for sign in signs}
        page = radar_page(chosen, _months(), signs, limits, found, _units(), words())
        return render_template("pages/radar.html", page=page)

    @expose("/<string:period>/<string:sign>", methods=["GET"])
    @has_access
    def sign(self, period: str, sign: str) -> Answer:
        """The tickets that show one sign."""
        chosen, known = _period(period), all_signs().get(sign)
        if known is None:
            raise NotFound()
        limits = thresholds_of(known)
        found = known.seen_in(sweep(db.session(), chosen, now()), limits)
        unit, page = (number_of(request.args.get(name, "")) or 0 for name in ("unit", "p"))
        return render_template(
            "pages/radar_sign.html", page=sign_page(chosen, known, limits, found, _units(), unit, min(page, 10_000), words())
        )


def _months() -> list[Period]:
    present = month_holding(now(), city_zone())
    return [present.back(steps) for steps in range(MONTHS)]


def _period(key: str) -> Period:
    try:
        return period_of(key, city_zone())
    except Refused:
        abort(404)


def _units() -> dict[int, str]:
    """The names of all units, in the order of their codes."""
    writer = words()
    rows = db.session().execute(select(Unit.id, Unit.name_zh, Unit.name_en).order_by(Unit.type.desc(), Unit.code))
    return {row.id: writer.names(Names(row.name_zh, row.name_en or "")) for row in rows}


PAGE = Radar
