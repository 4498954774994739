"""The print wing, attached by name in the configuration: without it every score is still right."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.basemanager import BaseManager

import reports.jobs as jobs_package
from app.core.acting import current_actor
from app.core.clock import now
from app.core.copies import copied_by
from app.core.db import db
from app.core.languages import current_language, words
from app.core.offers import offer
from app.core.registry import members
from app.crud.access import may
from app.crud.exchange_screen import storage
from app.crud.resource import resource_of
from app.crud.screen import Answer, PageView
from app.crud.writing import fetch
from app.domain.refusals import N_, NotAllowed, NotFound, Refused
from app.entities.ticket import Ticket
from app.jobs.worker import join
from app.queries.scopes import units_of
from app.web.choosing_period import chosen_period
from app.web.cycle_doors import asked_revision
from reports.copies import copy_with_name
from reports.definitions import report
from reports.jobs import report as report_job
from reports.names import file_name
from reports.printing import render
from reports.register import written_down
from reports.report import EVALUATION, JSON, MEDIA_TYPES, PERIOD, TICKET, UNIT, Copy, Order, Report
from reports.shelf import LANGUAGES, offered, shelf


def handed_out(definition: Report[Any], order: Order, fmt: str, language: str) -> Answer:
    """Read, print, keep and send one file. Raises ``Refused`` in words."""
    if fmt not in definition.formats:
        raise NotFound()
    matter = definition.read(db.session(), order)
    spoken = LANGUAGES.get(language) or LANGUAGES[current_language()]
    copy = Copy(current_actor().name, now()) if definition.personal(matter) else None
    with storage().scratch(f".{fmt}") as path:
        render(matter, definition.code, fmt, spoken, path, copy)
        digest = storage().keep(path)
    said = "" if fmt == JSON else "+".join(spoken)
    name = file_name(definition.code, order, fmt, said)
    written_down(matter, definition.code, digest, fmt, said, name)
    return send_file(storage().path(digest), MEDIA_TYPES[fmt], as_attachment=True, download_name=name)


def asked_list(period: str, group: str = "", unit: str = "") -> Order:
    """A period's list as the address asks for it: the one that stands, a ``revision``, or that ``as`` it was published."""
    return Order(period, group, unit, revision=asked_revision(), when=request.args.get("as", "").strip())


def asked_language() -> str:
    """The language in the address; a plus there is a blank to programs that decode it."""
    return request.args.get("lang", "").strip().replace(" ", "+")


class Files(PageView):
    """Files of an evaluation, made from what is frozen."""

    route_base = "/files"
    class_permission_name = "Evaluation"
    method_permission_name: ClassVar[dict[str, str]] = {"scorecard": "export", "unit": "read"}
    default_view = "scorecard"

    @expose("/<string:code>/<string:period>.<string:fmt>")
    @has_access
    def scorecard(self, code: str, period: str, fmt: str) -> Answer:
        """One report of one evaluation as ``xlsx``, ``pdf`` or ``json``, in the languages asked for."""
        return handed_out(_found(code, EVALUATION), asked_list(period), fmt, asked_language())

    @expose("/<string:code>/<string:period>/<string:group>/<string:unit>.<string:fmt>")
    @has_access
    def unit(self, code: str, period: str, group: str, unit: str, fmt: str) -> Answer:
        """One unit's own file; a unit may take its own without the right to take everybody's."""
        order = asked_list(period, group, unit)
        return handed_out(own_or_export(_found(code, UNIT), order), order, fmt, asked_language())


class TicketLists(PageView):
    """Files made from tickets under the reader's row scope: lists of a period, and one ticket's life."""

    route_base = "/lists"
    class_permission_name = "Ticket"
    method_permission_name: ClassVar[dict[str, str]] = {"period": "export", "ticket": "export"}
    default_view = "period"

    @expose("/<string:code>/<string:period>.<string:fmt>")
    @has_access
    def period(self, code: str, period: str, fmt: str) -> Answer:
        """One list of one period."""
        return handed_out(_found(code, PERIOD), Order(period), fmt, asked_language())

    @expose("/<string:code>/ticket/<int:ticket_id>.<string:fmt>")
    @has_access
    def ticket(self, code: str, ticket_id: int, fmt: str) -> Answer:
        """One ticket's whole life."""
        ticket: Ticket = fetch(db.session(), resource_of("Ticket"), ticket_id)
        return handed_out(_found(code, TICKET), Order(number=ticket.number), fmt, asked_language())


class ReportShelf(PageView):
    """All reports on one page: choose, and take."""

    route_base = "/reports"
    class_permission_name = "Report"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read", "take": "read"}
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    def index(self) -> Answer:
        """The shelf, with what was chosen before."""
        return render_template("pages/reports.html", shelf=shelf(db.session(), words()), chosen=request.args)

    @expose("/take", methods=["GET"])
    @has_access
    def take(self) -> Answer:
        """The file that was asked for; a refusal leads back to the form with everything still chosen."""
        try:
            code, _, fmt = request.args.get("take", "").rpartition(".")
            definition = report(code)
            if not offered(definition):
                raise NotAllowed()
            order = _order(definition)
            if definition.needs == UNIT:
                own_or_export(definition, order)
            return handed_out(definition, order, fmt, asked_language())
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
            return redirect(f"{url_for('.index')}?{request.query_string.decode()}")


def _order(definition: Report[Any]) -> Order:
    """What the form says, as far as the report needs it."""
    if definition.needs == TICKET:
        number = request.args.get("number", "").strip()
        if not number:
            raise Refused("required", N_("Enter a ticket number."), field="number")
        return Order(number=number)
    if definition.needs == PERIOD:
        return Order(chosen_period(request.args))
    period = request.args.get("evaluation", "").strip()
    if not period:
        raise Refused("required", N_("Choose an evaluation."), field="evaluation")
    group, _, unit = request.args.get("unit", "").partition(":")
    return Order(period, group, unit) if definition.needs == UNIT else Order(period)


def _found(code: str, needs: str) -> Report[Any]:
    definition = report(code)
    if definition.needs != needs:
        raise NotFound()
    return definition


def own_or_export(definition: Report[Any], order: Order) -> Report[Any]:
    """The report, once the reader may have it: everybody's with the right to export, else the own unit's only."""
    if may("export", definition.subject):
        return definition
    matter = definition.read(db.session(), order)
    if matter.unit.unit_id not in units_of(current_actor()):
        raise NotAllowed(N_("Only your own unit's scorecard can be downloaded here."))
    return definition


class Reports(BaseManager):
    """Registers what the wing adds to the house."""

    def register_views(self) -> None:
        """The doors for files, the shelf, and what is made in the background and may be put on a schedule."""
        offer(report_job.offers())
        copied_by(copy_with_name)
        join(members(jobs_package, "JOB"))
        for view in (Files, TicketLists, ReportShelf):
            self.appbuilder.add_view_no_menu(view)

    def pre_process(self) -> None:
        """Nothing to do before."""

    def post_process(self) -> None:
        """Nothing to do after."""
