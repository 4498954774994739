"""Working a ticket: contact and notes, extensions, suspensions, referral, supervision orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.acts import Doing
from app.domain.acts.clocks import stand_still
from app.domain.casefile import APPROVED, REJECTED, CaseFile, Extension, Order, Pause
from app.domain.deadlines import due
from app.domain.facts import CALLABLE
from app.domain.refusals import N_, Refused
from app.domain.rulebook import EXTEND, SUPERVISE

# --- conditions ---------------------------------------------------------------------------------------------


def before_due(case: CaseFile, doing: Doing) -> Refused | None:
    """What is over cannot be made longer."""
    due_at = case.now_held.due_at
    if due_at is not None and doing.at > due_at:
        return Refused("overdue", N_("The due time has passed; an extension must be requested before it."))
    return None if due_at is not None else Refused("no-due", N_("This round has no due time that could be extended."))


def extensions_left(case: CaseFile, doing: Doing) -> Refused | None:
    """A round is extended so many times and not more often."""
    most, granted = doing.rules.policy.extensions_most, len(case.extensions_of(case.now_held))
    if granted >= most:
        return Refused("extensions-used", N_("This round has been extended %(count)d times; more is not allowed."), count=granted)
    return None


def lead_asks_again(case: CaseFile, doing: Doing) -> Refused | None:
    """A repeated extension needs the lead's signature (handbook §2.8)."""
    turn = case.now_held
    again = len(case.extensions_of(turn)) + 1 >= doing.rules.policy.lead_signs_from
    if again and turn.unit_type in CALLABLE and not doing.actor.has_role("department_lead"):
        return Refused("lead-asks", N_("A further extension must be requested by the department's lead."))
    return None


def extension_fits(case: CaseFile, doing: Doing) -> Refused | None:
    """Later than now due, and not later than one extension may reach."""
    wanted, present = doing.get("wanted_at"), case.now_held.due_at
    if not isinstance(wanted, datetime) or present is None:
        return None
    if wanted <= present:
        return Refused("not-later", N_("The wanted time is not later than the present due time %(due)s."), field="wanted_at", due=present)
    limit = doing.rules.limit(EXTEND, case)
    latest = due(limit, present, doing.rules.calendar).due_at if limit else None
    if latest is not None and wanted > latest:
        return Refused("extension-too-long", N_("One extension reaches to %(latest)s at the latest."), field="wanted_at", latest=latest)
    return None


def until_lies_ahead(case: CaseFile, doing: Doing) -> Refused | None:
    """A suspension ends later than it begins."""
    until = doing.get("until")
    if isinstance(until, datetime) and until <= doing.at:
        return Refused("until-past", N_("The end of the suspension lies in the past."), field="until")
    return None


def pause_not_past(case: CaseFile, doing: Doing) -> Refused | None:
    """What was asked for can still be granted."""
    wish = case.asked_pause
    if wish is not None and wish.until is not None and wish.until <= doing.at:
        return Refused("until-past", N_("The end of the suspension lies in the past."))
    return None


def pause_is_over(case: CaseFile, doing: Doing) -> Refused | None:
    """The clock ends a suspension when its time has come, not before."""
    pause = case.pause
    if doing.actor.has_role("system") and pause is not None and pause.until is not None and doing.at < pause.until:
        return Refused("not-yet", N_("The suspension has not ended yet."))
    return None


def order_to_answer(case: CaseFile, doing: Doing) -> Refused | None:
    """There is an order for one of these units."""
    if any(order.answered_at is None and order.unit_id in doing.units for order in case.orders):
        return None
    return Refused("no-order", N_("There is no unanswered supervision order for your unit."))


def orders_a_unit_concerned(case: CaseFile, doing: Doing) -> Refused | None:
    """The centre supervises whoever holds the ticket or is called; a street-town those it called."""
    unit = doing.get("unit")
    if unit is None:
        alone = bool(doing.said) and not doing.actor.has_role("command_centre")
        return Refused("required", N_("Say which of the called departments the order is for."), field="unit") if alone else None
    called = {part.unit_id for part in case.parts if part.valid}
    holders = {case.now_held.unit_id} if case.turn and doing.actor.has_role("command_centre") else set()
    if unit in called | holders:
        return None
    return Refused("not-concerned", N_("This unit neither holds the ticket nor is called on it."), field="unit")


def answer_lies_ahead(case: CaseFile, doing: Doing) -> Refused | None:
    """Nobody can be asked to have answered yesterday."""
    wanted = doing.get("reply_by")
    if isinstance(wanted, datetime) and wanted <= doing.at:
        return Refused("due-past", N_("The time to answer by lies in the past."), field="reply_by")
    return None


