"""The steps of planned calls: called, signed, responded, come or not, consulted, finished, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.demo.answering import Answer
from app.demo.calling import Calling, Meeting
from app.demo.scribe import Scribe
from app.domain.actors import Actor
from app.domain.casefile import CaseFile

RETURNED, RELEASED = 0.045, 0.5
SPOKEN, TASKED = 0.6, 0.5
URGED = 0.4
"""How often a call is returned and that accepted; departments give an opinion; tasks are written down; silence is supervised."""


@dataclass(slots=True)
class Stands:
    """How a department's part stands while its steps are written: its last moment, and how it ended."""

    key: str
    answer: Answer
    clerk: Actor
    lead: bool
    meeting_at: datetime
    last: datetime
    came_at: datetime | None = None
    absent_at: datetime | None = None
    finished_at: datetime | None = None
    over_at: datetime | None = None
    urged: bool = False

    @property
    def valid(self) -> bool:
        """Whether the call on it stood to the end."""
        return self.over_at is None


def call_steps(s: Scribe, caller: Actor, calling: Calling, end: datetime) -> tuple[list[Stands], datetime]:
    """Every step of the calls; which departments took part, and the last moment that was used."""
    parts: list[Stands] = []
    for ordinal, meeting in enumerate(calling.calls, 1):
        if ordinal > 1:
            _give_up(s, caller, parts[0], meeting.issued_at)
        parts += _issue(s, caller, ordinal, meeting, end)
    _answer_orders(s, parts)
    concluded = _conclude(s, caller, parts, calling.consulted_at, end)
    last = max([concluded or calling.calls[-1].issued_at, *(part.finished_at or part.last for part in parts)])
    for part in parts:
        if part.valid and part.finished_at is None:
            part.over_at = s.between(max(last, part.last, part.absent_at or last), end, 0.3, 0.7)
            s.add(part.over_at, caller, "withdraw_call", part.key, reason=s.phrase("not_awaited"))
            last = max(last, part.over_at)
    return parts, last


def _give_up(s: Scribe, caller: Actor, part: Stands, again: datetime) -> None:
    """A lead that did not answer is called again, for which the first call on it must end."""
    if part.valid:
        part.over_at = again
        s.add(again, caller, "withdraw_call", part.key, reason=s.phrase("called_again"))
        s.steps = [step for step in s.steps if step.part != part.key or step.at <= again]


def _issue(s: Scribe, caller: Actor, ordinal: int, meeting: Meeting, end: datetime) -> list[Stands]:
    units = [s.desk.ids.departments[answer.unit] for answer in meeting.answers]
    s.add(
        meeting.issued_at,
        caller,
        "call",
        lead=units[0],
        support=units[1:],
        reason=meeting.reason,
        appointment_at=meeting.appointment_at,
        place=meeting.place,
        note=s.phrase("call_note") if s.often(0.7) else None,
    )
    parts = []
    for number, (unit, answer) in enumerate(zip(units, meeting.answers, strict=True)):
        clerk = s.staff.clerk(answer.unit, s.chance)
        part = Stands(f"{ordinal}.{unit}", answer, clerk, number == 0, meeting.appointment_at, meeting.issued_at)
        parts.append(part)
        _answer(s, caller, part, meeting, end)
    return parts


def _answer(s: Scribe, caller: Actor, part: Stands, meeting: Meeting, end: datetime) -> None:
    """One department's side."""
    answer = part.answer
    if answer.withdrawn_at is not None:
        part.over_at = answer.withdrawn_at
        s.add(answer.withdrawn_at, caller, "withdraw_call", part.key, reason=s.phrase("withdrawn"))
        return
    if answer.signed_at is not None:
        _reach(part, answer.signed_at)
        s.add(answer.signed_at, part.clerk, "sign_call", part.key)
    if answer.responded_at is None:
        _silent(s, caller, part, meeting, end)
        return
    if answer.signed_at is not None and s.often(RETURNED, "call-return") and _returned(s, caller, part, answer.responded_at):
        return
    _reach(part, answer.responded_at)
    s.add(answer.responded_at, part.clerk, "respond", part.key, note=s.phrase("responded") if s.often(0.5) else None)
    if answer.reported_in_at is not None and answer.reported_in_at < end:
        part.came_at = answer.reported_in_at
        _reach(part, part.came_at)
        s.add(part.came_at, part.clerk, "report_in", part.key, person=part.clerk.name)
    if answer.finished_at is not None and answer.finished_at < end:
        part.finished_at = max(part.last, answer.finished_at)
    if part.came_at is None:
        _missed(s, caller, part, meeting, end)
    if part.finished_at is not None:
        s.add(part.finished_at, part.clerk, "finish", part.key, note=s.phrase("finished"))


