"""The public page (公开查询): a matter looked up by number and code, its stages with their days, and the citizen's rating."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_appbuilder import expose

from app.core.db import db
from app.core.languages import words
from app.crud.columns import Origin, Reading
from app.crud.screen import Answer
from app.domain.refusals import N_, NotFound, Refused, RefusedAll
from app.entities.parameter import parameter
from app.queries.public import public_matter, ticket_by_code, typed_number
from app.services.public_rating import rate_by_code
from app.web.misses import check, miss
from app.web.public_page import PublicPage, notice, questions, said, shown

WRONG = N_("The number or the code is not right. Both stand on the slip that was given to you at registration.")
"""One sentence for a wrong number and for a wrong code: which of them exist is nobody's business."""


class PublicMatters(PublicPage):
    """Looking up and rating; the number and the code travel in the form's body, never in an address that is kept somewhere."""

    route_base = "/public"
    default_view = "look_up"

    @expose("/", methods=["GET", "POST"])
    def look_up(self) -> Answer:
        """Ask for number and code; show the matter."""
        if request.method == "GET":
            return render_template("public/look_up.html", number=request.args.get("no", "")[:40], problem="", reports=_reports())
        return self._matter()

    @expose("/rate", methods=["POST"])
    def rate(self) -> Answer:
        """Rate the matter that was looked up."""
        number, code = _typed()
        try:
            check(typed_number(number))
            reading = Reading(origin=Origin.FORM, words=words())
            rate_by_code(number, code, request.form, reading)
            return redirect(url_for("PublicRatings.thanks", lang=words().language), 303)
        except NotFound:
            return self._not_found(number)
        except RefusedAll as refused:
            return self._matter(refused)
        except Refused as refused:
            return notice(refused)

    def _matter(self, refused: Refused | None = None) -> Answer:
        number, code = _typed()
        try:
            check(typed_number(number))
        except Refused as too_many:
            return notice(too_many)
        session, writer = db.session(), words()
        ticket = ticket_by_code(session, number, code)
        if ticket is None:
            return self._not_found(number)
        page = render_template(
            "public/matter.html",
            matter=shown(public_matter(session, ticket), writer),
            number=number,
            code=code,
            questions=questions(writer, request.form.to_dict(), refused),
            comment=request.form.get("comment", ""),
            errors=said(refused, writer),
        )
        return (page, 422) if refused is not None else page

    def _not_found(self, number: str) -> Answer:
        miss(typed_number(number))
        return render_template("public/look_up.html", number=number, problem=words()(WRONG), reports=_reports()), 404


def _reports() -> bool:
    """Whether the public form is open."""
    return parameter("public_report", "1") == "1"


def _typed() -> tuple[str, str]:
    return request.form.get("number", "")[:80], request.form.get("code", "")[:80]


PAGE = PublicMatters