# --- what happens -------------------------------------------------------------------------------------------


def contact(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The citizen was spoken to; the first time stops the contact clock."""
    turn = case.now_held
    turn.contacted_at = turn.contacted_at or doing.at
    return {"round": turn.ordinal, "note": doing.text("note")}


def note(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """What was done or found."""
    return {"note": doing.text("note")}


def request_extension(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Ask for a later due time."""
    turn = case.now_held
    wish = Extension(
        round=turn.ordinal,
        ordinal=len(case.extensions) + 1,
        reason=doing.text("reason"),
        requested_at=doing.at,
        requested_by_id=doing.actor.user_id,
        wanted_at=doing.get("wanted_at"),
        old_due_at=turn.due_at,
    )
    case.extensions.append(wish)
    return {"round": turn.ordinal, "wanted_at": wish.wanted_at, "reason": wish.reason}


def approve_extension(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The wanted time becomes the due time, because it was asked for before the old one had passed."""
    wish, turn = case.asked_extension, case.now_held
    assert wish is not None and wish.wanted_at is not None
    wish.state, wish.decided_at, wish.decided_by = APPROVED, doing.at, doing.actor.name
    wish.decision_note = doing.text("note")
    before, turn.due_at = turn.due_at, wish.wanted_at
    if case.due_at is None or case.due_at < wish.wanted_at:
        case.due_at = wish.wanted_at
    case.extensions_granted += 1
    return {"round": turn.ordinal, "old_due_at": before, "due_at": turn.due_at, "note": wish.decision_note}


def reject_extension(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The due time stays."""
    wish = case.asked_extension
    assert wish is not None
    wish.state, wish.decided_at, wish.decided_by = REJECTED, doing.at, doing.actor.name
    wish.decision_note = doing.text("note")
    return {"round": wish.round, "note": wish.decision_note}


def request_suspension(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Ask that the clock stand still, why and until when."""
    turn = case.now_held
    wish = Pause(
        round=turn.ordinal,
        ordinal=len(case.pauses) + 1,
        reason=doing.text("reason"),
        note=doing.text("note"),
        requested_at=doing.at,
        requested_by_id=doing.actor.user_id,
        until=doing.get("until"),
    )
    case.pauses.append(wish)
    return {"round": turn.ordinal, "reason": wish.reason, "until": wish.until, "note": wish.note}


def approve_suspension(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The clock stands still from now on; not from the wish, which nobody had judged yet."""
    wish = case.asked_pause
    assert wish is not None
    wish.state, wish.decided_at, wish.decided_by, wish.from_at = APPROVED, doing.at, doing.actor.name, doing.at
    return {"round": wish.round, "pause": wish.ordinal, "until": wish.until, "note": doing.text("note")}


def reject_suspension(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The clock goes on."""
    wish = case.asked_pause
    assert wish is not None
    wish.state, wish.decided_at, wish.decided_by = REJECTED, doing.at, doing.actor.name
    return {"round": wish.round, "pause": wish.ordinal, "note": doing.text("note")}


def resume(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The clock goes on; the due times move by as much of it as stood still.

    A suspension ends at its promised time even where the clock's own move comes a little later.
    """
    pause, turn = case.pause, case.now_held
    assert pause is not None and pause.from_at is not None
    end = doing.at
    if doing.actor.has_role("system") and pause.until is not None:
        end = max(pause.from_at, min(doing.at, pause.until))
    pause.to_at = end
    before = turn.due_at
    stand_still(case, turn, pause.from_at, end, doing)
    return {"round": turn.ordinal, "pause": pause.ordinal, "from_at": pause.from_at, "old_due_at": before, "due_at": turn.due_at}


def refer(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Hand the person, not the ticket, to a social service (专业服务转介); the ticket is settled by whoever holds it."""
    return {"partner": doing.get("partner"), "note": doing.text("note")}


def supervise(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Demand an answer of whoever is slow (督办)."""
    order = Order(
        ordinal=len(case.orders) + 1,
        unit_id=doing.get("unit") or case.now_held.unit_id,
        text=doing.text("note"),
        ordered_at=doing.at,
        ordered_by=doing.actor.name,
        due_at=doing.get("reply_by") or doing.rules.due_at(SUPERVISE, case, doing.at),
    )
    case.orders.append(order)
    return {"order": order.ordinal, "unit": order.unit_id, "note": order.text, "due_at": order.due_at}


def answer_order(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Answer the oldest order that waits for one of these units."""
    order = next(order for order in case.orders if order.answered_at is None and order.unit_id in doing.units)
    order.answered_at, order.answer = doing.at, doing.text("answer")
    return {"order": order.ordinal, "unit": order.unit_id, "answer": order.answer}
