"""Conditions that several moves share, each with the sentence that tells what to do first."""

from __future__ import annotations

from app.domain.acts import Doing
from app.domain.casefile import OPEN, CaseFile
from app.domain.refusals import N_, Refused


def not_suspended(case: CaseFile, doing: Doing) -> Refused | None:
    """The clock is running."""
    return Refused("suspended", N_("The ticket is suspended; resume it first.")) if case.pause else None


def suspended(case: CaseFile, doing: Doing) -> Refused | None:
    """The clock stands still."""
    return None if case.pause else Refused("not-suspended", N_("The ticket is not suspended."))


def not_claimed(case: CaseFile, doing: Doing) -> Refused | None:
    """The unit has not yet said that it is done."""
    return Refused("claimed", N_("Completion has been claimed; it waits for verification.")) if case.claimed_at else None


def claimed(case: CaseFile, doing: Doing) -> Refused | None:
    """The unit says that it is done."""
    return None if case.claimed_at else Refused("not-claimed", N_("The handling unit has not claimed completion yet."))


def no_open_return(case: CaseFile, doing: Doing) -> Refused | None:
    """Nobody has to decide first whether the round goes back."""
    if case.turn is not None and case.turn.returned == OPEN:
        return Refused("return-open", N_("The request to return this ticket has not been decided yet."))
    return None


def open_return(case: CaseFile, doing: Doing) -> Refused | None:
    """The unit wants to give the round back."""
    if case.turn is not None and case.turn.returned == OPEN:
        return None
    return Refused("no-return", N_("No return has been requested."))


def no_standing_call(case: CaseFile, doing: Doing) -> Refused | None:
    """No called department still owes anything."""
    standing = [part for part in case.parts if part.standing]
    if standing:
        return Refused(
            "call-open",
            N_("%(count)d called departments have neither finished nor been released; wait for them, or withdraw the call."),
            count=len(standing),
        )
    return None


def no_asked_extension(case: CaseFile, doing: Doing) -> Refused | None:
    """One wish at a time."""
    return Refused("extension-open", N_("An extension has been requested and not decided yet.")) if case.asked_extension else None


def asked_extension(case: CaseFile, doing: Doing) -> Refused | None:
    """There is a wish to decide on."""
    return None if case.asked_extension else Refused("no-extension", N_("No extension has been requested."))


def no_asked_pause(case: CaseFile, doing: Doing) -> Refused | None:
    """One wish at a time."""
    return Refused("suspension-open", N_("A suspension has been requested and not decided yet.")) if case.asked_pause else None


def asked_pause(case: CaseFile, doing: Doing) -> Refused | None:
    """There is a wish to decide on."""
    return None if case.asked_pause else Refused("no-suspension", N_("No suspension has been requested."))


def not_ended(case: CaseFile, doing: Doing) -> Refused | None:
    """Neither void nor merged."""
    if case.ended == "voided":
        return Refused("voided", N_("The ticket is void."))
    return Refused("merged", N_("The ticket was merged into another one; work there.")) if case.ended else None


def ended(case: CaseFile, doing: Doing) -> Refused | None:
    """Void or merged, so that this can be taken back."""
    return None if case.ended else Refused("not-ended", N_("The ticket is neither void nor merged."))
