"""Runs: long work as its owner watches it, with a progress bar that can be left and found again."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, current_app, jsonify, render_template, send_file
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.acting import current_actor
from app.core.db import db
from app.core.languages import words
from app.core.phrases import from_json
from app.core.runs import Run, state_of
from app.core.storage import Storage
from app.crud.access import may
from app.crud.screen import Answer, PageView
from app.crud.traces import actor_name
from app.domain.refusals import NotFound, Phrase
from app.web.clock_work_page import work_log, works

SHOWN = 100


class Runs(PageView):
    """One's own runs; those of others for people who may read all."""

    route_base = "/runs"
    class_permission_name = "Run"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read", "work": "read"}
    default_view = "index"

    @expose("/")
    @has_access
    def index(self) -> Answer:
        """The latest runs."""
        runs = db.session().execute(select(Run).order_by(Run.id.desc()).limit(SHOWN)).scalars()
        return render_template("pages/runs.html", runs=[_shown(run) for run in runs], works=works(db.session(), words()))

    @expose("/recurring/<string:work>")
    @has_access
    def work(self, work: str) -> Answer:
        """One kind of recurring work and its log."""
        return render_template("pages/clock_log.html", **work_log(db.session(), work, words()))

    @expose("/<int:run_id>")
    def show(self, run_id: int) -> Answer:
        """One run: its owner's, or anybody's for people who may read all."""
        return render_template("pages/run.html", run=_shown(_own(run_id)))

    @expose("/<int:run_id>/state")
    def state(self, run_id: int) -> Response:
        """What a progress bar needs, as JSON."""
        _own(run_id)
        found = state_of(db.session(), run_id, current_app.config["STORAGE"].home / "work")
        writer = words()
        for part in ("step", "reason"):
            phrase = from_json(found[part])
            found[part] = writer.phrase(phrase) if phrase else ""
        found.pop("result")
        return jsonify(found)

    @expose("/<int:run_id>/file")
    def file(self, run_id: int) -> Answer:
        """The file a run has made."""
        run = _own(run_id)
        if run.user_id != current_actor().user_id:
            raise NotFound()  # what it holds was within its owner's scope, not within that of whoever reads about runs
        if run.state != "done" or not run.result or "digest" not in run.result:
            raise NotFound()
        storage: Storage = current_app.config["STORAGE"]
        return send_file(storage.path(run.result["digest"]), as_attachment=True, download_name=run.result["name"])


def _own(run_id: int) -> Run:
    run = db.session().get(Run, run_id)
    user_id = current_actor().user_id
    if run is None or user_id is None or (run.user_id != user_id and not may("read", "Run")):
        raise NotFound()
    return run


def _shown(run: Run) -> dict[str, Any]:
    writer = words()
    title, step, reason, waits = (from_json(part) for part in (run.title, run.step, run.reason, run.waits))
    return {
        "id": run.id,
        "title": writer.phrase(title or Phrase(run.kind)),
        "state": run.state,
        "step": writer.phrase(step) if step else "",
        "reason": writer.phrase(reason) if reason else "",
        "waits": writer.phrase(waits) if waits else "",
        "again": writer.moment(run.not_before, seconds=True) if run.state == "queued" and run.retries and run.not_before else "",
        "late": run.late,
        "done": run.done,
        "total": run.total,
        "who": actor_name(run.user_name, writer),
        "created": writer.moment(run.created_at, seconds=True),
        "finished": writer.moment(run.finished_at, seconds=True),
        "file": (run.result or {}).get("name", "") if run.user_id == current_actor().user_id else "",
        "next": (run.result or {}).get("next", ""),
        "trace": run.trace if may("read", "Run") else "",
    }


PAGE = Runs
