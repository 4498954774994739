"""A ticket's timeline: every event with its time, who and which unit, what happened in words, and how late it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import Words
from app.crud.columns.links import label_of
from app.domain.casefile import CaseFile
from app.domain.moves import BY_ACTION
from app.domain.moves.row import AS_ASSIGNMENT, AS_CALL, AS_COMPLETION, AS_EXCEPTION, AS_HANDLING, AS_RATING, AS_REQUEST
from app.domain.refusals import N_
from app.domain.relations import CENTRE
from app.domain.workflow import ALL_STAGES
from app.entities.matter import Matter
from app.entities.partner import Partner
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.entities.unit import Unit
from app.web.spans import span_words
from app.web.ticket_words import Names, told

SHOWN = 10
"""So many of the latest events are in sight at once; the earlier ones are one press away."""

SIGNS: Mapping[str, str] = {
    "report": "inbox", "correct": "pen", "amend": "pen", "sign": "check", "sign_call": "check", "start": "play", "contact": "phone",
    "note": "pen", "request_return": "rotate-left", "approve_return": "rotate-left", "escalate": "arrow-up", "backstop": "arrow-down",
    "request_extension": "hourglass-half", "approve_extension": "hourglass-half", "reject_extension": "hourglass-half",
    "request_suspension": "pause", "approve_suspension": "pause", "reject_suspension": "pause", "resume": "play", "resume_on_time": "play",
    "report_in": "location-dot", "record_report_in": "location-dot", "mark_absent": "triangle-exclamation", "give_opinion": "comments",
    "conclude": "comments", "finish": "check", "claim_done": "check", "complete": "check", "archive": "box-archive",
    "archive_on_time": "box-archive", "reopen": "rotate-left", "fail_review": "rotate-left", "reject_claim": "rotate-left",
    "void": "ban", "restore": "rotate-left", "follow_up": "phone", "rate": "star-half-stroke",
    "attach": "paperclip", "detach": "paperclip", "return": "rotate-left",
}  # fmt: skip
GROUP_SIGNS: Mapping[str, str] = {
    AS_ASSIGNMENT: "share-nodes",
    AS_HANDLING: "pen",
    AS_CALL: "bullhorn",
    AS_REQUEST: "stopwatch",
    AS_COMPLETION: "clipboard-check",
    AS_RATING: "star-half-stroke",
    AS_EXCEPTION: "code-branch",
}
STAGES = {stage.code: stage.name for stage in ALL_STAGES}


@dataclass(frozen=True, slots=True)
class Line:
    """One event. ``late`` is how late it was, in words; ``kinds`` are the filters it answers to."""

    at: str
    full: str
    who: str
    person: str
    sentence: str
    quotes: tuple[tuple[str, str], ...]
    late: str
    sign: str
    stage: str
    stage_code: str
    kinds: str


def events_of(session: Session, ticket_id: int) -> list[TicketEvent]:
    """All events in the order in which they happened, as far as the reader may see the ticket."""
    statement = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
    return list(session.execute(statement.order_by(TicketEvent.happened_at, TicketEvent.version, TicketEvent.id)).scalars())


def names_in(session: Session, events: Iterable[TicketEvent], case: CaseFile, writer: Words) -> Names:
    """What the numbers in events and in the case file stand for."""
    events = list(events)
    others = {event.details.get("into") for event in events} - {None}
    partners = {event.details.get("partner") for event in events} - {None}
    units = session.execute(select(Unit).where(Unit.id.in_(_units(events, case)))).scalars()
    tickets = session.execute(select(Ticket.id, Ticket.number).where(Ticket.id.in_(others))).all() if others else []
    found: Any = session.execute(select(Partner).where(Partner.id.in_(partners))).scalars() if partners else []
    return Names(
        units={unit.id: label_of(unit, writer) for unit in units},
        tickets={row.id: row.number for row in tickets},
        matters={matter.id: label_of(matter, writer) for matter in _matters(session, events)},
        partners={partner.id: label_of(partner, writer) for partner in found},
    )


def _matters(session: Session, events: Sequence[TicketEvent]) -> Sequence[Matter]:
    wanted = {(event.details.get("before") or {}).get("matter") for event in events if event.action == "amend"} - {None}
    return session.execute(select(Matter).where(Matter.id.in_(wanted))).scalars().all() if wanted else ()


def _units(events: Sequence[TicketEvent], case: CaseFile) -> set[int]:
    wanted: set[Any] = {case.unit_id, case.street_town_id, *(turn.unit_id for turn in case.turns)}
    wanted |= {part.unit_id for part in case.parts} | {call.street_town_id for call in case.call_list}
    wanted |= {order.unit_id for order in case.orders} | {r.rater_id for r in case.ratings} | {r.rated_id for r in case.ratings}
    for event in events:
        before = event.details.get("before") if event.action == "amend" else None
        wanted |= {
            (before or {}).get("street_town"),
            event.unit_id,
            event.details.get("unit"),
            event.details.get("proposed"),
            *(event.details.get("departments") or ()),
        }
    return {unit for unit in wanted if isinstance(unit, int)}


def timeline(events: Sequence[TicketEvent], case: CaseFile, names: Names, writer: Words) -> list[Line]:
    """Lines, the newest first."""
    return [line(event, case, names, writer) for event in reversed(events)]


def line(event: TicketEvent, case: CaseFile, names: Names, writer: Words) -> Line:
    """One event as a line."""
    said = told(event.action, event.details, names, writer)
    move = BY_ACTION.get(event.action)
    kinds = ["opinion"] if said.quotes else []
    kinds += ["clock"] if move is not None and (move.starts or move.stops) else []
    late = lateness(event, case)
    changed = bool(event.from_stage) and event.from_stage != event.to_stage
    return Line(
        at=writer.brief(event.happened_at, now()),
        full=writer.moment(event.happened_at, seconds=True),
        who=_who(event, names, writer),
        person="" if event.user_name in NOBODYS else event.user_name,
        sentence=said.sentence,
        quotes=said.quotes,
        late=writer(N_("%(span)s late"), span=span_words(late, writer)) if late else "",
        sign=SIGNS.get(event.action) or GROUP_SIGNS.get(move.group if move else "", "circle"),
        stage=writer(STAGES[event.to_stage]) if changed and event.to_stage in STAGES else "",
        stage_code=event.to_stage,
        kinds=" ".join(kinds),
    )


CITIZEN = "citizen"
NOBODYS = frozenset({"", "system", CITIZEN})
"""Names that are no person's: who has left, or never had an account, still goes by the name that was kept."""


