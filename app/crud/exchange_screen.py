"""The screen's doors for files: export what is shown, a template to fill in, and the way in for filled ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar
from urllib.parse import quote

from flask import Response, current_app, redirect, request, send_file, stream_with_context, url_for
from flask_appbuilder import expose, has_access
from werkzeug.datastructures import MultiDict

from app.core import runs
from app.core.db import db
from app.core.languages import Words, words
from app.core.runs import Silent
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.exporting import AT_ONCE, export_csv, export_workbook, file_name
from app.crud.importing.batches import Desk
from app.crud.list_page import query_of
from app.crud.listing import Asked, count, matching, read_request
from app.crud.resource import EXPORT, IMPORT, READ
from app.crud.screen import Answer, Screen
from app.crud.tables import ImportBatch
from app.crud.template import write_template
from app.domain.refusals import N_, Phrase, Refused

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def storage() -> Storage:
    """The file store of this installation."""
    found: Storage = current_app.config["STORAGE"]
    return found


class ExchangeScreen(Screen):
    """List, show, add, edit, delete; and export, template, import."""

    method_permission_name: ClassVar[dict[str, str]] = {
        **Screen.method_permission_name,
        "export": EXPORT,
        "template": READ,
        "import_file": IMPORT,
    }

    @expose("/export")
    @has_access
    def export(self) -> Answer:
        """Exactly the filtered rows in the columns the person sees; many rows become a run."""
        session, writer = db.session(), words()
        asked = read_request(self.resource, request.args)
        if asked.problems:  # a list says so and shows more; a file that holds more than was asked for would be believed
            raise Refused("bad-filter", asked.problems[0].message, status=400, **asked.problems[0].values)
        fmt = request.args.get("fmt", "xlsx")
        columns = self.columns_shown()
        if fmt == "csv":
            pieces = self._csv(asked, columns, writer)
            name = file_name(self.resource, writer, "csv")
            answer = Response(stream_with_context(pieces), mimetype="text/csv")
            answer.headers["Content-Disposition"] = f"attachment; filename=export.csv; filename*=UTF-8''{quote(name, safe='')}"
            return answer
        if count(session, matching(self.resource, asked)) > AT_ONCE:
            title = Phrase(N_("Export: %(resource)s"), resource=Phrase(self.resource.plural))
            params = {"resource": self.resource.name, "query": query_of(asked), "columns": list(columns)}
            return redirect(url_for("Runs.show", run_id=runs.enqueue("export", title, params)))
        with storage().scratch(".xlsx") as path:
            export_workbook(session, self.resource, asked, columns, writer, path, Silent())
            digest = storage().keep(path)
        return send_file(storage().path(digest), WORKBOOK, as_attachment=True, download_name=file_name(self.resource, writer, "xlsx"))

    def _csv(self, asked: Asked, columns: Sequence[str], writer: Words) -> Iterator[bytes]:
        """Piece by piece, with a session that begins with the first one: the request's own has ended by then, and would never be closed."""
        yield from export_csv(db.session(), self.resource, asked, columns, writer, Silent())

    @expose("/template")
    @has_access
    def template(self) -> Answer:
        """An empty workbook to fill in."""
        self.offered(IMPORT)
        writer = words()
        with storage().scratch(".xlsx") as path:
            write_template(self.resource, writer, path)
            digest = storage().keep(path)
        name = writer(N_("%(resource)s - template"), resource=writer(self.resource.plural)) + ".xlsx"
        return send_file(storage().path(digest), WORKBOOK, as_attachment=True, download_name=name)

    @expose("/import", methods=["GET", "POST"])
    @has_access
    def import_file(self) -> Answer:
        """Take a file in, have it checked in the background, and show what it would do."""
        self.offered(IMPORT)
        writer = words()
        problem = ""
        if request.method == "POST":
            upload = request.files.get("file")
            if upload is None or not upload.filename:
                problem = writer(N_("Choose a file first."))
            else:
                try:
                    batch_id = self._receive(upload)
                    return redirect(url_for("Imports.show", batch_id=batch_id))
                except Refused as refused:
                    problem = writer.phrase(refused.phrase)
        page = self.page("crud/import.html", problem=problem, mappings=self.mappings(), options=self.import_options())
        return (page, 422) if problem else page

    def _receive(self, upload) -> int:  # type: ignore[no-untyped-def]
        desk = Desk(storage())
        with storage().scratch() as path:
            upload.save(path)
            batch = desk.receive(self.resource, path, upload.filename, self.read_import_options(request.form))
            batch_id = batch.id
        title = Phrase(N_("Check import %(batch)d: %(name)s"), batch=batch_id, name=batch.file_name)
        with transaction() as session:
            run_id = runs.enqueue("import_check", title, {"batch": batch_id})
            kept = session.get(ImportBatch, batch_id)
            assert kept is not None
            kept.run_id = run_id
        return batch_id

    def mappings(self) -> list[tuple[str, str]]:
        """Ready-made mappings of foreign files (code, title); only some resources have any."""
        return []

    def import_options(self) -> list[tuple[str, str]]:
        """Switches that this resource's import offers (name, label)."""
        return []

    def read_import_options(self, form: MultiDict[str, str]) -> dict[str, object]:
        """What was chosen."""
        known = {code for code, _ in self.mappings()}
        chosen = form.get("mapping", "")
        switches = {name: form.get(name) == "1" for name, _ in self.import_options()}
        return {"mapping": chosen if chosen in known else "", **switches}
