"""Calls (呼叫): a street-town calls departments to a time and a place; they sign, respond, report in, consult and finish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.acts import Doing
from app.domain.casefile import APPROVED, LAPSED, OPEN, REJECTED, Call, CaseFile, Consultation, Part
from app.domain.facts import CALLABLE, DEPARTMENT
from app.domain.refusals import N_, Refused
from app.domain.rulebook import CALL_SIGN, FINISH, RESPOND, RETURN_DECIDE

ON_TIME, LATE, ABSENT = "on_time", "late", "absent"


# --- conditions ---------------------------------------------------------------------------------------------


def departments_differ(case: CaseFile, doing: Doing) -> Refused | None:
    """Nobody is called twice at once, and only departments are called."""
    if "lead" not in doing.said:
        return None
    named = [doing.said["lead"], *(doing.get("support") or ())]
    for field, units in (("lead", named[:1]), ("support", named[1:])):
        if any(doing.rules.units.get(unit, DEPARTMENT) not in CALLABLE for unit in units):
            return Refused("not-a-department", N_("Only departments can be called."), field=field)
    if len(set(named)) < len(named):
        return Refused("called-twice", N_("A department is named twice."), field="support")
    standing = {part.unit_id for part in case.parts if part.standing}
    if standing.intersection(named):
        return Refused(
            "called-already", N_("One of these departments is called on this ticket already and has not finished."), field="lead"
        )
    return None


def appointment_lies_ahead(case: CaseFile, doing: Doing) -> Refused | None:
    """A time to come to must be to come."""
    wanted = doing.get("appointment_at")
    if isinstance(wanted, datetime) and wanted <= doing.at:
        return Refused("appointment-past", N_("The time to report in lies in the past."), field="appointment_at")
    return None


def not_responded(case: CaseFile, doing: Doing) -> Refused | None:
    """It has not answered yet."""
    if doing.part is not None and doing.part.responded_at is not None:
        return Refused("responded", N_("This department has responded already."))
    return None


def responded(case: CaseFile, doing: Doing) -> Refused | None:
    """It has taken the call."""
    if doing.part is not None and doing.part.responded_at is None:
        return Refused("not-responded", N_("The department has not responded to the call yet."))
    return None


def not_signed(case: CaseFile, doing: Doing) -> Refused | None:
    """It has not signed yet."""
    if doing.part is not None and doing.part.signed_at is not None:
        return Refused("signed", N_("This department has signed already."))
    return None


def not_reported_in(case: CaseFile, doing: Doing) -> Refused | None:
    """It has not come yet."""
    if doing.part is not None and doing.part.reported_in_at is not None:
        return Refused("reported-in", N_("This department has reported in already."))
    return None


def no_call_return(case: CaseFile, doing: Doing) -> Refused | None:
    """It does not want to give the call back."""
    if doing.part is not None and doing.part.returned == OPEN:
        return Refused("call-return-open", N_("The department's request to return the call has not been decided yet."))
    return None


def call_return(case: CaseFile, doing: Doing) -> Refused | None:
    """It wants to give the call back."""
    if doing.part is not None and doing.part.returned != OPEN:
        return Refused("no-call-return", N_("The department has not asked to return the call."))
    return None


def call_return_overdue(case: CaseFile, doing: Doing) -> Refused | None:
    """The time for deciding has passed."""
    due = doing.part.return_due_at if doing.part else None
    return None if due is not None and doing.at >= due else Refused("not-yet", N_("There is still time to decide on the return."))


def appointment_over(case: CaseFile, doing: Doing) -> Refused | None:
    """Nobody is absent before the time, grace included."""
    call = case.call(doing.part.call) if doing.part else None
    meeting = call.appointment_at if call else None
    if meeting is not None and doing.at <= doing.rules.with_grace(case, meeting):
        return Refused("not-yet", N_("The time to report in has not passed yet."))
    return None


def somebody_came(case: CaseFile, doing: Doing) -> Refused | None:
    """A consultation needs somebody to consult with, or the certainty that nobody will come."""
    parts = [part for part in case.parts if part.valid]
    if any(part.reported_in_at or part.finished_at for part in parts) or (parts and all(part.arrival == ABSENT for part in parts)):
        return None
    return Refused("nobody-came", N_("No called department has reported in yet; record who came, or mark who did not."))


# --- what happens -------------------------------------------------------------------------------------------


def call(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """One call: a lead and supporting departments, each with its own clocks."""
    made = Call(
        ordinal=len(case.call_list) + 1,
        street_town_id=case.now_held.unit_id,
        reason=doing.text("reason"),
        note=doing.text("note"),
        issued_at=doing.at,
        appointment_at=doing.get("appointment_at"),
        place=doing.text("place") or case.address,
    )
    for place, unit in enumerate((doing.said["lead"], *(doing.get("support") or ()))):
        made.parts.append(_part(case, doing, made.ordinal, unit, "support" if place else "lead"))
    if case.now_held.started_at is None:
        case.now_held.started_at = doing.at
    case.call_list.append(made)
    case.calls = len(case.call_list)
    return {"call": made.ordinal, "departments": [part.unit_id for part in made.parts], "reason": made.reason, "note": made.note}


def _part(case: CaseFile, doing: Doing, ordinal: int, unit: int, role: str) -> Part:
    limit = doing.rules.limit(FINISH, case)
    return Part(
        call=ordinal,
        unit_id=unit,
        role=role,
        sign_due_at=doing.rules.due_at(CALL_SIGN, case, doing.at),
        response_due_at=doing.rules.due_at(RESPOND, case, doing.at),
        limit=str(limit or ""),
        due_at=doing.rules.due_at(FINISH, case, doing.at) or case.now_held.due_at,
    )


def _said(part: Part, **more: Any) -> Mapping[str, Any]:
    return {"call": part.call, "unit": part.unit_id, **{key: value for key, value in more.items() if value not in (None, "")}}


def _settle(case: CaseFile) -> None:
    """Where nobody is called any more, the street-town goes on alone."""
    if case.stage in ("called", "consulting") and not any(part.valid for part in case.parts if part.call == case.call_list[-1].ordinal):
        earlier = [part for part in case.parts if part.standing]
        case.stage = case.stage if earlier else "handling"


def withdraw(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The street-town needs this department no longer."""
    part = doing.called
    part.withdrawn_at = doing.at
    found = case.call(part.call)
    if found is not None and not any(each.valid for each in found.parts):
        found.withdrawn_at, found.withdraw_reason = doing.at, doing.text("reason")
    _settle(case)
    return _said(part, reason=doing.text("reason"))


