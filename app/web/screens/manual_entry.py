"""Points entered by hand: the generated screens, and the proof that goes with an entry."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.crud.file_types import BY_MEDIA_TYPE
from app.crud.screen import Answer
from app.crud.writing import fetch
from app.domain.refusals import N_, NotFound, Refused
from app.entities.manual_entry import ManualEntry
from app.services.manual_entries import prove
from app.web.file_doors import SANDBOX, disposition, limits, storage


class ManualEntryScreen(ExchangeScreen):
    """Entries and their proofs."""

    method_permission_name: ClassVar[dict[str, str]] = {**ExchangeScreen.method_permission_name, "prove": "update", "proof": "read"}

    @expose("/proof/<int:pk>", methods=["POST"])
    @has_access
    def prove(self, pk: int) -> Answer:
        """Put a file to an entry."""
        upload, writer = request.files.get("file"), words()
        if upload is None or not upload.filename:
            flash(writer(N_("Choose a file first.")), "danger")
            return redirect(url_for(".show", pk=pk))
        try:
            row = prove(storage(), pk, upload.filename, upload.stream, limits().bytes)
            flash(writer(N_("“%(name)s” was added"), name=row.proof), "success")
        except NotFound:
            raise
        except Refused as refused:
            flash(writer.phrase(refused.phrase), "danger")
        return redirect(url_for(".show", pk=pk))

    @expose("/proof/<int:pk>", methods=["GET"])
    @has_access
    def proof(self, pk: int) -> Answer:
        """The file, to be saved."""
        row = fetch(db.session(), self.resource, pk)
        assert isinstance(row, ManualEntry)
        if not row.proof_digest:
            raise NotFound()
        known = row.proof_type in BY_MEDIA_TYPE
        answer = send_file(storage().path(row.proof_digest), row.proof_type if known else "application/octet-stream", max_age=0)
        answer.headers["Content-Disposition"] = disposition(row.proof, inline=False)
        answer.headers["Content-Security-Policy"] = SANDBOX
        return answer


SCREEN = ("ManualEntry", ManualEntryScreen)
