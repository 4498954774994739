"""Appeals: the generated list, one appeal with its nodes, the unit's form, and the doors of filing, withdrawing and hearing."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.crud.reading import number_of
from app.crud.screen import Answer
from app.crud.writing import fetch
from app.domain.refusals import N_, NotFound, Refused
from app.entities.appeal import Appeal
from app.entities.appeal_step import Proof
from app.services.appeals import Filing, file_appeal, own_place
from app.services.hearing import Verdict, hear, withdraw_appeal
from app.services.proofs import Upload
from app.web.appeal_page import appeal_form, appeal_page
from app.web.file_doors import kept_file, limits, storage


class AppealScreen(ExchangeScreen):
    """What the generated screens cannot know."""

    method_permission_name: ClassVar[dict[str, str]] = {
        **ExchangeScreen.method_permission_name,
        "proof": "read",
        "appeal": "file",
        "withdraw": "file",
        "hear": "decide",
    }

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Answer:
        """One appeal; ``?try=`` shows what deciding for some of its tickets would change."""
        tried = [number for text in request.args.getlist("try") if (number := number_of(text)) is not None]
        wants = "tried" in request.args
        page = appeal_page(db.session(), _row(self, pk), words(), tried if wants else None, _plain(request.args.get("value", "")))
        return self.page("pages/appeal.html", page=page, refused="", typed={}, status=200)

    @expose("/file/<string:period>/<string:line>", methods=["GET", "POST"])
    @has_access
    def appeal(self, period: str, line: str) -> Answer:
        """The unit's form; on a refusal it comes back with everything that was typed."""
        session, writer = db.session(), words()
        if request.method == "GET":
            return self.page(
                "pages/appeal_form.html", page=appeal_form(session, own_place(session, period, line), writer), typed={}, refused=""
            )
        tickets = [number for text in request.form.getlist("tickets") if (number := number_of(text)) is not None]
        filing = Filing(request.form.get("kind", ""), request.form.get("text", ""), tickets)
        uploads = [Upload(each.filename or "", each.stream) for each in request.files.getlist("file") if each.filename]
        try:
            row = file_appeal(period, line, filing, storage=storage(), uploads=uploads, limits=limits())
        except NotFound:
            raise
        except Refused as refused:
            page = appeal_form(session, own_place(session, period, line), writer)
            typed = {"kind": filing.kind, "text": filing.text, "tickets": set(tickets)}
            return self.page("pages/appeal_form.html", page=page, typed=typed, refused=writer.phrase(refused.phrase)), refused.status
        flash(writer(N_("The appeal was filed; it waits for its preliminary check")), "success")
        return redirect(url_for(".show", pk=row.id))

    @expose("/<int:pk>/withdraw", methods=["POST"])
    @has_access
    def withdraw(self, pk: int) -> Answer:
        """The unit takes it back."""
        _row(self, pk)
        try:
            withdraw_appeal(pk)
            flash(words()(N_("The appeal was withdrawn")), "success")
        except NotFound:
            raise
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
        return redirect(url_for(".show", pk=pk))

    @expose("/<int:pk>/hear", methods=["POST"])
    @has_access
    def hear(self, pk: int) -> Answer:
        """A node speaks; on a refusal the page comes back with what was typed."""
        row, form, writer = _row(self, pk), request.form, words()
        tickets = [number for text in form.getlist("tickets") if (number := number_of(text)) is not None]
        said = Verdict(form.get("verdict", ""), form.get("opinion", ""), tickets, form.get("value", ""), form.get("reason", ""))
        try:
            hear(pk, form.get("node", ""), said)
        except NotFound:
            raise
        except Refused as refused:
            db.session().rollback()
            typed = {"verdict": said.verdict, "opinion": said.opinion, "value": said.value, "reason": said.reason}
            page = appeal_page(db.session(), row, writer, tickets or None)
            return self.page("pages/appeal.html", page=page, refused=writer.phrase(refused.phrase), typed=typed), refused.status
        flash(writer(N_("The opinion was entered")), "success")
        return redirect(url_for(".show", pk=pk))

    @expose("/proof/<int:proof_id>")
    @has_access
    def proof(self, proof_id: int) -> Response:
        """A proof's bytes, for whoever sees what it belongs to."""
        found = db.session().execute(select(Proof).where(Proof.id == proof_id)).scalar_one_or_none()
        if found is None:
            raise NotFound()
        return kept_file(found.digest, found.media_type, found.name)


def _row(screen: AppealScreen, pk: int) -> Appeal:
    row: Appeal = fetch(db.session(), screen.resource, pk)
    return row


def _plain(text: str) -> str:
    """Points as they are tried; nothing where they are no number."""
    whole, _, rest = text.strip().partition(".")
    return text.strip() if whole.isdecimal() and len(whole) < 5 and (not rest or (rest.isdecimal() and len(rest) < 3)) else ""


SCREEN = ("Appeal", AppealScreen)
