"""The change log as auditors read it: everything that was changed, by whom, before and after."""

from __future__ import annotations

from typing import ClassVar

from flask import render_template, request
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.reading import number_of
from app.crud.resource import resources
from app.crud.screen import Answer, PageView
from app.crud.tables import Change
from app.crud.traces import traces_of

PER_PAGE = 100


class ChangeLog(PageView):
    """Newest first, filtered by kind of record and person."""

    route_base = "/changes"
    class_permission_name = "ChangeLog"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read"}
    default_view = "index"

    @expose("/")
    @has_access
    def index(self) -> Answer:
        """A page of changes; ``before`` continues it."""
        writer, args = words(), request.args
        statement = select(Change).order_by(Change.id.desc()).limit(PER_PAGE + 1)
        if args.get("entity") in resources():
            statement = statement.where(Change.entity == args["entity"])
        if args.get("who"):
            statement = statement.where(Change.user_name.contains(args["who"][:60], autoescape=True))
        before = number_of(args.get("before", ""))
        if before is not None:
            statement = statement.where(Change.id < before)
        found = list(db.session().execute(statement).scalars())
        shown = found[:PER_PAGE]
        lines = [
            {
                "trace": trace,
                "label": change.row_label,
                "kind": writer(resources()[change.entity].singular) if change.entity in resources() else change.entity,
            }
            for change, trace in zip(shown, traces_of(db.session(), shown, writer), strict=True)
        ]
        kinds = [(name, writer(r.plural)) for name, r in resources().items()]
        more = found[PER_PAGE - 1].id if len(found) > PER_PAGE else 0
        return render_template("pages/change_log.html", lines=lines, kinds=kinds, args=args, more=more)


PAGE = ChangeLog
