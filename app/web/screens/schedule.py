"""Schedules: the generated screens, their next dates before anything is saved, what came of them, and what is started by hand."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access
from werkzeug.wrappers import Response as AnyResponse

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import words
from app.crud.columns import Links
from app.crud.exchange_screen import ExchangeScreen
from app.crud.form_page import FormPage, form_page
from app.crud.reading import number_of
from app.crud.screen import Answer
from app.crud.show_page import FactGroup, ShowPage, show_page
from app.crud.writing import fetch
from app.domain.period_rules import period_for
from app.domain.refusals import N_, NotAllowed, NotFound, Refused
from app.entities.schedule import WHEN, Schedule, keeps, rule_of
from app.services.delivering import send_again
from app.services.scheduling import pause, run_now
from app.web.choosing_period import chosen_period, period_chooser
from app.web.schedule_page import MATTERS, foresight, irrelevant, schedule_page

PART = "X-Part"
"""A script asks for the next dates alone."""


class ScheduleScreen(ExchangeScreen):
    """What the generated screens cannot know."""

    method_permission_name: ClassVar[dict[str, str]] = {
        **ExchangeScreen.method_permission_name,
        "preview": "create",
        "run": "run",
        "again": "run",
        "pause": "update",
        "resume": "update",
    }

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Answer:
        """A schedule; ``?run=`` names the run to look at."""
        session, writer, row = db.session(), words(), self._row(pk)
        page = show_page(session, self.resource, row, writer)
        self._calm(page, row)
        mine = keeps(current_actor(), row.owner_id)
        page.can = {verb: may and mine for verb, may in page.can.items()}
        usual = period_for(row.period_rule, now().astimezone(rule_of(row).tz).date(), row.zone)
        return self.page(
            "pages/schedule.html",
            page=page,
            schedule=schedule_page(session, row, writer, number_of(request.args.get("run", ""))),
            mine=mine,
            usual=writer.month(usual),
            chooser=period_chooser(usual.back(), writer),
        )

    @expose("/preview", methods=["POST"])
    @has_access
    def preview(self) -> Answer:
        """The next dates of what stands in the form; without a script the whole form comes back with them, nothing lost, nothing saved."""
        session, writer = db.session(), words()
        if request.headers.get(PART):
            return render_template("pages/schedule_times.html", times=foresight(session, self.resource, request.form, writer))
        pk = number_of(request.args.get("pk", ""))
        row = self._row(pk) if pk else None
        page = form_page(session, self.resource, writer, row=row, typed=request.form.to_dict(flat=False))
        page.version = self.seen_version()
        return self.page("crud/form.html", page=page)

    @expose("/run/<int:pk>", methods=["POST"])
    @has_access
    def run(self, pk: int) -> Answer:
        """Make it now, for the period that is due or for one that was chosen."""
        self._row(pk)
        try:
            number = run_now(pk, chosen_period(request.form))
        except NotFound:
            raise
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
            return redirect(url_for(".show", pk=pk))
        return redirect(url_for(".show", pk=pk, run=number, _anchor="run"))

    @expose("/again/<int:pk>/<int:run_id>", methods=["POST"])
    @has_access
    def again(self, pk: int, run_id: int) -> Answer:
        """Send once more what of a run did not arrive."""
        self._row(pk)
        count = send_again(pk, run_id)
        flash(words()(N_("Sent once more: %(count)s"), count=count), "success")
        return redirect(url_for(".show", pk=pk, run=run_id, _anchor="run"))

    @expose("/pause/<int:pk>", methods=["POST"])
    @has_access
    def pause(self, pk: int) -> Answer:
        """Nothing is made by itself until it is taken up again."""
        return self._enabled(pk, N_("“%(label)s” is paused"), enabled=False)

    @expose("/resume/<int:pk>", methods=["POST"])
    @has_access
    def resume(self, pk: int) -> Answer:
        """Its times count again from now on."""
        return self._enabled(pk, N_("“%(label)s” is enabled"), enabled=True)

    def page(self, template: str, **values: Any) -> str:
        """Render a page; the form comes with the next dates, and says which of its fields matter when."""
        if template != "crud/form.html":
            return super().page(template, **values)
        page: FormPage = values["page"]
        if isinstance(page.row, Schedule) and not keeps(current_actor(), page.row.owner_id):
            raise NotAllowed(N_("Only whoever keeps this schedule, or a district administrator, may change it."))
        typed = {one.name: one.value for group in page.groups for one in group.inputs}
        again = url_for(".preview", pk=page.row.id) if page.row is not None else url_for(".preview")
        return super().page(
            "pages/schedule_form.html",
            times=foresight(db.session(), self.resource, typed, words()),
            matters=json.dumps(MATTERS),
            again=again,
            **values,
        )

    def _calm(self, page: ShowPage, row: Schedule) -> None:
        """Leave out what does not matter for this schedule, and the time, which has a card of its own."""
        writer = words()
        idle = irrelevant({name: getattr(row, name) for name in ("kind", "scope", "condition")})
        left_out = {self.resource.fields[name].caption(writer) for name in idle}
        left_out |= {
            column.caption(writer) for name, column in self.resource.fields.items() if isinstance(column, Links) and not getattr(row, name)
        }
        page.groups = [
            FactGroup(group.title, tuple(fact for fact in group.facts if fact.label not in left_out))
            for group in page.groups
            if group.title != writer(WHEN)
        ]

    def _enabled(self, pk: int, message: str, *, enabled: bool) -> AnyResponse:
        self._row(pk)
        writer = words()
        try:
            flash(writer(message, label=pause(pk, enabled=enabled).label()), "success")
        except NotFound:
            raise
        except Refused as refused:
            flash(writer.phrase(refused.phrase), "danger")
        return redirect(url_for(".show", pk=pk))

    def _row(self, pk: int) -> Schedule:
        row = fetch(db.session(), self.resource, pk)
        assert isinstance(row, Schedule)
        return row


SCREEN = ("Schedule", ScheduleScreen)
