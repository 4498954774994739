"""A made-up ticket's whole life as planned, and the part of it that a given moment has seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.history import CalledHistory, CallHistory, RoundHistory, TicketHistory


@dataclass(frozen=True, slots=True)
class Claim:
    """One completion (办结): claimed at ``made_at``, and sent back for rework at ``refused_at`` if it was."""

    made_at: datetime
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """``history`` as it reads once archived, and the moments that a history has no field for.

    ``stages`` are (moment, stage) in order of time, ``decided`` the settlement of each round's return,
    ``judged_at`` when street-town and departments have rated each other.
    """

    history: TicketHistory
    stages: tuple[tuple[datetime, str], ...]
    decided: tuple[datetime | None, ...]
    claims: tuple[Claim, ...]
    judged_at: datetime


def seen(plan: Plan, until: datetime) -> TicketHistory:
    """What is known of the ticket at ``until``; later moments, and what follows from them, are left out."""
    full = plan.history
    if plan.stages[-1][0] <= until:
        return full
    claim = _standing(plan, until)
    reworks = sum(1 for made in plan.claims if made.refused_at is not None and made.refused_at <= until)
    rounds = _rounds(plan, until, claim, reworks)
    rated = full.rated_at is not None and full.rated_at <= until
    return replace(
        full,
        stage=next((stage for moment, stage in reversed(plan.stages) if moment <= until), "reported"),
        due_at=full.due_at if rounds else None,
        completed_at=claim.made_at if claim else None,
        result=full.result if claim else "",
        opinion=full.opinion if claim else "",
        reworks=reworks,
        rating=full.rating if rated else "",
        rated_at=full.rated_at if rated else None,
        fallback=full.fallback and len(rounds) == len(full.rounds),
        rounds=rounds,
        calls=tuple(_call(call, plan, until) for call in full.calls if call.issued_at <= until),
    )


def _standing(plan: Plan, until: datetime) -> Claim | None:
    """The completion that stands at ``until``: claimed by then and not refused by then."""
    for claim in plan.claims:
        if claim.made_at <= until and (claim.refused_at is None or claim.refused_at > until):
            return claim
    return None


def _rounds(plan: Plan, until: datetime, claim: Claim | None, reworks: int) -> tuple[RoundHistory, ...]:
    known = []
    final = len(plan.history.rounds)
    for turn, decided in zip(plan.history.rounds, plan.decided, strict=True):
        if turn.dispatched_at is None or turn.dispatched_at > until:
            break
        asked = turn.returned_at is not None and turn.returned_at <= until
        open_still = decided is not None and decided > until
        known.append(
            replace(
                turn,
                signed_at=_by(turn.signed_at, until),
                auto_signed=turn.auto_signed and _by(turn.signed_at, until) is not None,
                completed_at=claim.made_at if claim and turn.ordinal == final else None,
                returned=("open" if open_still else turn.returned) if asked else "",
                returned_at=_by(turn.returned_at, until),
                return_reason=turn.return_reason if asked else "",
                reworks=reworks if turn.ordinal == final else 0,
            )
        )
    return tuple(known)


def _call(call: CallHistory, plan: Plan, until: datetime) -> CallHistory:
    return replace(call, departments=tuple(_called(part, plan.judged_at, until) for part in call.departments))


def _called(part: CalledHistory, judged_at: datetime, until: datetime) -> CalledHistory:
    judged = judged_at <= until
    return replace(
        part,
        signed_at=_by(part.signed_at, until),
        responded_at=_by(part.responded_at, until),
        reported_in_at=_by(part.reported_in_at, until),
        finished_at=_by(part.finished_at, until),
        withdrawn_at=_by(part.withdrawn_at, until),
        accuracy=part.accuracy if judged else "",
        arrival=part.arrival if judged else "",
        effect=part.effect if judged else "",
    )


def _by(moment: datetime | None, until: datetime) -> datetime | None:
    return moment if moment is not None and moment <= until else None
