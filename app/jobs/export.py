"""Large exports: the same file the screen would have given, made in the background."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from app.core.db import db
from app.core.languages import words
from app.core.runs import Progress
from app.core.storage import Storage
from app.crud.exporting import export_workbook, file_name
from app.crud.listing import count, matching, read_request
from app.crud.resource import EXPORT, resources
from app.domain.refusals import N_, Phrase
from app.jobs.worker import Job


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Write the workbook in its owner's row scope and language."""
    session, writer = db.session(), words()
    resource = resources()[params["resource"]]
    asked = read_request(resource, MultiDict(parse_qsl(params["query"])))
    progress.begin(Phrase(N_("Writing rows")), count(session, matching(resource, asked)))
    with storage.scratch(".xlsx") as path:
        rows = export_workbook(session, resource, asked, params["columns"], writer, path, progress)
        digest = storage.keep(path)
    return {"digest": digest, "name": file_name(resource, writer, "xlsx"), "rows": rows}


JOB = Job("export", work, lambda params: (EXPORT, str(params["resource"])))