def _who(event: TicketEvent, names: Names, writer: Words) -> str:
    """Whose act it was: the system's, the citizen's, the centre's, or a unit's."""
    if event.user_id is None and event.user_name in ("system", ""):
        imported = event.version == 0 and event.unit_id is not None
        return names.units.get(event.unit_id or 0, "") if imported else writer(N_("System"))
    if event.user_name == CITIZEN:
        return writer(N_("Citizen"))
    move = BY_ACTION.get(event.action)
    if move is not None and all(relation is CENTRE for relation in move.who):
        return writer(N_("Command centre"))
    return names.units.get(event.unit_id or 0, "") or event.user_name


def lateness(event: TicketEvent, case: CaseFile) -> timedelta | None:
    """How far beyond its limit something happened; nothing where it was in time, or where no limit is known."""
    limit = _limit(event, case)
    return event.happened_at - limit if limit is not None and event.happened_at > limit else None


def _limit(event: TicketEvent, case: CaseFile) -> datetime | None:
    details = event.details
    if event.action == "sign":
        turn = next((t for t in case.turns if t.ordinal == details.get("round")), None)
        return turn.sign_due_at if turn else None
    call = case.call(details.get("call") or 0)
    part = next((p for p in call.parts if p.unit_id == details.get("unit")), None) if call else None
    if part is None or call is None:
        return None
    if event.action in ("report_in", "record_report_in"):
        return call.appointment_at if part.arrival == "late" else None
    return {"sign_call": part.sign_due_at, "respond": part.response_due_at, "finish": part.due_at}.get(event.action)
