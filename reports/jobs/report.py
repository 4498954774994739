"""A schedule's files: read once, printed in every format and language that somebody gets, kept by their hash, and handed out.

Everything is written down in one transaction with the end of the run: the files, who gets them, and that an earlier run of the same
period is superseded. A worker that was taken over meanwhile writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.db import db
from app.core.offers import GROUP, UNIT, WHOLE, Offer
from app.core.runs import Progress, Run
from app.core.storage import Storage
from app.core.transaction import one_by_one
from app.domain.actors import SYSTEM, Actor
from app.domain.refusals import N_, Phrase, Refused
from app.entities.artefact import Artefact
from app.entities.evaluation_result import EvaluationGroup, EvaluationUnit
from app.entities.schedule import Schedule
from app.entities.unit import Unit
from app.jobs.worker import Job
from app.queries.scores import evaluation_of
from app.services.recipients import Recipient, hand_out, languages_for, recipients_of
from reports import report as reports
from reports.definitions import all_reports, report
from reports.names import file_name
from reports.printing import render
from reports.register import written_down
from reports.report import PDF, PERIOD, TICKET, XLSX, Order

KIND = "report"
SCOPES = {reports.EVALUATION: (WHOLE,), reports.UNIT: (WHOLE, GROUP, UNIT), PERIOD: (WHOLE, UNIT)}
"""Of whom a report can be made, by what it needs."""


def offers() -> list[Offer]:
    """Every report that needs no person to choose a ticket."""
    return [
        Offer(one.code, one.title, one.about, KIND, one.subject, SCOPES[one.needs], (XLSX, PDF), awaits=one.needs != PERIOD)
        for one in all_reports().values()
        if one.needs != TICKET
    ]


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to print: what is asked of the report, in whose name, and whose rows will stand in it."""

    order: Order
    servant: Actor
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """One file that lies in the store."""

    key: str
    piece: Piece
    format: str
    language: str
    name: str
    digest: str
    size: int
    matter: Any


def work(params: dict[str, Any], progress: Progress, storage: Storage) -> dict[str, Any]:
    """Make the files and hand them out. Raises ``Refused`` in words where there is nothing to print from."""
    session = db.session()
    with acting_as(SYSTEM):
        schedule = session.get(Schedule, params["schedule"])
        if schedule is None:
            raise Refused("no-schedule", N_("The schedule is no longer there."))
        recipients = recipients_of(session, schedule)
        languages = languages_for(schedule.languages, recipients)
        pieces = list(_pieces(session, params, schedule.code))
    progress.begin(Phrase(N_("Printing files")), len(pieces) * len(languages) * len(params["formats"]))
    made = list(_printed(session, params, pieces, languages, progress, storage))
    progress.begin(Phrase(N_("Handing out")), 0)
    result = {"files": len(made), "next": f"/my-files/?run={progress.run_id}"}
    with acting_as(SYSTEM):
        progress.conclude(result, lambda writer, run: _written(writer, run, schedule.id, recipients, made))
    return result


def _pieces(session: Session, params: dict[str, Any], code: str) -> Iterator[Piece]:
    """What is printed: one piece for the district or one unit, or one for every unit of the evaluation's groups."""
    definition, period = report(params["report"]), params["period"]
    everybody = Actor(None, f"schedule {code}", frozenset({"schedule"}), sees_all=True)
    if params["scope"] == UNIT or (definition.needs == reports.UNIT and params["scope"] != UNIT):
        for group, unit_id, unit_code in _units(session, params):
            if definition.needs == reports.UNIT:
                yield Piece(Order(period, group, unit_code), everybody, unit_id)
            else:
                yield Piece(Order(period), Actor(None, everybody.name, everybody.roles, unit_id, group), unit_id)
    else:
        yield Piece(Order(period), everybody)


def _units(session: Session, params: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Group, number and code of the units that are meant."""
    if params["scope"] == UNIT:
        unit = session.get(Unit, params["unit"])
        if unit is None:
            raise Refused("no-unit", N_("The unit is no longer there."))
        return [(unit.type, unit.id, unit.code)]
    evaluation = evaluation_of(session, params["period"])
    if evaluation is None:
        raise Refused("not-computed", N_("%(period)s is not evaluated yet."), period=params["period"])
    statement = (
        select(EvaluationGroup.code, EvaluationUnit.unit_id, EvaluationUnit.code)
        .join(EvaluationUnit, EvaluationUnit.group_id == EvaluationGroup.id)
        .where(EvaluationGroup.evaluation_id == evaluation.id)
        .order_by(EvaluationGroup.position, EvaluationUnit.position)
    )
    if params["scope"] == GROUP:
        statement = statement.where(EvaluationGroup.code == params["group"])
    return [(group, unit_id, code) for group, unit_id, code in session.execute(statement)]


def _printed(
    session: Session, params: dict[str, Any], pieces: Sequence[Piece], languages: Sequence[str], progress: Progress, storage: Storage
) -> Iterator[Made]:
    definition, number = report(params["report"]), 0
    for piece in pieces:
        with acting_as(piece.servant):
            matter = definition.read(session, piece.order)
            for language in languages:
                for fmt in params["formats"]:
                    name = file_name(definition.code, piece.order, fmt, language)
                    with storage.scratch(f".{fmt}") as path:
                        render(matter, definition.code, fmt, language.split("+"), path)
                        size = Path(path).stat().st_size
                        digest = storage.keep(path)
                    yield Made(name, piece, fmt, language, name, digest, size, matter)
                    number += 1
                    progress.advance(number)


def _written(session: Session, run: Run, schedule_id: int, recipients: Sequence[Recipient], made: Sequence[Made]) -> None:
    """Files, deliveries, and the end of what this run replaces; in the transaction that ends the run."""
    one_by_one(session, f"schedule {schedule_id}")
    schedule = session.get(Schedule, schedule_id)
    assert schedule is not None
    definition, at = report(run.params["report"]), now()
    artefacts = []
    for one in made:
        card = definition.evaluation(one.matter)
        evaluation = evaluation_of(session, card.period.key, card.revision) if card is not None else None
        artefacts.append(
            Artefact(
                run_id=run.id,
                key=one.key[:160],
                report=definition.code,
                subject=definition.subject,
                unit_id=one.piece.unit_id,
                evaluation_id=evaluation.id if evaluation is not None else None,
                state=card.state if card is not None else "",
                format=one.format,
                language=one.language,
                name=one.name[:255],
                digest=one.digest,
                size=one.size,
                made_at=at,
                kept_until=at + timedelta(days=schedule.keep_days),
            )
        )
        written_down(one.matter, definition.code, one.digest, one.format, one.language, one.name)
    session.add_all(artefacts)
    session.flush()
    _superseded(session, run)
    hand_out(session, run, schedule, recipients, artefacts)


def _superseded(session: Session, run: Run) -> None:
    """Of all runs of a schedule for one period the newest stands, whichever of them ends last."""
    same = (Run.schedule_id == run.schedule_id, Run.period == run.period, Run.state == "done")
    older = update(Run).where(*same, Run.id < run.id).values(state="superseded")
    session.execute(older.execution_options(synchronize_session=False))
    if session.execute(select(Run.id).where(*same, Run.id > run.id)).first() is not None:
        run.state = "superseded"


JOB = Job(KIND, work, lambda params: ("export", report(params["report"]).subject))
