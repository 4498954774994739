"""A ticket's calls as the page shows them: per call its appointment and reason, per department one row of clocks and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.crud.time_left import time_left
from app.domain.casefile import APPROVED, OPEN, Call, CaseFile, Part
from app.domain.refusals import N_
from app.entities.ticket_event import TicketEvent
from app.web.spans import span_words
from app.web.ticket_words import words_of

DONE, LATE, RUNNING, WAITING, MISSED = "done", "late", "running", "waiting", "missed"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a called department: ``state`` is done, late, running, waiting or missed."""

    name: str
    state: str
    said: str
    note: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """One department's part in a call."""

    key: str
    name: str
    role: str
    lead: bool
    chip: str
    tone: str
    sign: str
    clocks: tuple[Clock, ...]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call."""

    ordinal: int
    caller: str
    issued: str
    appointment: str
    place: str
    reason: str
    note: str
    withdrawn: str
    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """One consultation and its opinion."""

    at: str
    place: str
    participants: str
    opinion: str
    tasks: str


def calls_of(case: CaseFile, events: Sequence[TicketEvent], units: Mapping[int, str], writer: Words) -> list[CallRow]:
    """Calls, the newest first."""
    opinions = {(e.details.get("call"), e.details.get("unit")): e.happened_at for e in events if e.action == "give_opinion"}
    return [_call(call, opinions, units, writer) for call in reversed(case.call_list)]


def meetings_of(case: CaseFile, writer: Words) -> list[Meeting]:
    """Consultations, the newest first."""
    return [Meeting(writer.brief(m.held_at, now()), m.place, m.participants, m.opinion, m.tasks) for m in reversed(case.consultations)]


def _call(call: Call, opinions: Mapping[Any, datetime], units: Mapping[int, str], writer: Words) -> CallRow:
    return CallRow(
        ordinal=call.ordinal,
        caller=units.get(call.street_town_id, NOTHING),
        issued=writer.brief(call.issued_at, now()),
        appointment=writer.brief(call.appointment_at, now()) if call.appointment_at else "",
        place=call.place,
        reason=words_of("call_reason", call.reason, writer) if call.reason else "",
        note=call.note,
        withdrawn=call.withdraw_reason if call.withdrawn_at else "",
        parts=tuple(_part(call, part, opinions.get((part.call, part.unit_id)), units, writer) for part in call.parts),
    )


def _part(call: Call, part: Part, opinion_at: datetime | None, units: Mapping[int, str], writer: Words) -> PartRow:
    chip, tone, sign = _chip(part, writer)
    role = writer(N_("Lead") if part.role == "lead" else N_("Support"))
    return PartRow(
        key=part.key,
        name=units.get(part.unit_id, NOTHING),
        role=role,
        lead=part.role == "lead",
        chip=chip,
        tone=tone,
        sign=sign,
        clocks=(
            _taken(N_("Sign"), call, part, part.signed_at, part.sign_due_at, writer),
            _taken(N_("Respond"), call, part, part.responded_at, part.response_due_at, writer),
            _arrival(call, part, writer),
            _opinion(part, opinion_at, writer),
            _finish(part, writer),
        ),
        words=tuple(_words(part, writer)),
    )


def _chip(part: Part, writer: Words) -> tuple[str, str, str]:
    """Where the department stands, in a word or two."""
    if part.withdrawn_at:
        return writer(N_("Call withdrawn")), "neutral", "minus"
    if part.returned == APPROVED:
        return writer(N_("Released")), "neutral", "minus"
    if part.finished_at:
        return writer(N_("Own task done")), "ok", "check"
    if part.returned == OPEN:
        return writer(N_("Return of the call requested")), "warn", "rotate-left"
    left = time_left(part.due_at, None, now(), writer)
    if left is None:
        return writer(N_("In progress")), "primary", "play"
    return writer(N_("Task: %(left)s"), left=left.text), left.tone, "triangle-exclamation" if left.tone == "bad" else "clock"


def _taken(name: str, call: Call, part: Part, at: datetime | None, due: datetime | None, writer: Words) -> Clock:
    """A clock that runs from the call: how long it took, against its limit."""
    label = writer(name)
    if at is None or call.issued_at is None:
        return _open(label, part, due, writer)
    said = span_words(max(at, call.issued_at) - call.issued_at, writer)
    if due is not None and at > due:
        return Clock(label, LATE, said, writer(N_("%(span)s late"), span=span_words(at - due, writer)))
    limit = writer(N_("limit %(span)s"), span=span_words(due - call.issued_at, writer)) if due else writer.brief(at, now())
    return Clock(label, DONE, said, limit)


def _open(label: str, part: Part, due: datetime | None, writer: Words) -> Clock:
    if not part.standing:
        return Clock(label, WAITING, NOTHING, "")
    if due is None:
        return Clock(label, WAITING, writer(N_("awaited")), "")
    if now() > due:
        return Clock(label, MISSED, writer(N_("overdue")), writer(N_("%(span)s over"), span=span_words(now() - due, writer)))
    return Clock(label, RUNNING, writer(N_("awaited")), writer(N_("by %(at)s"), at=writer.brief(due, now())))


def _arrival(call: Call, part: Part, writer: Words) -> Clock:
    """Reporting in: when somebody came, against the appointment."""
    label, meeting = writer(N_("Report in")), call.appointment_at
    came = part.reported_in_at
    asked = writer(N_("asked for %(at)s"), at=_clock(meeting, came, writer)) if meeting else ""
    if came is not None:
        said = _clock(came, meeting, writer)
        if part.arrival in ("late", "absent") and meeting is not None:
            return Clock(label, LATE, said, writer(N_("%(span)s late"), span=span_words(came - meeting, writer)))
        return Clock(label, DONE, said, asked)
    if part.arrival == "absent":
        return Clock(label, MISSED, writer(N_("absent")), asked)
    if not part.standing:
        return Clock(label, WAITING, NOTHING, "")
    if meeting is not None and now() > meeting:
        return Clock(label, MISSED, writer(N_("not there yet")), asked)
    return Clock(label, RUNNING, writer(N_("awaited")), asked)


def _clock(at: datetime, other: datetime | None, writer: Words) -> str:
    """The time of day alone, where the day is that of the other moment beside it."""
    same = other is not None and writer.local(at).date() == writer.local(other).date()
    return f"{writer.local(at):%H:%M}" if same else writer.brief(at, now())


def _opinion(part: Part, at: datetime | None, writer: Words) -> Clock:
    label = writer(N_("Opinion"))
    if part.opinion:
        return Clock(label, DONE, writer(N_("given")), writer.brief(at, now()) if at else "")
    return Clock(label, WAITING, writer(N_("none yet")) if part.standing else NOTHING, "")


def _finish(part: Part, writer: Words) -> Clock:
    label, due = writer(N_("Finish")), part.due_at
    if part.finished_at is None:
        return _open(label, part, due, writer)
    if due is not None and part.finished_at > due:
        late = writer(N_("%(span)s late"), span=span_words(part.finished_at - due, writer))
        return Clock(label, LATE, writer.brief(part.finished_at, now()), late)
    return Clock(label, DONE, writer.brief(part.finished_at, now()), writer(N_("on time")) if due else "")


def _words(part: Part, writer: Words) -> list[tuple[str, str]]:
    """What the department said, each with its label."""
    found = []
    if part.returned:
        reason = words_of("return_reason", part.return_reason, writer) if part.return_reason else ""
        found.append((writer(N_("Return of the call")), " · ".join(filter(None, (reason, part.return_note)))))
    if part.reported_by:
        there = " · ".join(filter(None, (part.reported_by, part.reported_place)))
        found.append((writer(N_("Who came")), there))
    found += [(writer(N_("Opinion")), part.opinion)] if part.opinion else []
    found += [(writer(N_("What was done")), part.finish_note)] if part.finish_note else []
    return found
