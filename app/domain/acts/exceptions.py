"""What ends or divides a ticket outside the usual course: void, merged, split, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.acts import Doing
from app.domain.acts.assignment import drop_requests
from app.domain.casefile import MERGED, VOIDED, CaseFile
from app.domain.refusals import N_, Refused


def another_ticket(case: CaseFile, doing: Doing) -> Refused | None:
    """A ticket is not merged into itself."""
    if doing.get("into") == case.id and doing.get("into") is not None:
        return Refused("itself", N_("A ticket cannot be merged into itself."), field="into")
    return None


def void(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The ticket counts nowhere any more; it stays readable with its reason."""
    case.ended, case.voided = VOIDED, True
    drop_requests(case, doing)
    return {"reason": doing.text("reason"), "note": doing.text("note")}


def merge(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The same matter is worked elsewhere (并案): the citizen follows the other ticket, units are counted once."""
    case.ended, case.voided, case.merged_into_id = MERGED, True, doing.said["into"]
    drop_requests(case, doing)
    return {"into": case.merged_into_id, "note": doing.text("note")}


def restore(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """It was a mistake: the ticket goes on where it stood, and its clocks never stopped."""
    before = case.ended
    case.ended, case.voided, case.merged_into_id = "", False, None
    return {"before": before, "reason": doing.text("reason")}


def split(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Two matters in one report (拆分): the second becomes a ticket of its own, linked to this one."""
    return {"title": doing.text("title"), "ticket": doing.get("made")}
