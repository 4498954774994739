"""A district to be walked through: marked rows in every table, a person for every role, and what is foreign to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import stopped_at
from app.core.db import db
from app.core.runs import Run
from app.core.transaction import transaction
from app.crud.resource import resources
from app.crud.tables import ImportBatch, SavedFilter
from app.entities.account import Account
from app.entities.api_key import ApiKey
from app.entities.appeal import Appeal
from app.entities.appeal_step import AppealStep, Proof
from app.entities.artefact import Artefact
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.delivery import Delivery
from app.entities.evaluation import Evaluation
from app.entities.exclusion import Exclusion
from app.entities.exclusion_reason import ExclusionReason
from app.entities.notice import Notice
from app.entities.schedule import Schedule
from app.entities.staff_profile import StaffProfile
from app.entities.ticket import Ticket
from app.services.api_keys import make_key
from app.services.evaluation import compute
from app.web.roles import ROLES
from tests.people import PASSWORD, create_community, create_person
from tests.web.doors import REPORTED, District, create_call, create_district, create_ticket, program
from tests.web.matrix import Person

UNITS = {"street_town", "department", "department_lead"}

SEEN = {
    "north": {"north", "parks", "called"},
    "parks": {"parks"},
    "roads": {"called", "south", "distant"},
    "stray": set(),
}
"""Which tickets lie within whose scope, by hand: own territory, held, calling or called."""

SCOPED = {"Ticket", "AssignmentRound", "Call", "CalledUnit", "StaffProfile", "Appeal", "Exclusion"}
CYCLE = ("mark-appeal", "mark-exclusion", "mark-proof")


def mark(district: District) -> None:
    """Put a marker into every text of every ticket and what hangs on it, and into people's names."""
    with transaction() as session:
        for key, ticket in district.tickets.items():
            row = session.get(Ticket, ticket.id)
            for name in ("number", "title", "description", "address", "opinion", "source_no"):
                setattr(row, name, f"mark-{key}-{name}")
            row.reporter_name, row.reporter_phone = f"mark-{key}-person", "13987654321"
        for name, account in district.people.items():
            session.get(Account, account.id).first_name = f"mark-person-{name}"
        for call in session.execute(select(Call)).scalars():
            call.place = f"{call.ticket.title}-place"
        session.add(Run(kind="export", title={"m": "mark-run", "v": {}}, user_id=district.people["south"].id, state="done", result={}))
        batch = {"resource": "Department", "file_name": "mark-batch.xlsx", "file_digest": "0" * 64, "state": "checked"}
        session.add(ImportBatch(**batch, user_id=district.people["south"].id))
        told = {"key": "mark", "kind": "dispatched", "ticket_id": district.tickets["south"].id, "text": {"m": "mark-notice", "v": {}}}
        session.add(Notice(**told, user_id=district.people["south"].id))
        kept = {"code": "mark-schedule", "name_zh": "mark-schedule", "name_en": "mark-schedule", "report": "scorecard"}
        session.add(Schedule(**kept, owner_id=district.people["evaluator"].id))
        _mark_files(session, district)
        session.add(SavedFilter(user_id=district.people["south"].id, resource="Ticket", name="mark-filter", query="q=mark-filter"))
    make_key(district.people["south"].id, "mark-key", 90, PASSWORD, failures=5, minutes=15)


def _mark_files(session: Session, district: District) -> None:
    """A file about another unit, brought to somebody there."""
    run = session.execute(select(Run)).scalars().one()
    about = {"key": "mark", "report": "overdue", "subject": "Ticket", "format": "xlsx", "language": "zh", "name": "mark-file.xlsx"}
    artefact = Artefact(**about, run_id=run.id, unit_id=district.south.id, digest="0" * 64, size=1)
    session.add(artefact)
    session.flush()
    brought = {"route": "inbox", "to": "user", "name": "mark-file", "state": "sent", "sent_at": REPORTED, "message_id": "mark-file"}
    session.add(Delivery(**brought, run_id=run.id, user_id=district.people["south"].id, artefacts=[artefact.id]))