def sign_call(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """A person of the department signs for the call."""
    doing.called.signed_at = doing.at
    return _said(doing.called)


def respond(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The department takes the call; who answers has also signed."""
    part = doing.called
    part.responded_at = doing.at
    part.signed_at = part.signed_at or doing.at
    return _said(part, note=doing.text("note"))


def return_call(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Departments do not refuse silently: they accept, or say why the call is not theirs."""
    part = doing.called
    part.returned, part.returned_at = OPEN, doing.at
    part.return_reason, part.return_note = doing.text("reason"), doing.text("note")
    part.return_due_at = doing.rules.due_at(RETURN_DECIDE, case, doing.at)
    return _said(part, reason=part.return_reason, note=part.return_note)


def accept_call_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """A justified return counts as an answer (handbook §2.3 RESP) and ends the department's part."""
    part = doing.called
    part.returned = APPROVED
    _settle(case)
    return _said(part, note=doing.text("note"))


def reject_call_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The call stands; its clocks never stopped."""
    doing.called.returned = REJECTED
    return _said(doing.called, note=doing.text("note"))


def lapse_call_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Nobody decided in time, so the call stands."""
    doing.called.returned = LAPSED
    return _said(doing.called)


def report_in(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Somebody of the department is there: person, time, place; on time or late against the appointment and its grace."""
    part = doing.called
    found = case.call(part.call)
    meeting = found.appointment_at if found else None
    part.reported_in_at = doing.at
    part.reported_by = doing.text("person") or doing.actor.name
    part.reported_place = doing.text("place") or (found.place if found else "")
    part.arrival = LATE if meeting is not None and doing.at > doing.rules.with_grace(case, meeting) else ON_TIME
    part.responded_at = part.responded_at or doing.at
    part.signed_at = part.signed_at or doing.at
    if case.stage == "called":
        case.stage = "consulting"
    return _said(part, person=part.reported_by, place=part.reported_place, arrival=part.arrival)


def mark_absent(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """It did not come; should it come later, it is late."""
    doing.called.arrival = ABSENT
    return _said(doing.called, arrival=ABSENT)


def give_opinion(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """What the department has to say."""
    doing.called.opinion = doing.text("opinion")
    return _said(doing.called, opinion=doing.called.opinion)


def conclude(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The sub-centre writes the consultation opinion (会商意见), without which the ticket does not move on."""
    found = case.call_list[-1]
    meeting = Consultation(
        ordinal=len(case.consultations) + 1,
        call=found.ordinal,
        held_at=doing.at,
        place=found.place,
        participants=doing.text("participants"),
        opinion=doing.text("opinion"),
        tasks=doing.text("tasks"),
    )
    case.consultations.append(meeting)
    return {"call": found.ordinal, "opinion": meeting.opinion, "participants": meeting.participants, "tasks": meeting.tasks}


def finish(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The department has done its part: a claim to the street-town, not the end of the ticket."""
    part = doing.called
    part.finished_at, part.finish_note = doing.at, doing.text("note")
    return _said(part, note=part.finish_note)
