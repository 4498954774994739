"""The citizen's rating by link or QR code: no signing in, once per round, and one calm page for links that lead nowhere any more."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_appbuilder import expose

from app.core.db import db
from app.core.languages import words
from app.crud.columns import Origin, Reading
from app.crud.screen import Answer
from app.domain.refusals import NotFound, Refused, RefusedAll
from app.entities.ticket import Ticket
from app.queries.public import public_matter
from app.services.public_rating import LINK, QR, invitation, rate_by_token
from app.web.misses import check, miss
from app.web.public_page import PublicPage, notice, questions, said, shown


class PublicRatings(PublicPage):
    """Whoever holds the link may rate."""

    route_base = "/rate"
    default_view = "thanks"

    @expose("/thanks")
    def thanks(self) -> Answer:
        """After rating; says nothing about which matter."""
        return render_template("public/thanks.html")

    @expose("/<string:token>", methods=["GET", "POST"])
    def rate(self, token: str) -> Answer:
        """What is to be rated, and the form."""
        try:
            check()
            return self._rated(token) if request.method == "POST" else _page(token, invitation(token), None)
        except NotFound as unknown:
            miss()
            return notice(unknown)
        except Refused as over:
            return notice(over)

    def _rated(self, token: str) -> Answer:
        channel = QR if request.form.get("by") == QR else LINK
        try:
            rate_by_token(token, request.form, Reading(origin=Origin.FORM, words=words()), channel)
        except RefusedAll as refused:
            return _page(token, invitation(token), refused), 422
        return redirect(url_for("PublicRatings.thanks", lang=words().language), 303)


def _page(token: str, ticket: Ticket, refused: Refused | None) -> str:
    writer = words()
    return render_template(
        "public/rate.html",
        token=token,
        by=QR if request.values.get("by") == QR else LINK,
        matter=shown(public_matter(db.session(), ticket), writer),
        questions=questions(writer, request.form.to_dict(), refused),
        comment=request.form.get("comment", ""),
        errors=said(refused, writer),
    )


PAGE = PublicRatings