def mark_cycle(district: District) -> None:
    """What another unit brought forward: its appeal with a step and a proof, and an exclusion of its ticket."""
    with transaction() as session:
        evaluation = session.execute(select(Evaluation.id)).scalars().one()
        reason = session.execute(select(ExclusionReason.id).order_by(ExclusionReason.id)).scalars().first()
        ticket, unit = district.tickets["south"].id, district.south.id
        appeal = Appeal(evaluation_id=evaluation, unit_id=unit, group="street_town", line="DONE", kind="dispute", filed_at=REPORTED)
        appeal.text, appeal.nodes, appeal.tickets = "mark-appeal", ["check", "review", "lead"], [ticket]
        excluded = Exclusion(ticket_id=ticket, unit_id=unit, indicator="DONE", reason_id=reason, entered_at=REPORTED, note="mark-exclusion")
        session.add_all([appeal, excluded])
        session.flush()
        said = {"node": "check", "verdict": "rejected", "opinion": "mark-appeal", "decided_at": REPORTED}
        session.add(AppealStep(appeal_id=appeal.id, ordinal=1, **said))
        session.add(Proof(appeal_id=appeal.id, name="mark-proof.pdf", media_type="application/pdf", digest="0" * 64, added_at=REPORTED))


def build(app: Flask, browser: Callable[[str], FlaskClient]) -> list[Person]:
    """The district, an evaluated month, and everybody signed in; a visitor comes first."""
    district = create_district()
    create_community("C-1", district.north)
    district.tickets["distant"] = create_ticket(district.south, "distant")
    create_call(district.tickets["distant"], district.south, district.roads)
    for role in ROLES:
        if role not in UNITS:
            district.people[role] = create_person(role)
    mark(district)
    with stopped_at(REPORTED.replace(month=4, day=20)):
        compute("2026-03")
    mark_cycle(district)
    people = [Person("visitor", browser=app.test_client(), program=app.test_client(), rows=_rows(set()))]
    for name, account in sorted(district.people.items()):
        if name == "south":
            continue
        seen = SEEN.get(name, set(district.tickets))
        role = {"north": "street_town", "stray": "street_town", "parks": "department", "roads": "department_lead"}.get(name, name)
        person = Person(name, role, account.id, rows=_rows(seen, account.id))
        person.foreign = _foreign(name, seen, district)
        person.browser, person.program = browser(name), program(app, name)
        people.append(person)
    return people


def _foreign(name: str, seen: set[str], district: District) -> tuple[str, ...]:
    if name not in SEEN:
        return ()
    tickets = [f"mark-{key}-" for key in district.tickets if key not in seen]
    people = [f"mark-person-{other}" for other in district.people if other != name]
    return (*tickets, *people, "mark-run", "mark-batch", "mark-filter", "mark-notice", "mark-key", "mark-schedule", "mark-file", *CYCLE)


def _rows(seen: set[str], user_id: int = 0) -> dict[str, dict[str, Any]]:
    """For each resource the number of a row of one's own and of a foreign one."""
    session = db.session()
    found: dict[str, dict[str, Any]] = {}
    for resource in resources().values():
        entity: Any = resource.entity
        rows = session.execute(select(entity).order_by(entity.id)).scalars().all()
        own = [row for row in rows if _is_own(row, seen, user_id)]
        foreign = [row for row in rows if row not in own] or own[-1:]
        found[resource.name] = {kind: row.id for kind, row in (("own", own[:1]), ("foreign", foreign[:1])) for row in row}
        if entity is Ticket:
            found["TicketNumber"] = {kind: row.number for kind, row in (("own", own[:1]), ("foreign", foreign[:1])) for row in row}
    found["Proof"] = {"foreign": session.execute(select(Proof.id)).scalars().one()}
    found["Notice"] = {"foreign": session.execute(select(Notice.id).where(Notice.key == "mark")).scalars().one()}
    found["ApiKey"] = {"foreign": session.execute(select(ApiKey.id)).scalars().one()}
    found["Run"] = {"foreign": session.execute(select(Run.id)).scalars().one()}
    found["Artefact"] = {"foreign": session.execute(select(Artefact.id)).scalars().one()}
    found["Delivery"] = {"foreign": session.execute(select(Delivery.id)).scalars().one()}
    found["ImportBatch"] = {"foreign": session.execute(select(ImportBatch.id)).scalars().one()}
    found["SavedFilter"] = {"foreign": session.execute(select(SavedFilter.id)).scalars().one()}
    return found


def _is_own(row: Any, seen: set[str], user_id: int) -> bool:
    if isinstance(row, (Appeal, Exclusion)):
        return len(seen) > len(SEEN["roads"])
    if isinstance(row, StaffProfile):
        return row.account_id == user_id
    ticket = row if isinstance(row, Ticket) else getattr(row, "ticket", None) if isinstance(row, (AssignmentRound, Call)) else None
    ticket = row.call.ticket if isinstance(row, CalledUnit) else ticket
    return ticket is None or ticket.title.split("-")[1] in seen
