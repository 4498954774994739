"""Evaluations: the generated list, and the pages of one evaluation: ranking, a unit's scorecard, the tickets behind a figure."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access

from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.crud.reading import number_of
from app.crud.screen import Answer
from app.crud.writing import fetch
from app.domain.period import month_holding
from app.domain.refusals import N_, NotFound, Refused
from app.domain.scorecard import Scorecard
from app.entities.evaluation import Evaluation
from app.queries.calendar import city_zone
from app.queries.scores import evaluation_of, scorecard_of
from app.services.evaluation import compute, publish
from app.web.appeal_page import appeal_links
from app.web.choosing_period import PeriodChooser, chosen_period, period_chooser
from app.web.cycle_doors import PERMISSIONS, CycleDoors, asked_revision, read_revision
from app.web.evaluation_cycle_page import cycle_page
from app.web.evaluation_page import evaluation_page
from app.web.evidence_page import VERDICTS, evidence_page
from app.web.unit_page import unit_page


class EvaluationScreen(CycleDoors, ExchangeScreen):
    """What the generated screens cannot know: computing, publishing, and reading a scorecard."""

    method_permission_name: ClassVar[dict[str, str]] = {
        **ExchangeScreen.method_permission_name,
        "period": "read",
        "unit": "read",
        "evidence": "read",
        "compute": "compute",
        "publish": "publish",
        **PERMISSIONS,
    }

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Answer:
        """An evaluation is shown under its period."""
        row = fetch(db.session(), self.resource, pk)
        assert isinstance(row, Evaluation)
        standing = evaluation_of(db.session(), row.period)
        other = standing is None or standing.id != row.id
        return redirect(url_for(".period", period=row.period, revision=row.revision if other else None))

    @expose("/<string:period>")
    @has_access
    def period(self, period: str) -> Answer:
        """The ranking of a period."""
        evaluation, card = self._card(period)
        page = evaluation_page(card, request.args.get("group", ""), words(), asked_revision())
        cycle = cycle_page(db.session(), evaluation, card, words())
        return self.page("pages/evaluation.html", page=page, cycle=cycle, evaluation=evaluation)

    @expose("/<string:period>/<string:group>/<string:unit>")
    @has_access
    def unit(self, period: str, group: str, unit: str) -> Answer:
        """One unit's scorecard."""
        evaluation, card = self._card(period)
        found = next((g for g in card.groups if g.code == group), None)
        if found is None:
            raise NotFound()
        links = appeal_links(db.session(), evaluation, found, unit, words())
        page = unit_page(card, found, unit, words(), asked_revision())
        return self.page("pages/scorecard.html", page=page, appeals=links)

    @expose("/<string:period>/<string:group>/<string:unit>/<string:indicator>")
    @has_access
    def evidence(self, period: str, group: str, unit: str, indicator: str) -> Answer:
        """The tickets behind one figure of one unit."""
        evaluation, card = self._card(period)
        verdict = request.args.get("verdict", "")
        page = evidence_page(
            db.session(),
            evaluation,
            card,
            group,
            unit,
            indicator,
            verdict if verdict in VERDICTS else "",
            min(number_of(request.args.get("p", "")) or 0, 10_000),
            words(),
        )
        back = url_for(".unit", period=period, group=group, unit=unit)
        return self.page("pages/evidence.html", page=page, back=back, period=period, group=group, unit=unit, indicator=indicator)

    @expose("/compute", methods=["POST"])
    @has_access
    def compute(self) -> Answer:
        """Compute a period; it stays provisional until somebody publishes it."""
        try:
            evaluation = compute(chosen_period(request.form), public_url=current_app.config["PUBLIC_URL"])
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
            return redirect(url_for(".list"))
        flash(words()(N_("%(month)s was computed"), month=evaluation.period), "success")
        return redirect(url_for(".period", period=evaluation.period))

    @expose("/<string:period>/publish", methods=["POST"])
    @has_access
    def publish(self, period: str) -> Answer:
        """Freeze and publish."""
        try:
            evaluation = publish(period, public_url=current_app.config["PUBLIC_URL"])
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
            return redirect(url_for(".period", period=period))
        flash(words()(N_("%(month)s was published and is frozen now"), month=evaluation.period), "success")
        return redirect(url_for(".period", period=evaluation.period))

    def page(self, template: str, **values: Any) -> str:
        """Render a page; the list asks what the form of computing offers."""
        return super().page(template, view=self, **values)

    @staticmethod
    def chooser() -> PeriodChooser:
        """What the form of computing offers; the last complete month stands first."""
        return period_chooser(month_holding(now(), city_zone()).back(), words())

    def _card(self, period: str) -> tuple[Evaluation, Scorecard]:
        evaluation = read_revision(period)
        return evaluation, scorecard_of(db.session(), evaluation)


SCREEN = ("Evaluation", EvaluationScreen)
