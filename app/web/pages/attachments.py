"""Files on tickets at the door: adding, showing and removing; a file is shown only to those who may see its ticket."""

from __future__ import annotations

from io import BytesIO
from typing import ClassVar

from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import db
from app.core.languages import Words, words
from app.core.pictures import small_copy
from app.crud.access import require
from app.crud.file_types import BY_MEDIA_TYPE
from app.crud.resource import resource_of
from app.crud.screen import Answer, PageView
from app.crud.writing import fetch
from app.domain.refusals import N_, NotFound, Refused
from app.entities.attachment import Attachment
from app.services.attachments import attach, detach
from app.web.file_doors import SANDBOX, handed_out, limits, storage
from app.web.sign_in import within_house

MOST_AT_ONCE = 10


class Attachments(PageView):
    """Adding is for those who work a ticket, which the service asks; looking is for everybody within whose scope it lies."""

    route_base = "/attachments"
    class_permission_name = "Attachment"
    method_permission_name: ClassVar[dict[str, str]] = {"show": "read", "small": "read", "add": "read", "remove": "read"}
    default_view = "add"

    @expose("/add/<int:ticket_id>", methods=["POST"])
    @has_access
    def add(self, ticket_id: int) -> Answer:
        """Put files on a ticket: each is kept or refused by itself, in words that name it."""
        require("work", "Ticket")
        writer, files = words(), [each for each in request.files.getlist("file") if each.filename]
        if not files:
            flash(writer(N_("Choose a file first.")), "danger")
        if len(files) > MOST_AT_ONCE:
            flash(writer(N_("At most %(most)d files at once; the others were left out."), most=MOST_AT_ONCE), "warning")
        kept = [each for each in files[:MOST_AT_ONCE] if _put(ticket_id, each, writer)]
        if kept:
            flash(writer(N_("%(count)d files added"), count=len(kept)), "success")
        return _back(ticket_id)

    @expose("/<int:attachment_id>")
    @has_access
    def show(self, attachment_id: int) -> Answer:
        """The file as it was given; pictures, recordings and PDF in the page, everything else to be saved."""
        return handed_out(_row(attachment_id), save=request.args.get("save") == "1")

    @expose("/<int:attachment_id>/small")
    @has_access
    def small(self, attachment_id: int) -> Answer:
        """A small copy of a picture."""
        row = _row(attachment_id)
        kind = BY_MEDIA_TYPE.get(row.media_type)
        picture = small_copy(storage().path(row.digest)) if kind is not None and kind.shown == "image" else None
        if picture is None:
            raise NotFound()
        answer = send_file(BytesIO(picture), "image/jpeg", max_age=0)
        answer.headers["Content-Security-Policy"] = SANDBOX
        return answer

    @expose("/remove/<int:attachment_id>", methods=["POST"])
    @has_access
    def remove(self, attachment_id: int) -> Answer:
        """Take a file off its ticket."""
        require("work", "Ticket")
        row, writer = _row(attachment_id), words()
        ticket_id, name = row.ticket_id, row.name
        try:
            detach(attachment_id)
            flash(writer(N_("“%(name)s” was removed"), name=name), "success")
        except Refused as refused:
            flash(writer.phrase(refused.phrase), "danger")
        return _back(ticket_id)


def _put(ticket_id: int, upload: FileStorage, writer: Words) -> bool:
    name = upload.filename or ""
    try:
        attach(storage(), ticket_id, name, upload.stream, request.form.get("purpose", "site"), limits())
        return True
    except NotFound:
        raise
    except Refused as refused:
        flash(writer(N_("“%(name)s” was not added: %(reason)s"), name=name[:80], reason=writer.phrase(refused.phrase)), "danger")
        return False
    finally:
        upload.close()


def _row(attachment_id: int) -> Attachment:
    row: Attachment = fetch(db.session(), resource_of("Attachment"), attachment_id)
    return row


def _back(ticket_id: int) -> AnyResponse:
    """To the page one came from, else to the ticket."""
    wanted = request.form.get("next", "")
    return redirect((within_house(wanted) if wanted else url_for("TicketScreen.show", pk=ticket_id)) + "#files")


PAGE = Attachments
