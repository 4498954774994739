"""Ending a ticket: the unit's claim, the sub-centre's verification, the review, the archive, and opening it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.acts import Doing
from app.domain.acts.assignment import drop_requests, new_round
from app.domain.acts.clocks import hand_back
from app.domain.casefile import OPEN, PUBLIC, TO_DEPARTMENT, TO_STREET_TOWN, CaseFile, Part, Rating
from app.domain.refusals import N_, Refused
from app.domain.rulebook import RATE_CITIZEN, RATE_UNIT, REOPEN

SETTLED = frozenset({"solved", "partly", "explained"})
"""Results with which a ticket may leave a backstop (直至问题解决)."""


# --- conditions ---------------------------------------------------------------------------------------------


def claimed_or_own(case: CaseFile, doing: Doing) -> Refused | None:
    """A sub-centre verifies what others claim; what it settled itself it may complete at once."""
    if case.claimed_at or case.now_held.unit_id in doing.units:
        return None
    return Refused("not-claimed", N_("The handling unit has not claimed completion yet."))


def result_is_known(case: CaseFile, doing: Doing) -> Refused | None:
    """Completing without a claim needs the result said."""
    if not doing.said or doing.text("result") or case.result:
        return None
    return Refused("required", N_("Say what came of it."), field="result")


def reviewer_is_another(case: CaseFile, doing: Doing) -> Refused | None:
    """Nobody reviews the own work."""
    if doing.actor.user_id is not None and doing.actor.user_id in (case.handled_by_id, case.verified_by_id):
        return Refused("own-work", N_("Whoever handled or verified a ticket does not review it."))
    return None


def window_over(case: CaseFile, doing: Doing) -> Refused | None:
    """Ratings are in, or their time has passed; otherwise somebody says why the archive does not wait."""
    waiting = [rating for rating in case.ratings if rating.state == OPEN]
    if not doing.said and not doing.actor.has_role("system"):
        return None
    if not waiting or (case.window_ends_at is not None and doing.at >= case.window_ends_at):
        return None
    if doing.text("waiver") and not doing.actor.has_role("system"):
        return None
    return Refused("ratings-open", N_("Ratings are still awaited; say why the ticket is archived without them."), field="waiver")


def backstop_is_settled(case: CaseFile, doing: Doing) -> Refused | None:
    """What stands on a backstop is not archived unsolved."""
    if case.fallback and case.result not in SETTLED:
        return Refused("backstop-unsolved", N_("A backstop ticket is archived only when it is solved or explained."))
    return None


def within_reopening(case: CaseFile, doing: Doing) -> Refused | None:
    """There is a time for opening a ticket again; afterwards it is a new matter."""
    since = case.archived_at or case.completed_at
    limit = doing.rules.due_at(REOPEN, case, since) if since else None
    if case.stage == "archived" and limit is not None and doing.at > limit:
        return Refused("reopen-too-late", N_("The ticket could be reopened until %(limit)s; register a new one."), limit=limit)
    return None


def somebody_takes_it(case: CaseFile, doing: Doing) -> Refused | None:
    """A ticket whose unit nobody knows, or whose unit has ended, is opened again for somebody."""
    if case.turn is None and doing.said and not doing.get("unit"):
        return Refused("required", N_("The ledger does not say which unit had this ticket. Say who is to take it."), field="unit")
    if case.turn is not None and doing.said and not doing.get("unit") and case.turn.unit_id in doing.rules.closed:
        return Refused("not-valid", N_("The unit that had this ticket is no longer at work. Say who is to take it."), field="unit")
    return None


# --- what happens -------------------------------------------------------------------------------------------


def claim_done(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The unit says it is done (处置完毕): a claim with its moment, which counts once it has been verified."""
    turn = case.now_held
    turn.disposed_at, turn.disposed_by_id = doing.at, doing.actor.user_id
    case.claimed_at, case.result, case.handled_by_id = doing.at, doing.text("result"), doing.actor.user_id
    drop_requests(case, doing)
    return {"round": turn.ordinal, "result": case.result, "note": doing.text("note")}


