"""A ticket's page as a value: one working surface with what there is to know, what may be done now, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.languages import Words
from app.crud.access import may
from app.domain.actors import Actor
from app.domain.machine import offers
from app.domain.refusals import Refused
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.queries.clocks import ClockTold, clocks_told, leading
from app.queries.proposal import Proposal, proposal_kept, propose
from app.queries.scopes import units_of
from app.queries.similar import Similar, similar_to
from app.services.attachments import may_work
from app.services.progress import MovedOn, Sitting, sit
from app.web.ticket_calls import CallRow, Meeting, calls_of, meetings_of
from app.web.ticket_facts import Fact, Tag, facts_of, tags_of
from app.web.ticket_files import Files, files_of
from app.web.ticket_presets import Known, callable_by_duty
from app.web.ticket_records import (
    RatingColumn,
    Record,
    RoundRow,
    follow_ups_of,
    orders_of,
    ratings_of,
    ratings_to_annul,
    requests_of,
    rounds_of,
)
from app.web.ticket_stages import Rail, rail
from app.web.ticket_timeline import Line, events_of, line, names_in, timeline
from app.web.ticket_verbs import Attempt, Blocked, Circumstances, Verbs, kept_text, verbs_of
from app.web.ticket_waiting import asked_for, completion_waits, waiting
from app.web.ticket_words import Names


@dataclass(frozen=True, slots=True)
class OneCall:
    """The call that the responsibility list suggests: whom, when and where, ready to be sent."""

    lead: str
    support: tuple[str, ...]
    at: str
    place: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """What came of a move that was refused: why, what others did meanwhile, and texts that found no form any more."""

    sentence: str
    meanwhile: tuple[Line, ...]
    kept: tuple[tuple[str, str], ...]
    stale: bool
    field_errors: bool


@dataclass(slots=True)
class TicketPage:
    """The whole page."""

    ticket: Ticket
    case: Any
    title: str
    rail: Rail
    tags: Sequence[Tag]
    street_town: str
    facts: Sequence[Fact]
    clocks: Sequence[ClockTold]
    all_clocks: Sequence[ClockTold]
    calls: Sequence[CallRow]
    meetings: Sequence[Meeting]
    lines: Sequence[Line]
    rounds: Sequence[RoundRow]
    requests: Sequence[Record]
    orders: Sequence[Record]
    follow_ups: Sequence[Record]
    ratings: Sequence[RatingColumn]
    files: Files
    verbs: Verbs
    waits: Sequence[Blocked]
    waiting: str
    works: bool
    one_call: OneCall | None
    trouble: Trouble | None
    lookup_code: str
    proposal: Proposal | None
    followed: bool | None
    similar: Sequence[Similar]


def ticket_page(
    session: Session, ticket: Ticket, writer: Words, *, attempt: Attempt | None = None, seen: int = 0, wanted: str = "", into: str = ""
) -> TicketPage:
    """Build the page for the actor; ``attempt`` is a move that was just refused, made on version ``seen``; ``wanted`` opens a form.

    ``into`` is the ticket that a merger's form shall name.
    """
    actor, sitting = current_actor(), sit(session, ticket)
    case = sitting.case
    events = events_of(session, ticket.id)
    names = names_in(session, events, case, writer)
    works = may("work", "Ticket")
    proposal, followed = _proposal(session, sitting, events, works)
    known = _known(sitting, actor, proposal if followed is None else None, into)
    verbs = verbs_of(
        offers(case, actor, known.at, sitting.rules) if works else [], _around(session, sitting, names, attempt, wanted, known, writer)
    )
    told = clocks_told(session, case, sitting.rules, known.at)
    return TicketPage(
        ticket=ticket,
        case=case,
        title=ticket.title,
        rail=rail(case, events, writer),
        tags=tags_of(ticket, writer),
        street_town=names.units.get(case.street_town_id or 0, ""),
        facts=facts_of(session, ticket, sitting.rules, writer),
        clocks=leading(told),
        all_clocks=told,
        calls=calls_of(case, events, names.units, writer),
        meetings=meetings_of(case, writer),
        lines=timeline(events, case, names, writer),
        rounds=rounds_of(case, names.units, writer),
        requests=requests_of(case, writer),
        orders=orders_of(case, names.units, writer),
        follow_ups=follow_ups_of(case, writer),
        ratings=ratings_of(session, case, names.units, writer),
        files=files_of(session, ticket, case, actor, writer),
        verbs=verbs,
        waits=completion_waits(case, actor, known.at, sitting.rules, writer) if works else (),
        waiting=waiting(case, names.units, writer),
        works=works,
        one_call=_one_call(verbs, known, writer),
        trouble=_trouble(attempt, seen, events, sitting, names, verbs, writer),
        lookup_code=ticket.lookup_code if works and may_work(case, actor) else "",
        proposal=proposal,
        followed=followed,
        similar=similar_to(session, ticket),
    )


def _proposal(session: Session, sitting: Sitting, events: Sequence[TicketEvent], works: bool) -> tuple[Proposal | None, bool | None]:
    """What is proposed now, for those who may dispatch; afterwards what was proposed then, and whether that was followed."""
    if sitting.case.stage == "reported":
        return (propose(session, sitting.ticket, sitting.rules), None) if works and not sitting.case.ended else (None, None)
    dispatched = next((event for event in reversed(events) if event.action == "dispatch"), None)
    kept = proposal_kept(session, dispatched.details) if dispatched else None
    return kept or (None, None)


def _known(sitting: Sitting, actor: Actor, proposal: Proposal | None, into: str) -> Known:
    """A sub-centre dispatches to itself; the centre to whom the proposal puts first."""
    own = actor.unit_id if actor.unit_type == "street_town" else None
    proposed = proposal.candidates[0].unit_id if proposal and proposal.candidates and own is None else None
    others = {"merge": {"into": [into]}} if into.isdecimal() else {}
    return Known(sitting.case, sitting.rules, now(), proposed=proposed, own_unit=own, others=others)


def _around(
    session: Session, sitting: Sitting, names: Names, attempt: Attempt | None, wanted: str, known: Known, writer: Words
) -> Circumstances:
    case = sitting.case
    return Circumstances(
        session=session,
        writer=writer,
        known=known,
        number=sitting.ticket.number,
        units=names.units,
        ratings=ratings_to_annul(session, case, names.units, writer),
        attempt=attempt,
        wanted=wanted,
        asked=asked_for(case, names.units, writer),
        own=units_of(current_actor()),
    )


def _one_call(verbs: Verbs, known: Known, writer: Words) -> OneCall | None:
    """Only for a first call, where the list in force names a department and nothing else was typed."""
    call = next((verb for verb in verbs.usual if verb.action == "call"), None)
    if call is None or call.errors or known.case.call_list or not callable_by_duty(known):
        return None
    inputs = {each.name: each for each in call.inputs}
    lead = inputs["lead"].picked
    at = writer.brief(datetime.fromisoformat(inputs["appointment_at"].value).replace(tzinfo=writer.zone), known.at)
    support = tuple(text for _, text in inputs["support"].picked)
    return OneCall(lead[0][1], support, at, inputs["place"].value) if lead else None


def _trouble(
    attempt: Attempt | None, seen: int, events: Sequence[TicketEvent], sitting: Sitting, names: Names, verbs: Verbs, writer: Words
) -> Trouble | None:
    if attempt is None:
        return None
    refused: Refused = attempt.refused
    stale = isinstance(refused, MovedOn)
    since = [event for event in events if event.version > seen] if stale and seen else []
    kept = () if verbs.offered(attempt.key) else tuple(kept_text(attempt, writer))
    return Trouble(
        sentence=writer.phrase(refused.phrase),
        meanwhile=tuple(line(event, sitting.case, names, writer) for event in reversed(since)),
        kept=kept,
        stale=stale,
        field_errors=verbs.offered(attempt.key) and not stale,
    )
