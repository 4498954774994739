"""Imports and undo: what a file would do, what it did, and taking it back."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any, ClassVar

from flask import current_app, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core import runs
from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import Words, words
from app.core.phrases import from_json
from app.core.runs import Run
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.access import may, require
from app.crud.importing.batches import ALL, GOOD, UNDO_DAYS
from app.crud.importing.problems import OTHER, REASONS, read_problems
from app.crud.reading import number_of
from app.crud.resource import IMPORT, resources
from app.crud.screen import Answer, PageView
from app.crud.tables import ImportBatch
from app.crud.traces import actor_name
from app.domain.refusals import N_, NotFound, Phrase, Refused

PER_PAGE = 50
STATES = {
    "uploaded": N_("Being checked"),
    "checked": N_("Checked, nothing written yet"),
    "written": N_("Written"),
    "undone": N_("Undone"),
    "refused": N_("Refused"),
}


class Imports(PageView):
    """Batches of everybody for those who may read all; of oneself for whoever may import."""

    route_base = "/imports"
    class_permission_name = "Batch"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read"}
    default_view = "index"

    @expose("/")
    @has_access
    def index(self) -> Answer:
        """The latest batches."""
        batches = db.session().execute(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(200)).scalars()
        return render_template("pages/imports.html", batches=[_shown(batch, words()) for batch in batches])

    @expose("/<int:batch_id>")
    def show(self, batch_id: int) -> Answer:
        """One batch: progress, the result of the dry run, and the choice how to write it."""
        batch, writer = _batch(batch_id), words()
        run = db.session().get(Run, batch.run_id) if batch.run_id else None
        page = number_of(request.args.get("p", "")) or 0
        problems, summary = _problems(batch, writer, page) if _may_open(batch) else ([], [])
        busy = run is not None and run.state in ("queued", "running")
        failed = run is not None and run.state == "failed"
        return render_template(
            "pages/import.html",
            batch=_shown(batch, writer),
            run=run,
            busy=busy,
            reason=_reason(run, writer) if failed else "",
            problems=problems,
            summary=summary,
            page=page,
            pages=(min(batch.problems, 20_000) + PER_PAGE - 1) // PER_PAGE,
        )

    @expose("/<int:batch_id>/write", methods=["POST"])
    def write(self, batch_id: int) -> Answer:
        """Write it: all or nothing, or the good rows."""
        batch = _batch(batch_id)
        require(IMPORT, batch.resource)
        mode = GOOD if request.form.get("mode") == GOOD else ALL
        if batch.state != "checked":
            raise Refused("already-written", N_("This batch was written already."), status=409)
        title = Phrase(N_("Write import %(batch)d: %(name)s"), batch=batch.id, name=batch.file_name)
        return self._begin(batch_id, "import_write", title, {"mode": mode})

    @expose("/<int:batch_id>/undo", methods=["POST"])
    def undo(self, batch_id: int) -> Answer:
        """Take a written batch back."""
        batch = _batch(batch_id)
        require(IMPORT, batch.resource)
        title = Phrase(N_("Undo import %(batch)d: %(name)s"), batch=batch.id, name=batch.file_name)
        return self._begin(batch_id, "import_undo", title, {})

    @expose("/<int:batch_id>/<string:which>")
    def file(self, batch_id: int, which: str) -> Answer:
        """The file itself, or its marked copy: for its owner, and for whoever could have brought it in as well."""
        batch = _batch(batch_id)
        if not _may_open(batch):
            raise NotFound()
        storage: Storage = current_app.config["STORAGE"]
        if which == "marked" and batch.annotated_digest:
            name = words()(N_("marked")) + "-" + batch.file_name.rpartition(".")[0] + ".xlsx"
            return send_file(storage.path(batch.annotated_digest), as_attachment=True, download_name=name)
        if which == "original":
            return send_file(storage.path(batch.file_digest), as_attachment=True, download_name=batch.file_name)
        raise NotFound()

    def _begin(self, batch_id: int, kind: str, title: Phrase, params: dict[str, Any]) -> Answer:
        with transaction() as session:
            batch = session.get(ImportBatch, batch_id)
            assert batch is not None
            busy = session.get(Run, batch.run_id) if batch.run_id else None
            if busy is not None and busy.state in ("queued", "running"):
                raise Refused("busy", N_("This batch is being worked on already."), status=409)
            batch.run_id = runs.enqueue(kind, title, {"batch": batch_id, **params})
        return redirect(url_for("Imports.show", batch_id=batch_id))


def _batch(batch_id: int) -> ImportBatch:
    """One's own batch, or anybody's for those who may read all."""
    batch = db.session().get(ImportBatch, batch_id)
    user_id = current_actor().user_id
    if batch is None or user_id is None or (batch.user_id != user_id and not may("read", "Batch")):
        raise NotFound()
    return batch


def _may_open(batch: ImportBatch) -> bool:
    """Whether the file's own words may be read: they are unmasked, so reading about batches is not enough."""
    return batch.user_id == current_actor().user_id or may(IMPORT, batch.resource)


def _shown(batch: ImportBatch, writer: Words) -> dict[str, Any]:
    resource = resources().get(batch.resource)
    undoable = batch.state == "written" and batch.written_at is not None and (now() - batch.written_at).days < UNDO_DAYS
    return {
        "id": batch.id,
        "resource": writer(resource.plural) if resource else batch.resource,
        "list": url_for(f"{batch.resource}Screen.list") if resource else "",
        "again": url_for(f"{batch.resource}Screen.import_file") if resource else "",
        "file": batch.file_name,
        "size": f"{max(1, batch.file_bytes // 1024):,} KB",
        "state": batch.state,
        "said": writer(STATES.get(batch.state, batch.state)),
        "rows": batch.rows,
        "created": batch.created,
        "changed": batch.changed,
        "same": batch.same,
        "refused": batch.refused,
        "problems": batch.problems,
        "good": batch.created + batch.changed,
        "marked": bool(batch.annotated_digest),
        "open": _may_open(batch),
        "who": actor_name(batch.user_name, writer),
        "at": writer.moment(batch.at),
        "written": writer.moment(batch.written_at),
        "notes": [writer.phrase(note) for note in map(from_json, json.loads(batch.note or "[]")) if note],
        "can_write": may(IMPORT, batch.resource),
        "can_undo": undoable and may(IMPORT, batch.resource),
        "undo_days": UNDO_DAYS,
    }


def _problems(batch: ImportBatch, writer: Words, page: int) -> tuple[list[dict[str, Any]], list[tuple[str, int]]]:
    if not batch.problems_digest:
        return [], []
    storage: Storage = current_app.config["STORAGE"]
    path = storage.path(batch.problems_digest)
    summary: dict[str, int] = {}
    for problem in read_problems(path):
        said = writer(REASONS.get(problem.code, OTHER))
        summary[said] = summary.get(said, 0) + 1
    shown = [
        {"sheet": p.sheet, "row": p.row, "column": p.column, "value": p.value, "said": writer.phrase(p.phrase)}
        for p in islice(read_problems(path), page * PER_PAGE, (page + 1) * PER_PAGE)
    ]
    return shown, sorted(summary.items(), key=lambda item: -item[1])


def _reason(run: Run | None, writer: Words) -> str:
    phrase = from_json(run.reason) if run is not None else None
    return writer.phrase(phrase) if phrase else writer(N_("The work could not be finished."))


PAGE = Imports