def _returned(s: Scribe, caller: Actor, part: Stands, response: datetime) -> bool:
    """The department wants to give the call back; whether it may. The lead must stay."""
    asked = s.between(part.last, response, 0.1, 0.4)
    decided = s.between(asked, response, 0.2, 0.9)
    reason = "not_our_duty" if s.often(0.7) else "other_lead"
    s.add(asked, part.clerk, "return_call", part.key, reason=reason, note=s.phrase("call_return"))
    if not part.lead and s.often(RELEASED):
        part.over_at = decided
        s.add(decided, caller, "accept_call_return", part.key)
        return True
    s.add(decided, caller, "reject_call_return", part.key, note=s.phrase("call_kept"))
    return False


def _silent(s: Scribe, caller: Actor, part: Stands, meeting: Meeting, end: datetime) -> None:
    """Nothing is heard: the street-town notes the absence, and may demand an answer."""
    _missed(s, caller, part, meeting, end)
    due = part.answer.response_due_at
    if due is None or not s.often(URGED):
        return
    at = s.desk.at_work(max(due, meeting.issued_at) + timedelta(minutes=20), timedelta(minutes=15))
    if at > s.between(meeting.issued_at, end, 0.3, 0.3):
        return
    unit = s.desk.ids.departments[part.answer.unit]
    part.urged = True
    s.add(at, caller, "supervise", unit=unit, note=s.phrase("order_part"))


def _answer_orders(s: Scribe, parts: list[Stands]) -> None:
    """A department that was silent at first explains itself when it answers the second call."""
    urged = {part.answer.unit for part in parts if part.urged}
    for part in parts:
        if part.answer.unit in urged and part.valid and part.answer.responded_at is not None:
            s.add(part.last, part.clerk, "answer_order", answer=s.phrase("order_answer"))


def _missed(s: Scribe, caller: Actor, part: Stands, meeting: Meeting, end: datetime) -> None:
    """Marked absent once the time, grace included, has passed."""
    grace = s.desk.rules(s.plan.report.matter.code).with_grace(CaseFile(), meeting.appointment_at)
    absent = grace + timedelta(seconds=60 + int(s.chance.random() * 1500))
    if absent < (part.finished_at or end):
        part.absent_at = absent
        s.add(absent, caller, "mark_absent", part.key)


def _conclude(s: Scribe, caller: Actor, parts: list[Stands], wished: datetime, end: datetime) -> datetime | None:
    """The consultation opinion, as soon as somebody came, or nobody will; opinions of the departments before it."""
    valid = [part for part in parts if part.valid]
    heard = [moment for part in valid for moment in (part.came_at, part.finished_at) if moment is not None]
    missed = [part.absent_at for part in valid]
    if heard:
        at = max(wished, min(heard))
    elif missed and None not in missed:
        at = max(wished, *(moment for moment in missed if moment is not None))
    else:
        return None
    if at >= end:
        return None
    came = [part for part in valid if part.came_at is not None and part.came_at < at]
    for part in came:
        if part.came_at is not None and s.often(SPOKEN):
            s.add(
                s.by_day(s.between(part.came_at, at), part.came_at), part.clerk, "give_opinion", part.key, opinion=s.phrase("opinion_part")
            )
    s.add(
        at,
        caller,
        "conclude",
        opinion=s.phrase("consulted" if heard else "consulted_alone"),
        participants="、".join(part.clerk.name for part in came) or None,
        tasks=s.phrase("tasks") if s.often(TASKED) else None,
    )
    return at


def _reach(part: Stands, moment: datetime) -> None:
    part.last = max(part.last, moment)
