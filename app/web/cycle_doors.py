"""Doors of the cycle on an evaluation's page: preliminary list, final list, corrections, what the checks found, what a revision changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.cells import show_address
from app.crud.reading import number_of
from app.crud.resource import resource_of
from app.crud.screen import Answer
from app.domain.refusals import N_, NotFound, Refused
from app.entities.evaluation import Evaluation
from app.entities.ticket import Ticket
from app.queries.checks import all_checks
from app.queries.quality import finding
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from app.services.evaluation_cycle import drop_restatement, finalise, publish_preliminary, publish_restatement, restate
from app.web.difference_page import difference_page

PER_PAGE = 50

PERMISSIONS = {
    "findings": "read",
    "difference": "read",
    "preliminary": "publish",
    "finalise": "publish",
    "restate": "restate",
    "publish_restatement": "restate",
    "drop_restatement": "restate",
}


class CycleDoors:
    """What an evaluation's screen offers besides reading it."""

    page: Callable[..., str]
    """Of the screen that has these doors."""

    @expose("/<string:period>/checks/<string:check>")
    @has_access
    def findings(self, period: str, check: str) -> Answer:
        """The tickets (or days) that answered a data check badly, as far as the reader may see them."""
        evaluation, one = read_revision(period), all_checks().get(check)
        if one is None:
            raise NotFound()
        page = min(number_of(request.args.get("p", "")) or 0, 10_000)
        found = finding(db.session(), evaluation.id, check)
        ids = found.tickets if found is not None else []
        visible = set(db.session().execute(select(Ticket.id).where(Ticket.id.in_(ids))).scalars())
        mine = [ticket for ticket in ids if ticket in visible]
        shown = mine[page * PER_PAGE : (page + 1) * PER_PAGE]
        rows = {row.id: row for row in db.session().execute(select(Ticket).where(Ticket.id.in_(shown))).scalars()}
        return self.page(
            "pages/findings.html",
            evaluation=evaluation,
            check=one,
            count=len(mine),
            days=found.days if found is not None else [],
            rows=[(rows[ticket], show_address(resource_of("Ticket"), ticket)) for ticket in shown if ticket in rows],
            at=page,
            pages=(len(mine) + PER_PAGE - 1) // PER_PAGE,
            per_page=PER_PAGE,
        )

    @expose("/<string:period>/difference")
    @has_access
    def difference(self, period: str) -> Answer:
        """What a revision changed against the one before it."""
        evaluation = read_revision(period)
        card = scorecard_of(db.session(), evaluation)
        told = card.difference()
        if told is None:
            raise NotFound(N_("This is the first list of the period; there is nothing to compare it with."))
        return self.page("pages/difference.html", page=difference_page(card, told, words()), evaluation=evaluation)

    @expose("/<string:period>/preliminary", methods=["POST"])
    @has_access
    def preliminary(self, period: str) -> Answer:
        """Publish the preliminary list, which takes appeals."""
        url = current_app.config["PUBLIC_URL"]
        return _stepped(period, lambda: publish_preliminary(period, public_url=url), N_("The preliminary list of %(month)s is out"))

    @expose("/<string:period>/final", methods=["POST"])
    @has_access
    def finalise(self, period: str) -> Answer:
        """Publish the final list."""
        return _stepped(period, lambda: finalise(period), N_("The final list of %(month)s is out and frozen"))

    @expose("/<string:period>/restate", methods=["POST"])
    @has_access
    def restate(self, period: str) -> Answer:
        """Prepare a correction, and look at it."""
        reason, url = request.form.get("reason", ""), current_app.config["PUBLIC_URL"]
        said = N_("A correction of %(month)s is prepared; look at what it changes, then publish it")
        return _stepped(period, lambda: restate(period, reason, public_url=url), said, read=True)

    @expose("/<string:period>/restatement/publish", methods=["POST"])
    @has_access
    def publish_restatement(self, period: str) -> Answer:
        """Publish the correction."""
        said = N_("The correction of %(month)s is out; the earlier list is superseded")
        return _stepped(period, lambda: publish_restatement(period), said)

    @expose("/<string:period>/restatement/drop", methods=["POST"])
    @has_access
    def drop_restatement(self, period: str) -> Answer:
        """Throw the correction away."""
        return _stepped(period, lambda: drop_restatement(period), N_("The correction of %(month)s was dropped"))


def _stepped(period: str, step: Callable[[], Evaluation], said: str, *, read: bool = False) -> Answer:
    """Take a step and show where it led; a refusal is said in words on the page where it was asked for."""
    try:
        evaluation = step()
    except NotFound:
        raise
    except Refused as refused:
        flash(words().phrase(refused.phrase), "danger")
        return redirect(url_for("EvaluationScreen.period", period=period))
    flash(words()(said, month=evaluation.period), "success")
    where: dict[str, Any] = {"revision": evaluation.revision} if read else {}
    return redirect(url_for("EvaluationScreen.period", period=evaluation.period, **where))


def asked_revision() -> int | None:
    """The revision in the address; nothing for the one that stands."""
    text = request.args.get("revision", "")
    if not text:
        return None
    number = number_of(text)
    if number is None or not 0 < number < 10_000:
        raise NotFound()
    return number


def read_revision(period: str) -> Evaluation:
    """The evaluation of a period, in the revision that the address asks for."""
    return required(db.session(), period, asked_revision())
