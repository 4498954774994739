"""Getting a ticket to the unit that is to settle it: dispatch, signing, returning, redirecting, and both backstops."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.acts import Doing
from app.domain.casefile import APPROVED, CANCELLED, LAPSED, OPEN, REJECTED, CaseFile, Extension, Pause, Round
from app.domain.refusals import N_, Refused
from app.domain.rulebook import CONTACT, HANDLE, RETURN_ASK, RETURN_DECIDE, SIGN

# --- conditions ---------------------------------------------------------------------------------------------


def own_unit_only(case: CaseFile, doing: Doing) -> Refused | None:
    """A sub-centre may take its own matters in hand; only the centre gives work to others."""
    if doing.actor.has_role("command_centre", "system") or "unit" not in doing.said:
        return None
    if doing.get("unit") in doing.units:
        return None
    return Refused("own-unit-only", N_("A sub-centre dispatches to itself only; the command centre dispatches to others."), field="unit")


def due_is_known(case: CaseFile, doing: Doing) -> Refused | None:
    """A hard matter is settled within a set limit, so somebody must set it (疑难问题限时办)."""
    if "unit" not in doing.said or doing.get("due_at") or doing.rules.limit(HANDLE, case):
        return None
    return Refused("due-missing", N_("No limit is set for this matter and urgency; say by when it is due."), field="due_at")


def due_lies_ahead(case: CaseFile, doing: Doing) -> Refused | None:
    """Nobody can be asked to have finished yesterday."""
    wanted = doing.get("due_at")
    if isinstance(wanted, datetime) and wanted <= doing.at:
        return Refused("due-past", N_("The due time lies in the past."), field="due_at")
    return None


def another_unit(case: CaseFile, doing: Doing) -> Refused | None:
    """A new round goes to somebody else."""
    if case.turn is not None and doing.get("unit") == case.turn.unit_id:
        return Refused("same-unit", N_("The ticket is with this unit already."), field="unit")
    return None


def may_still_return(case: CaseFile, doing: Doing) -> Refused | None:
    """Who keeps a ticket longer than the limit for returning has accepted it (首办责任)."""
    turn = case.now_held
    limit = doing.rules.due_at(RETURN_ASK, case, turn.dispatched_at) if turn.dispatched_at else None
    if limit is not None and doing.at > limit:
        return Refused("return-too-late", N_("A ticket can be returned until %(limit)s only; it stays with this unit."), limit=limit)
    return None


def not_the_backstop(case: CaseFile, doing: Doing) -> Refused | None:
    """The backstop keeps what nobody else takes (兜底)."""
    if case.now_held.kind == "backstop":
        return Refused("backstop", N_("The street-town is the backstop of this ticket and cannot return it."))
    return None


def return_overdue(case: CaseFile, doing: Doing) -> Refused | None:
    """The time for deciding has passed."""
    due = case.now_held.return_due_at
    return None if due is not None and doing.at >= due else Refused("not-yet", N_("There is still time to decide on the return."))


def has_territory(case: CaseFile, doing: Doing) -> Refused | None:
    """Somebody is responsible for the place."""
    if case.street_town_id is None:
        return Refused("no-territory", N_("The ticket has no street-town; amend it first."))
    if case.street_town_id in doing.rules.closed:
        return Refused("not-valid", N_("The ticket's street-town is no longer at work and cannot be its backstop."))
    return None


def not_in_its_territory(case: CaseFile, doing: Doing) -> Refused | None:
    """The street-town does not hold the ticket already."""
    if case.turn is not None and case.live and case.stage != "reported" and case.turn.unit_id == case.street_town_id:
        return Refused("same-unit", N_("The ticket is with this unit already."))
    return None


def centre_is_known(case: CaseFile, doing: Doing) -> Refused | None:
    """There is a command centre to turn to."""
    if doing.rules.centre_id is None:
        return Refused("no-centre", N_("The district has no command centre among its units."))
    return None


# --- what happens -------------------------------------------------------------------------------------------


def new_round(case: CaseFile, doing: Doing, unit_id: int, kind: str = "dispatch", due_at: datetime | None = None) -> Round:
    """Open a round at a unit: its clocks for signing, first contact and handling start now.

    The first round also sets the ticket's overall due time; later rounds have a fresh limit of their own while the
    ticket keeps its own (handbook §2.8: unit on time and ticket on time are both reported).
    """
    limit = None if due_at else doing.rules.limit(HANDLE, case)
    found = doing.rules.deadline(HANDLE, case, doing.at) if limit else None
    reopened = kind == "reopen"
    turn = Round(
        ordinal=len(case.turns) + 1,
        unit_id=unit_id,
        unit_type=doing.rules.units.get(unit_id, "department"),
        kind=kind,
        dispatched_at=None if reopened else doing.at,
        sign_due_at=None if reopened else doing.rules.due_at(SIGN, case, doing.at),
        contact_due_at=None if reopened else doing.rules.due_at(CONTACT, case, doing.at),
        started_at=doing.at if reopened else None,
        limit=str(limit or ""),
        base_due_at=due_at or (found.due_at if found else None),
        due_at=due_at or (found.due_at if found else None),
        due_provisional=bool(found and found.provisional),
    )
    if any(earlier.unit_id == unit_id for earlier in case.turns[:-1]):
        case.ping_pong += 1
    if case.due_at is None:
        case.due_at, case.due_provisional = turn.due_at, turn.due_provisional
    case.turns.append(turn)
    case.claimed_at = None
    return turn


def dispatch(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The first round, or the next one after a return; says what was proposed and whether that was followed."""
    turn = new_round(case, doing, doing.said["unit"], due_at=doing.get("due_at"))
    proposed = doing.get("proposed")
    kept = {"round": turn.ordinal, "unit": turn.unit_id, "note": doing.text("note")}
    if proposed:
        kept |= {"proposed": proposed, "followed": proposed == turn.unit_id, "reasons": doing.get("reasons") or []}
    return kept


