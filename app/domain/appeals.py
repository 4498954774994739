"""Appeals against a line of a scorecard: what may be asked, until when, who may hear it, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.calendar import WorkingCalendar
from app.domain.refusals import N_, NotAllowed, Refused

DISPUTE, DECLARE = "dispute", "declare"
KINDS: Mapping[str, str] = {DISPUTE: N_("Dispute"), DECLARE: N_("Declared obstacle")}
"""申诉: the figure is contested; 申报: an obstacle that was declared beforehand (handbook §2.10)."""

OPEN, WITHDRAWN, UPHELD, PARTLY, REJECTED = "open", "withdrawn", "upheld", "partly", "rejected"
STATES: Mapping[str, str] = {
    OPEN: N_("Being heard"),
    WITHDRAWN: N_("Withdrawn"),
    UPHELD: N_("Upheld"),
    PARTLY: N_("Partly upheld"),
    REJECTED: N_("Rejected"),
}
VERDICTS = (UPHELD, PARTLY, REJECTED)

CHECK, REVIEW, LEAD = "check", "review", "lead"
NODES: Mapping[str, str] = {CHECK: N_("Preliminary check"), REVIEW: N_("Department's review"), LEAD: N_("Leader's decision")}
"""预审, 部门审核, 领导审核."""

CLASSES: Mapping[str, tuple[str, ...]] = {"none": (), "dispute": (DISPUTE,), "declare": (DECLARE,), "both": (DISPUTE, DECLARE)}
"""What a line's appeal class lets a unit file."""


def nodes(count: int) -> tuple[str, ...]:
    """The review nodes in order: two or three."""
    return (CHECK, LEAD) if count == 2 else (CHECK, REVIEW, LEAD)


def window_ends(calendar: WorkingCalendar, published_at: datetime, days: int) -> datetime:
    """When the window closes: at closing time of the ``days``-th working day after the day of publishing (handbook §2.7 b)."""
    day = calendar.local_day(published_at)
    for _ in range(days):
        day = calendar.next_working_day(day)
    return calendar.closing(day)


@dataclass(frozen=True, slots=True)
class Heard:
    """One node that has spoken: who it was."""

    node: str
    user_id: int | None


def node_of(order: Sequence[str], heard: Sequence[Heard]) -> str:
    """The node whose turn it is; empty once all have spoken."""
    return order[len(heard)] if len(heard) < len(order) else ""


def why_not_decide(
    user_id: int | None, filed_by: int | None, heard: Sequence[Heard], entered_by: frozenset[int], units: frozenset[int], unit: int
) -> Refused | None:
    """Why this person may not speak at the present node: every node another person, and nobody in a matter of one's own.

    ``entered_by`` are those who entered the deduction or the manual line; ``units`` are the person's own, ``unit`` the one appealing.
    """
    if user_id is None:
        return NotAllowed(N_("An appeal is decided by a person."))
    if user_id == filed_by:
        return NotAllowed(N_("Whoever filed an appeal does not decide it."))
    if unit in units:
        return NotAllowed(N_("Nobody decides an appeal of the own unit."))
    if user_id in entered_by:
        return NotAllowed(N_("Whoever entered the deduction does not decide the appeal against it."))
    if user_id in {one.user_id for one in heard}:
        return NotAllowed(N_("You have spoken at an earlier node; each node is another person's."))
    return None


def granted_of(verdict: str, asked: Sequence[int], chosen: Sequence[int], *, manual: bool) -> tuple[int, ...]:
    """The tickets a verdict decides for: all that were asked for, those chosen, or none.

    Raises ``Refused`` where a partial verdict chooses nothing, everything, or what was never asked for.
    """
    if verdict not in VERDICTS:
        raise Refused("not-an-option", N_("Choose whether the appeal is upheld, partly upheld or rejected."), field="verdict")
    if verdict == UPHELD:
        return tuple(asked)
    if verdict == REJECTED or manual:
        return ()
    picked = tuple(key for key in asked if key in set(chosen))
    if len(picked) != len(set(chosen)):
        raise Refused("not-asked-for", N_("Only tickets that the appeal names can be decided for it."), field="tickets")
    if not picked:
        raise Refused("none-chosen", N_("Choose the tickets the appeal is upheld for."), field="tickets")
    if len(picked) == len(asked):
        raise Refused("all-chosen", N_("All tickets are chosen: then the appeal is upheld, not partly upheld."), field="tickets")
    return picked
