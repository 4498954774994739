"""The inbox (收件箱): what one was told, read here, and how one wants to be told by mail. Nobody reads another's."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access

from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import Words, words
from app.core.phrases import from_json
from app.crud.access import may
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.domain.refusals import N_, NotFound, Phrase
from app.entities.notice import Notice
from app.entities.staff_profile import MAILS
from app.queries.inbox import chosen_mails, lines, shown, unread
from app.services.appeal_notices import APPEAL, EVALUATION
from app.services.delivering import UNDELIVERED
from app.services.notices import choose_mails, read_all, read_one
from app.services.recipients import FILES

SCHEDULED = (UNDELIVERED, "run")
"""Notices about a run to whoever keeps its schedule."""
FURTHEST = 1000
"""No inbox is turned further than so many pages."""


class Inbox(PageView):
    """One's own notices."""

    route_base = "/inbox"
    class_permission_name = "Inbox"
    method_permission_name: ClassVar[dict[str, str]] = dict.fromkeys(("index", "count", "open", "read", "read_all", "mails"), "read")
    default_view = "index"

    @expose("/")
    @has_access
    def index(self) -> Answer:
        """Unread first; ``?show=unread`` leaves the others out."""
        session, writer, mine = db.session(), words(), current_actor().user_id
        only_unread = request.args.get("show") == "unread"
        page = min(number_of(request.args.get("page", "")) or 0, FURTHEST)
        found = lines(session, mine, only_unread=only_unread, page=page)
        where: dict[str, Any] = {"show": "unread"} if only_unread else {}
        return render_template(
            "pages/inbox.html",
            lines=[_shown(notice, writer) for notice in found.notices],
            waiting=unread(session, mine),
            only_unread=only_unread,
            previous=url_for(".index", **where, page=page - 1) if page else "",
            next=url_for(".index", **where, page=page + 1) if found.more else "",
            page=page,
            choices=[(option.value, writer(option.label)) for option in MAILS],
            chosen=chosen_mails(session, mine),
        )

    @expose("/count")
    @has_access
    def count(self) -> Response:
        """How much is unread, for the bell."""
        count = unread(db.session(), current_actor().user_id)
        return jsonify(count=count, shown=shown(count))

    @expose("/<int:notice_id>/open")
    @has_access
    def open(self, notice_id: int) -> Answer:
        """Go where a notice points, and have it read; a link, so that it opens in another tab and from a mail."""
        notice = read_one(notice_id)
        if notice.ticket_id is not None:
            return redirect(url_for("TicketScreen.show", pk=notice.ticket_id))
        leads = _leads(notice)
        if leads:
            return redirect(leads)
        return redirect(url_for("Home.index", queue="follow_up" if notice.kind == "follow_up" else None))

    @expose("/<int:notice_id>/read", methods=["POST"])
    @has_access
    def read(self, notice_id: int) -> Answer:
        """Have one read without going anywhere."""
        read_one(notice_id)
        return redirect(_back())

    @expose("/read", methods=["POST"])
    @has_access
    def read_all(self) -> Answer:
        """Have all of them read."""
        count = read_all()
        flash(words()(N_("Marked as read: %(count)s"), count=count), "success")
        return redirect(_back())

    @expose("/mails", methods=["POST"])
    @has_access
    def mails(self) -> Answer:
        """Choose how to be told by mail."""
        how = request.form.get("mails", "")
        if how not in {option.value for option in MAILS}:
            raise NotFound()
        choose_mails(how)
        flash(words()(N_("Your choice is kept")), "success")
        return redirect(url_for(".index"))


def _leads(notice: Notice) -> str:
    """Where a notice about the evaluation's cycle or about files leads: its key names the appeal, the period or the run."""
    kind, _, rest = notice.key.partition(":")
    which = rest.partition(":")[0]
    if kind == APPEAL and which.isdecimal():
        return url_for("AppealScreen.show", pk=int(which))
    if kind == FILES and which.isdecimal():
        return url_for("MyFiles.index", run=which)
    if kind in SCHEDULED and which.isdecimal() and may("read", "Schedule"):
        return url_for("MyFiles.schedule", run_id=int(which))
    return url_for("EvaluationScreen.period", period=which) if kind == EVALUATION and which else ""


def _back() -> str:
    """The list as it was: its filter and its page."""
    where: dict[str, Any] = {"show": "unread"} if request.form.get("show") == "unread" else {}
    page = min(number_of(request.form.get("page", "")) or 0, FURTHEST)
    if page:
        where["page"] = page
    return url_for(".index", **where)


def _shown(notice: Notice, writer: Words) -> dict[str, Any]:
    return {
        "id": notice.id,
        "text": writer.phrase(from_json(notice.text) or Phrase("")),
        "tone": notice.tone,
        "unread": notice.read_at is None,
        "at": writer.brief(notice.created_at, now()),
        "full": writer.moment(notice.created_at),
        "leads": notice.ticket_id is not None or notice.kind == "follow_up" or bool(_leads(notice)),
    }


PAGE = Inbox
