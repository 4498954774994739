"""Tellings: what each move tells whom, beside the one who made it; a table by action, like the moves themselves.

Ratings tell nobody anything: two units are blind to each other until both have spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.casefile import OPEN, CaseFile, Happening, Round
from app.domain.refusals import N_


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence for the people of ``units``, of the centre, or for whoever issued supervision order ``order``.

    ``message`` may name the ticket (``number``, ``title``), the unit ``unit`` and the ticket ``into``; a ``due`` follows the sentence.
    """

    kind: str
    message: str
    units: tuple[int, ...] = ()
    centre: bool = False
    order: int = 0
    unit: int | None = None
    into: int | None = None
    due: datetime | None = None
    tone: str = "neutral"
    mail: bool = True
    urgent: bool = False


Tell = Callable[[CaseFile, Mapping[str, Any]], "list[Telling]"]


def tellings(case: CaseFile, happening: Happening) -> list[Telling]:
    """Everything that this move tells."""
    tell = TELLINGS.get(happening.action)
    return tell(case, happening.details) if tell else []


def _turn(case: CaseFile, details: Mapping[str, Any]) -> Round:
    """The round that the move was about."""
    return next((turn for turn in case.turns if turn.ordinal == details.get("round")), case.now_held)


def _holder(kind: str, message: str, *, tone: str = "neutral", with_due: bool = False) -> Tell:
    """Tell whoever holds the round that the move was about."""

    def tell(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
        turn = _turn(case, details)
        return [Telling(kind, message, (turn.unit_id,), due=turn.due_at if with_due else None, tone=tone)]

    return tell


def _centre(kind: str, message: str) -> Tell:
    """Tell the command centre what the unit that holds the round asks for."""

    def tell(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
        turn = _turn(case, details)
        due = turn.return_due_at if kind == "return_asked" else None
        return [Telling(kind, message, centre=True, unit=turn.unit_id, due=due, tone="warn")]

    return tell


def _department(kind: str, message: str, *, tone: str = "neutral") -> Tell:
    """Tell a called department about its part."""

    def tell(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
        return [Telling(kind, message, (details["unit"],), tone=tone)]

    return tell


def _caller(kind: str, message: str, *, mail: bool = True) -> Tell:
    """Tell the street-town that called what a department did."""

    def tell(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
        call = case.call(details["call"])
        late = details.get("arrival") == "late"
        units = (call.street_town_id,) if call else ()
        return [Telling(kind, message, units, unit=details["unit"], tone="warn" if late else "neutral", mail=mail)]

    return tell


def _new_round(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    turn = case.now_held
    message = N_("%(number)s “%(title)s” was dispatched to you; sign for it")
    return [Telling("dispatched", message, (turn.unit_id,), due=turn.sign_due_at, tone="warn", urgent=case.urgency == "at_once")]


def _given_away(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    """A new round at one unit, taken away from another."""
    before = case.turns[-2].unit_id if len(case.turns) > 1 else None
    found = _new_round(case, details)
    if before is not None and before != case.now_held.unit_id and case.turns[-2].withdrawn_at is not None:
        message = N_("%(number)s “%(title)s” was given to %(unit)s; it is no longer yours")
        found.append(Telling("redirected", message, (before,), unit=case.now_held.unit_id))
    return found


def _returned(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    asked = _turn(case, details)
    found = [Telling("return_decided", N_("Your return of %(number)s “%(title)s” was accepted"), (asked.unit_id,))]
    return found + (_new_round(case, details) if details.get("unit") else [])


def _recomputed(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    """The calendar changed, and with it the holder's due time; other clocks are read on the ticket."""
    turn = case.now_held
    message = N_("The calendar changed; %(number)s “%(title)s” is due at another time")
    return [Telling("recomputed", message, (turn.unit_id,), due=turn.due_at, mail=False)] if details.get("due_at") else []


def _called(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    call = case.call(details["call"])
    message = N_("You are called to %(number)s “%(title)s”; report in by the appointed time")
    due = call.appointment_at if call else None
    return [Telling("called", message, tuple(details["departments"]), due=due, tone="warn", urgent=True)]


def _call_returned(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    call = case.call(details["call"])
    part = case.part(f"{details['call']}.{details['unit']}")
    message = N_("%(unit)s returns your call on %(number)s “%(title)s”; decide on it")
    units = (call.street_town_id,) if call else ()
    return [Telling("call_returned", message, units, unit=details["unit"], due=part.return_due_at if part else None, tone="warn")]


def _call_return_lapsed(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    call = case.call(details["call"])
    mine = N_("Nobody decided on your return of the call on %(number)s “%(title)s” in time; the call stands")
    theirs = N_("You did not decide in time on the return of %(unit)s on %(number)s “%(title)s”; the call stands")
    found = [Telling("call_upheld", mine, (details["unit"],), tone="warn")]
    return found + ([Telling("call_return_lapsed", theirs, (call.street_town_id,), unit=details["unit"])] if call else [])


def _claimed(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    """To whoever verifies: the sub-centre of the place, or the centre where no street-town stands for the ticket."""
    turn = case.now_held
    centre = case.street_town_id is None or turn.kind == "escalation"
    units = () if case.street_town_id is None else (case.street_town_id,)
    message = N_("%(unit)s claims completion of %(number)s “%(title)s”; verify it")
    return [Telling("to_verify", message, units, centre=centre, unit=turn.unit_id, tone="warn")]


def _ordered(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    message = N_("A supervision order on %(number)s “%(title)s” demands your answer")
    return [Telling("order", message, (details["unit"],), due=details.get("due_at"), tone="bad", urgent=True)]


def _order_answered(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    message = N_("%(unit)s answered your supervision order on %(number)s “%(title)s”")
    return [Telling("order_answered", message, order=details["order"], unit=details["unit"])]


def _rating_asked(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    """To the units that rate each other; the citizen is asked on another way."""
    wanted = [rating for rating in case.ratings if rating.state == OPEN and rating.rater_id is not None]
    units = tuple(sorted({rating.rater_id for rating in wanted if rating.rater_id is not None}))
    due = min((rating.due_at for rating in wanted if rating.due_at), default=None)
    return [Telling("rating_asked", N_("Rate the cooperation on %(number)s “%(title)s”"), units, due=due)] if units else []


def _reopened(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
    if case.stage == "dispatched":
        return _new_round(case, details)
    turn = case.now_held
    message = N_("%(number)s “%(title)s” was reopened; it is with you again")
    return [Telling("reopened", message, (turn.unit_id,), due=turn.due_at, tone="warn")]


def _ended(kind: str, message: str) -> Tell:
    """Tell whoever worked on it: the holder, and departments that still owed something."""

    def tell(case: CaseFile, details: Mapping[str, Any]) -> list[Telling]:
        holders = {case.turn.unit_id} if case.turn is not None and case.stage != "reported" else set()
        units = holders | {part.unit_id for part in case.parts if part.standing}
        return [Telling(kind, message, tuple(sorted(units)), into=details.get("into"))] if units else []

    return tell


TELLINGS: Mapping[str, Tell] = {
    "dispatch": _new_round,
    "redirect": _given_away,
    "backstop": _given_away,
    "escalate": _new_round,
    "request_return": _centre("return_asked", N_("%(unit)s asks to return %(number)s “%(title)s”; decide on it")),
    "approve_return": _returned,
    "reject_return": _holder(
        "return_decided", N_("Your return of %(number)s “%(title)s” was rejected; the ticket stays with you"), tone="warn"
    ),
    "lapse_return": _holder(
        "return_decided", N_("Nobody decided on your return of %(number)s “%(title)s” in time; the ticket stays with you"), tone="warn"
    ),
    "call": _called,
    "return_call": _call_returned,
    "accept_call_return": _department("call_released", N_("You were released from the call on %(number)s “%(title)s”")),
    "reject_call_return": _department("call_upheld", N_("The call on %(number)s “%(title)s” was upheld; answer it"), tone="warn"),
    "lapse_call_return": _call_return_lapsed,
    "withdraw_call": _department("call_withdrawn", N_("The call on %(number)s “%(title)s” was withdrawn")),
    "respond": _caller("responded", N_("%(unit)s takes your call on %(number)s “%(title)s”"), mail=False),
    "report_in": _caller("reported_in", N_("%(unit)s has reported in on %(number)s “%(title)s”"), mail=False),
    "mark_absent": _department("absent", N_("You were marked absent on %(number)s “%(title)s”"), tone="bad"),
    "finish": _caller("part_done", N_("%(unit)s has done its part on %(number)s “%(title)s”")),
    "claim_done": _claimed,
    "reject_claim": _holder(
        "claim_rejected", N_("Completion of %(number)s “%(title)s” was not accepted; it is with you again"), tone="bad", with_due=True
    ),
    "fail_review": _holder("rework", N_("%(number)s “%(title)s” was sent back for rework"), tone="bad", with_due=True),
    "request_extension": _centre("extension_asked", N_("%(unit)s asks for more time for %(number)s “%(title)s”; decide on it")),
    "approve_extension": _holder("extension_decided", N_("More time was granted for %(number)s “%(title)s”"), with_due=True),
    "reject_extension": _holder(
        "extension_decided", N_("More time was refused for %(number)s “%(title)s”"), tone="warn", with_due=True
    ),
    "request_suspension": _centre("suspension_asked", N_("%(unit)s asks to suspend %(number)s “%(title)s”; decide on it")),
    "approve_suspension": _holder("suspension_decided", N_("%(number)s “%(title)s” is suspended; its clock stands still")),
    "reject_suspension": _holder("suspension_decided", N_("Suspension of %(number)s “%(title)s” was refused"), tone="warn", with_due=True),
    "resume": _holder("resumed", N_("The clock of %(number)s “%(title)s” goes on"), with_due=True),
    "resume_on_time": _holder("resumed", N_("The clock of %(number)s “%(title)s” goes on"), tone="warn", with_due=True),
    "recompute": _recomputed,
    "supervise": _ordered,
    "answer_order": _order_answered,
    "pass_review": _rating_asked,
    "reopen": _reopened,
    "merge": _ended("merged", N_("%(number)s “%(title)s” was merged into %(into)s")),
    "void": _ended("voided", N_("%(number)s “%(title)s” was declared void")),
    "restore": _ended("restored", N_("%(number)s “%(title)s” was taken up again")),
}  # fmt: skip
"""By action; a move that is not named here tells nobody."""
