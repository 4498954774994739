"""Large exports: the same file the screen would have given, made in the background."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.core.runs import Progress, Run
from app.core.storage import Storage
from app.crud.exporting import export_workbook, file_name
from app.crud.listing import count, matching, read_request
from app.crud.resource import EXPORT, Resource, resources
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, Phrase
from app.jobs.worker import Job
from app.queries.reminding import habits_of
from app.queries.staff import Member
from app.services.notices import tell
from app.services.recipients import FILES


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Write the workbook in its owner's row scope and language."""
    session, writer = db.session(), words()
    resource = resources()[params["resource"]]
    asked = read_request(resource, MultiDict(parse_qsl(params["query"])))
    progress.begin(Phrase(N_("Writing rows")), count(session, matching(resource, asked)))
    with storage.scratch(".xlsx") as path:
        rows = export_workbook(session, resource, asked, params["columns"], writer, path, progress)
        digest = storage.keep(path)
    result = {"digest": digest, "name": file_name(resource, writer, "xlsx"), "rows": rows}
    progress.conclude(result, lambda session, run: _tell(session, run, resource, rows))
    return result


def _tell(session: Session, run: Run, resource: Resource, rows: int) -> None:
    """Ring the bell of whoever asked for it, in the transaction that ends the run."""
    if run.user_id is not None:
        text = Phrase(N_("Your export is ready: %(what)s, %(count)s rows"), what=Phrase(resource.plural), count=rows)
        with acting_as(SYSTEM):
            owner = Member(run.user_id, frozenset(), frozenset(), "")
            tell(session, [owner], f"{FILES}:{run.id}", FILES, text, habits=habits_of(session), mail=False)


JOB = Job("export", work, lambda params: (EXPORT, str(params["resource"])))
