"""My files (我的文件): what was brought or made for the reader, to be taken and confirmed; nobody sees another's."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access

from app.core.acting import current_actor
from app.core.db import db
from app.core.languages import words
from app.core.run import Run
from app.crud.access import require
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.domain.refusals import N_, NotFound
from app.queries.my_files import EXPORT, my_choices, my_files, waiting_receipts
from app.services.my_files import confirm_receipt, hand_out_file
from app.web.file_doors import kept_file, storage
from app.web.my_files_page import asked_of, line_of, period_name, report_name

FURTHEST = 500
"""The list is turned no further than so many pages."""


class MyFiles(PageView):
    """One's own files."""

    route_base = "/my-files"
    class_permission_name = "Inbox"
    method_permission_name: ClassVar[dict[str, str]] = dict.fromkeys(("index", "file", "confirm", "schedule"), "read")
    default_view = "index"

    @expose("/")
    @has_access
    def index(self) -> Answer:
        """The newest first; the address keeps what is asked for."""
        session, writer, mine = db.session(), words(), current_actor().user_id
        asked, page = asked_of(request.args), min(number_of(request.args.get("page", "")) or 0, FURTHEST)
        found = my_files(session, mine, asked, page)
        reports, periods = my_choices(session, mine)
        where: dict[str, Any] = {name: request.args[name] for name in ("report", "period", "run", "show") if request.args.get(name)}
        return render_template(
            "pages/my_files.html",
            lines=[line_of(entry, writer) for entry in found.entries],
            asked=asked,
            asked_run=asked.run,
            waiting=waiting_receipts(session, mine),
            reports=[(code, report_name(code, writer)) for code in (*reports, EXPORT)],
            periods=[(key, period_name(key, writer)) for key in periods],
            narrowed=bool(where),
            previous=url_for(".index", **where, page=page - 1) if page else "",
            next=url_for(".index", **where, page=page + 1) if found.more else "",
            page=page,
        )

    @expose("/<int:artefact_id>/file")
    @has_access
    def file(self, artefact_id: int) -> Answer:
        """Take a file: under today's rights, with the reader's name where it is not everybody's, written down."""
        given = hand_out_file(db.session(), storage(), artefact_id)
        return kept_file(given.digest, given.media_type, given.name)

    @expose("/<int:delivery_id>/confirm", methods=["POST"])
    @has_access
    def confirm(self, delivery_id: int) -> Answer:
        """Say that it has been received; whoever keeps the schedule sees it."""
        confirm_receipt(delivery_id)
        flash(words()(N_("Receipt confirmed")), "success")
        where: dict[str, Any] = {name: request.form[name] for name in ("report", "period", "run", "show", "page") if request.form.get(name)}
        return redirect(url_for(".index", **where))

    @expose("/schedule/<int:run_id>")
    @has_access
    def schedule(self, run_id: int) -> Answer:
        """From a notice about a run to the schedule behind it, for those who keep schedules."""
        require("read", "Schedule")
        run = db.session().get(Run, run_id)
        if run is None or run.schedule_id is None:
            raise NotFound()
        return redirect(url_for("ScheduleScreen.show", pk=run.schedule_id, run=run.id))


PAGE = MyFiles
