"""What a ticket waits for, in one sentence, and what has been asked for and is not decided yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.core.languages import Words
from app.domain.actors import Actor
from app.domain.acts import Doing
from app.domain.casefile import OPEN, CaseFile
from app.domain.machine import decide
from app.domain.refusals import N_
from app.domain.rulebook import Rulebook
from app.web.ticket_verbs import Blocked
from app.web.ticket_words import words_of

STAGES: Mapping[str, str] = {
    "reported": N_("Waits to be dispatched."),
    "dispatched": N_("Waits for %(unit)s to sign."),
    "signed": N_("Waits for %(unit)s to start handling."),
    "handling": N_("%(unit)s is handling it."),
    "called": N_("Waits for the called departments to report in."),
    "consulting": N_("Waits for the consultation opinion of %(unit)s."),
    "completed": N_("Waits for review by the command centre."),
    "reviewing": N_("The command centre is reviewing it."),
    "evaluating": N_("Waits for ratings."),
    "archived": N_("Archived; nothing is left to do."),
}


def waiting(case: CaseFile, units: Mapping[int, str], writer: Words) -> str:
    """The sentence."""
    unit = units.get(case.unit_id or 0) or writer(N_("the unit"))
    if case.ended == "voided":
        return writer(N_("The ticket is void."))
    if case.ended:
        return writer(N_("The ticket was merged into another one; it goes on there."))
    if case.claimed_at and case.stage == "handling":
        verifier = units.get(case.street_town_id or 0) or writer(N_("Command centre"))
        return writer(N_("%(unit)s says it is done; waits for %(verifier)s to verify."), unit=unit, verifier=verifier)
    if case.pause and case.stage in ("handling", "called", "consulting"):
        return writer(N_("Suspended until %(until)s; the clock stands still."), until=case.pause.until)
    if asked := _undecided(case):
        return writer(asked)
    if case.stage == "evaluating" and case.window_ends_at:
        return writer(N_("Waits for ratings, until %(until)s at the latest."), until=case.window_ends_at)
    message = STAGES.get(case.stage, "")
    return writer(message, unit=unit) if "%(unit)s" in message else writer(message)


def _undecided(case: CaseFile) -> str:
    """What the centre has to decide first."""
    if case.turn is not None and case.turn.returned == OPEN and case.stage in ("dispatched", "signed", "handling"):
        return N_("Waits for the command centre to decide on the return.")
    if case.asked_extension is not None and case.live:
        return N_("Waits for the command centre to decide on the extension.")
    if case.asked_pause is not None and case.live:
        return N_("Waits for the command centre to decide on the suspension.")
    return ""


def asked_for(case: CaseFile, units: Mapping[int, str], writer: Words) -> dict[str, str]:
    """What the person who decides has to know, by the move that decides."""
    found: dict[str, str] = {}
    turn = case.turn
    if turn is not None and turn.returned == OPEN:
        said = _reason("return_reason", turn.return_reason, turn.return_note, writer)
        text = writer(N_("%(unit)s wants to return the ticket: %(reason)s"), unit=units.get(turn.unit_id, ""), reason=said)
        found |= {"approve_return": text, "reject_return": text}
    if wish := case.asked_extension:
        values = {"wanted": wish.wanted_at, "due": wish.old_due_at, "reason": wish.reason}
        text = writer(N_("Asked for: due %(wanted)s instead of %(due)s. %(reason)s"), **values)
        found |= {"approve_extension": text, "reject_extension": text}
    if pause := case.asked_pause:
        said = _reason("suspension_reason", pause.reason, pause.note, writer)
        text = writer(N_("Asked for: suspend until %(until)s. %(reason)s"), until=pause.until, reason=said)
        found |= {"approve_suspension": text, "reject_suspension": text}
    if case.claimed_at and turn is not None:
        text = writer(N_("Claimed result: %(result)s"), result=words_of("result", case.result, writer))
        found |= {"complete": text, "reject_claim": text}
    order = next((order for order in case.orders if order.answered_at is None), None)
    if order is not None:
        found["answer_order"] = order.text
    for part in case.parts:
        if part.returned == OPEN:
            text = _reason("return_reason", part.return_reason, part.return_note, writer)
            key = part.key.replace(".", "-")
            found |= {f"accept_call_return-{key}": text, f"reject_call_return-{key}": text}
    return found


def _reason(source: str, code: str, note: str, writer: Words) -> str:
    parts = [words_of(source, code, writer)] if code else []
    return " · ".join([*parts, note] if note else parts)


def completion_waits(case: CaseFile, actor: Actor, at: datetime, rules: Rulebook, writer: Words) -> list[Blocked]:
    """While departments are called nobody is offered to complete; whoever will have to, is told what comes first."""
    if case.stage not in ("called", "consulting") or case.ended:
        return []
    later = replace(case, stage="handling")
    for action in ("complete", "claim_done"):
        refused = decide(later, action, Doing(actor, at, rules))
        if refused is None or refused.status == 422:
            reasons = [writer(N_("First the consultation opinion has to be submitted."))]
            reasons += [writer.phrase(refused.phrase)] if refused is not None and refused.code == "call-open" else []
            return [Blocked(writer(N_("Complete")), tuple(reasons))]
    return []
