"""The bulletin's page under an evaluation: what the figures say of themselves, the text to edit, what it reads like, and approving it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access

from app.core.db import db
from app.core.languages import LANGUAGES, current_language, words
from app.crud.access import may
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.domain.bulletin import APPROVED, STATES, loose
from app.domain.refusals import N_, NotAllowed, Refused
from app.queries.bulletins import bulletin_of, draft, known_of, said, shown
from app.queries.scores import scorecard_of
from app.services.bulletin import approve, redraft, save
from app.services.evaluation import required

MOST_OFFERED = 400
NOT_SAVED = N_("Not saved yet")


class Bulletins(PageView):
    """One text per language: read by everybody once approved, written by those who publish."""

    route_base = "/bulletin"
    class_permission_name = "Evaluation"
    method_permission_name: ClassVar[dict[str, str]] = {"show": "read", "save": "publish", "approve": "publish"}
    default_view = "show"

    @expose("/<string:period>", methods=["GET"])
    @has_access
    def show(self, period: str) -> Answer:
        """The text as it reads; for those who publish also the form."""
        return _page(period, _language(request.args.get("lang", "")))

    @expose("/<string:period>/save", methods=["POST"])
    @has_access
    def save(self, period: str) -> Answer:
        """Keep the text, or draft it anew; a refusal leaves the form with everything that was typed."""
        language = _language(request.form.get("lang", ""))
        try:
            if request.form.get("verb") == "draft":
                redraft(period, language)
                flash(words()(N_("The text was drafted anew from the figures")), "success")
            else:
                save(period, language, request.form.get("text", ""), number_of(request.form.get("version", "")))
                flash(words()(N_("The text was saved")), "success")
        except Refused as refused:
            return _page(period, language, request.form.get("text", ""), refused), refused.status
        return redirect(url_for(".show", period=period, lang=language))

    @expose("/<string:period>/approve", methods=["POST"])
    @has_access
    def approve(self, period: str) -> Answer:
        """Approve the saved text."""
        language = _language(request.form.get("lang", ""))
        try:
            approve(period, language)
        except Refused as refused:
            return _page(period, language, None, refused), refused.status
        flash(words()(N_("The bulletin was approved")), "success")
        return redirect(url_for(".show", period=period, lang=language))


def _language(asked: str) -> str:
    return asked if asked in LANGUAGES else current_language()


def _page(period: str, language: str, typed: str | None = None, refused: Refused | None = None) -> str:
    session, writer = db.session(), words()
    evaluation = required(session, period)
    card, row = scorecard_of(session, evaluation), bulletin_of(session, evaluation, language)
    writes = may("publish", "Evaluation")
    if row is None and not writes:
        return render_template("pages/bulletin.html", month=writer.month(card.period), period=evaluation.period, row=None, text="")
    if row is not None and row.state != APPROVED and not may("export", "Evaluation"):
        raise NotAllowed(N_("This bulletin is not approved yet."))
    speaker, known = words(language, evaluation.zone), known_of(session, card)
    text = typed if typed is not None else row.text if row is not None else draft(card, speaker)
    state = row.state if row is not None else ""
    return render_template(
        "pages/bulletin.html",
        card=card,
        month=writer.month(card.period),
        period=evaluation.period,
        chosen=language,
        languages=LANGUAGES,
        row=row,
        state=writer(STATES.get(state, NOT_SAVED)),
        approved=state == APPROVED,
        text=text,
        lines=[shown(line, known, speaker) for line in text.split("\n") if line.strip()],
        loose=loose(text, known),
        bound=_offered(known, speaker) if writes and state != APPROVED else (),
        writes=writes and state != APPROVED,
        refused=writer.phrase(refused.phrase) if refused is not None else "",
        provisional=card.state == "computed",
        printed="Files.scorecard" in current_app.view_functions and may("export", "Evaluation"),
    )


def _offered(known: Any, speaker: Any) -> list[tuple[str, str]]:
    """Placeholders to choose from, each with what it stands for now."""
    return [("{" + key + "}", said(bound, speaker)) for key, bound in list(known.items())[:MOST_OFFERED]]


PAGE = Bulletins