def complete(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The sub-centre verifies and writes the completion opinion (处置办结意见); the unit's moment is that of its claim."""
    turn = case.now_held
    if not case.claimed_at:
        turn.disposed_at, turn.disposed_by_id = doing.at, doing.actor.user_id
        case.handled_by_id = doing.actor.user_id
        drop_requests(case, doing)
    turn.completed_at = turn.disposed_at
    case.completed_at, case.claimed_at = doing.at, None
    case.result = doing.text("result") or case.result
    case.opinion, case.verified_by_id = doing.text("opinion"), doing.actor.user_id
    return {"round": turn.ordinal, "result": case.result, "opinion": case.opinion}


def reject_claim(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Not done yet: back to the unit, counted as rework; while others looked, its clock stood still."""
    before = case.now_held.due_at
    hand_back(case, doing)
    return {"round": case.now_held.ordinal, "reason": doing.text("reason"), "old_due_at": before, "due_at": case.now_held.due_at}


def take_review(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """A reviewer sets to work."""
    return {}


def pass_review(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Well done: the three evaluations are asked for, and their window opens."""
    case.reviewed_at = doing.at
    units, citizen = (doing.rules.due_at(clock, case, doing.at) for clock in (RATE_UNIT, RATE_CITIZEN))
    ordinal, unit = len(case.turns), case.turn.unit_id if case.turn else None
    if not case.proactive:
        case.ratings.append(Rating(PUBLIC, ordinal, rated_id=unit, requested_at=doing.at, due_at=citizen))
    rated = {rating.part for rating in case.ratings if rating.part and rating.state != "missed"}
    for part in case.parts:
        if part.valid and part.key not in rated:
            case.ratings += _mutual(case, part, ordinal, doing.at, units)
    case.window_ends_at = max((r.due_at for r in case.ratings if r.state == OPEN and r.due_at), default=doing.at)
    return {"checks": list(doing.get("checks") or ()), "note": doing.text("note")}


def _mutual(case: CaseFile, part: Part, ordinal: int, at: datetime, due_at: datetime | None) -> tuple[Rating, Rating]:
    """The two sides of one call rate each other, each blind to the other."""
    call = case.call(part.call)
    street = call.street_town_id if call else None
    return (
        Rating(TO_DEPARTMENT, ordinal, part.key, rater_id=street, rated_id=part.unit_id, requested_at=at, due_at=due_at),
        Rating(TO_STREET_TOWN, ordinal, part.key, rater_id=part.unit_id, rated_id=street, requested_at=at, due_at=due_at),
    )


def fail_review(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Back to the unit (返工), with its clock as it stood when it claimed to be done."""
    before = case.now_held.due_at
    hand_back(case, doing)
    return {"round": case.now_held.ordinal, "reason": doing.text("reason"), "old_due_at": before, "due_at": case.now_held.due_at}


def archive(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The loop is closed; what was not rated counts as missing, and both sides may read each other's ratings."""
    missed = 0
    for rating in case.ratings:
        if rating.state == OPEN:
            rating.state = "missed"
            missed += 1
        reveal(case, rating, doing.at)
    case.archived_at, case.waiver = doing.at, doing.text("waiver")
    return {"missed": missed, "waiver": case.waiver}


def reveal(case: CaseFile, rating: Rating, at: datetime) -> None:
    """Let both sides read a rating, and put what it says where indicators look."""
    if rating.revealed_at is not None:
        return
    rating.revealed_at = at
    part = case.part(rating.part)
    if part is not None and rating.state == "given":
        part.effect = rating.effect or part.effect
        part.accuracy = rating.accuracy or part.accuracy


def reopen(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The matter is not settled after all (重办): a new round opens; the old one keeps its result, and late stays late."""
    before = case.turn
    unit = doing.get("unit") or (before.unit_id if before else None)
    assert unit is not None, "somebody takes it"
    same = before is not None and unit == before.unit_id
    for rating in case.ratings:
        if rating.state == OPEN:
            rating.state = "missed"
        reveal(case, rating, doing.at)
    kept = {"result": case.result, "opinion": case.opinion, "rating": case.rating, "completed_at": case.completed_at, "due_at": case.due_at}
    if before is not None and same:
        before.reworks += 1
        case.reworks += 1
    case.due_at = None  # what is opened again has a due time of its own, whoever takes it
    turn = new_round(case, doing, unit, "reopen" if same else "dispatch", doing.get("due_at"))
    case.stage = "handling" if same else "dispatched"
    case.completed_at = case.reviewed_at = case.window_ends_at = case.archived_at = case.rated_at = None
    case.completed = None
    case.result = case.opinion = case.rating = case.waiver = ""
    case.handled_by_id = case.verified_by_id = None
    case.reopenings += 1
    return {"round": turn.ordinal, "unit": turn.unit_id, "reason": doing.text("reason"), "before": kept}