def redirect(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The centre takes the round away and gives the ticket to another unit."""
    _take_back(case, doing)
    turn = new_round(case, doing, doing.said["unit"], due_at=doing.get("due_at"))
    return {"round": turn.ordinal, "unit": turn.unit_id, "reason": doing.text("reason")}


def _take_back(case: CaseFile, doing: Doing) -> None:
    if case.turn is not None and case.turn.completed_at is None and case.turn.returned != APPROVED:
        case.turn.withdrawn_at = doing.at
        if case.turn.returned == OPEN:
            case.turn.returned = CANCELLED
    drop_requests(case, doing)


def drop_requests(case: CaseFile, doing: Doing) -> None:
    """Wishes that nobody decided end with the round they were made in."""
    wishes: list[Extension | Pause] = [*case.extensions, *case.pauses]
    for wish in wishes:
        if wish.state == OPEN:
            wish.state, wish.decided_at, wish.decided_by = CANCELLED, doing.at, doing.actor.name


def sign(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """A person of the unit signs; within ten minutes, as published."""
    turn = case.now_held
    turn.signed_at = doing.at
    turn.auto_signed = doing.actor.has_role("system")
    return {"round": turn.ordinal}


def request_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The unit says why the ticket is not its own; the clock goes on until that is accepted."""
    turn = case.now_held
    turn.returned, turn.returned_at = OPEN, doing.at
    turn.return_reason, turn.return_note = doing.text("reason"), doing.text("note")
    turn.return_due_at = doing.rules.due_at(RETURN_DECIDE, case, doing.at)
    return {"round": turn.ordinal, "reason": turn.return_reason, "note": turn.return_note}


def cancel_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The unit keeps the ticket after all."""
    case.now_held.returned = CANCELLED
    return {"round": case.now_held.ordinal}


def approve_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The round is void for the unit; the ticket goes on to another one, or back to the dispatchers."""
    before = case.now_held
    before.returned = APPROVED
    case.returns += 1
    drop_requests(case, doing)
    if doing.get("unit"):
        turn = new_round(case, doing, doing.said["unit"], due_at=doing.get("due_at"))
        case.stage = "dispatched"
        return {"round": before.ordinal, "unit": turn.unit_id, "note": doing.text("note")}
    case.stage = "reported"
    return {"round": before.ordinal, "note": doing.text("note")}


def reject_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The ticket stays; its clock never stopped."""
    case.now_held.returned = REJECTED
    return {"round": case.now_held.ordinal, "note": doing.text("note")}


def lapse_return(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Nobody decided in time, so the ticket stays (handbook §2.8)."""
    case.now_held.returned = LAPSED
    return {"round": case.now_held.ordinal}


def start(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Somebody sets to work."""
    case.now_held.started_at = doing.at
    return {"round": case.now_held.ordinal}


def escalate(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Upward backstop (向上兜底): the command centre takes over what the street-town cannot settle."""
    case.now_held.withdrawn_at = doing.at
    drop_requests(case, doing)
    assert doing.rules.centre_id is not None
    turn = new_round(case, doing, doing.rules.centre_id, "escalation", doing.get("due_at") or case.now_held.due_at)
    case.fallback, case.fallback_way = True, "up"
    return {"round": turn.ordinal, "unit": turn.unit_id, "reason": doing.text("reason")}


def backstop(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Downward backstop (向下兜底): what nobody else owns stays with the street-town of the place."""
    _take_back(case, doing)
    assert case.street_town_id is not None
    turn = new_round(case, doing, case.street_town_id, "backstop", doing.get("due_at"))
    case.fallback, case.fallback_way = True, "down"
    return {"round": turn.ordinal, "unit": turn.unit_id, "reason": doing.text("reason")}


def amend(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Correct what was registered, before anybody has worked on it; the event keeps what stood there."""
    before: dict[str, Any] = {}
    for name, column in (("urgency", "urgency"), ("matter", "matter_id"), ("street_town", "street_town_id"), ("address", "address")):
        value = doing.get(name)
        if value not in (None, "") and value != getattr(case, column):
            before[name] = getattr(case, column)
            setattr(case, column, value)
    return {"before": before, "reason": doing.text("reason")}


def says_something_new(case: CaseFile, doing: Doing) -> Refused | None:
    """An amendment amends."""
    names = {"urgency": "urgency", "matter": "matter_id", "street_town": "street_town_id", "address": "address"}
    if not doing.said or any(doing.get(n) not in (None, "") and doing.get(n) != getattr(case, c) for n, c in names.items()):
        return None
    return Refused("nothing-new", N_("Nothing differs from what is registered already."))
