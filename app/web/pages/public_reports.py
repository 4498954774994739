"""The public form (网上反映): a citizen reports a matter without an account, and gets a number and a code to look it up by."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask_appbuilder import expose

from app.channels import citizen_form
from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.crud.columns.links import label_of
from app.crud.screen import Answer
from app.domain.intake import CITIZEN, Enclosed
from app.domain.refusals import N_, NotFound, Refused, RefusedAll
from app.entities.parameter import parameter
from app.queries.street_towns import street_towns_of_today
from app.services.intake import Taken, take_in
from app.web.file_doors import limits, storage
from app.web.public_page import PublicPage, notice, said
from app.web.report_pass import check_pace, count_report, new_pass, number_of

STALE = N_("The page was open for more than a day. Check what you typed and send it again.")
PHOTOGRAPHS = N_("Choose the photographs again; the browser does not keep them.")


class PublicReports(PublicPage):
    """Open to everybody while the district has it switched on."""

    route_base = "/report"
    default_view = "report"

    @expose("/", methods=["GET", "POST"])
    def report(self) -> Answer:
        """The form, and what became of it."""
        try:
            if parameter("public_report", "1") != "1":
                raise NotFound(N_("Matters cannot be reported here at present. Telephone, or go to your street-town."))
            check_pace()
            return self._sent() if request.method == "POST" else _form(new_pass(), {}, {})
        except RefusedAll as refused:
            return _form(request.form.get("pass", ""), request.form, said(refused, words())), 422
        except Refused as refused:
            if refused.field:
                return _form(request.form.get("pass", ""), request.form, said(refused, words())), 422
            return notice(refused)

    def _sent(self) -> Answer:
        number = number_of(request.form.get("pass", ""))
        if number is None:
            return _form(new_pass(), request.form, {"": words()(STALE)}), 400
        files = [Enclosed(file.filename or "", file.stream) for file in request.files.getlist("file") if file.filename]
        report = citizen_form.CHANNEL.read(request.form, number, files)
        with acting_as(CITIZEN):
            taken = take_in(report, storage(), limits())
        if taken.fresh:
            count_report()
        return _done(taken), 201 if taken.fresh else 200


def _form(form_pass: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """The form with everything that was typed; photographs have to be chosen again."""
    writer, again = words(), any(file.filename for file in request.files.getlist("file"))
    places = [(town.code, label_of(town, writer)) for town in street_towns_of_today(db.session())]
    return render_template(
        "public/report.html",
        form_pass=form_pass,
        typed={name: typed.get(name, "") for name in citizen_form.FIELDS},
        errors=errors,
        places=places,
        again=writer(PHOTOGRAPHS) if again else "",
        most_letters=citizen_form.MOST_LETTERS,
        most_files=citizen_form.MOST_FILES,
        most_mb=limits().bytes // 2**20,
    )


def _done(taken: Taken) -> str:
    return render_template("public/reported.html", number=taken.ticket.number, code=taken.ticket.lookup_code)


PAGE = PublicReports
