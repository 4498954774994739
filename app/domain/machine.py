"""The machine that runs the table of moves: may this person do this now, what else could they do, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.actors import Actor
from app.domain.acts import Doing
from app.domain.acts.clocks import refresh
from app.domain.casefile import CaseFile, Happening, Part
from app.domain.moves import BY_ACTION, MOVES
from app.domain.moves.row import AS_CALL, Move
from app.domain.refusals import N_, Phrase, Refused
from app.domain.rights import rights_of
from app.domain.rulebook import Rulebook
from app.domain.workflow import ALL_STAGES

UNHELD = frozenset(
    {
        *("redirect", "backstop", "merge", "split", "void", "restore", "note", "take_review", "pass_review", "archive"),
        *("archive_on_time", "rate_publicly", "follow_up", "annul_rating", "reopen"),
    }
)
"""Moves that need no round: those with which a ticket that came from a ledger without its unit gets one, or an end."""

STAGE_NAMES = {stage.code: stage.name for stage in ALL_STAGES}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that this person could be offered on this ticket: possible now, or not, and then why."""

    move: Move
    part: Part | None = None
    refused: Refused | None = None


def decide(case: CaseFile, action: str, doing: Doing) -> Refused | None:
    """Why ``doing`` may not do ``action`` now; nothing where it may.

    Asked in this order: is there such a move, has the person the right, does the person stand so to the ticket, does the
    stage allow it, do the conditions hold. Whoever may not is never told how the ticket stands.
    """
    move = BY_ACTION.get(action)
    if move is None:
        return Refused("unknown-move", N_("There is no such move: “%(action)s”."), action=action, status=404)
    if move.part and doing.part is None:
        doing = replace(doing, part=_part_for(case, move, doing.actor))
    if move.right not in rights_of(doing.actor.roles):
        return Refused("not-allowed", N_("Your role does not allow this."), status=403)
    if not any(relation.holds(case, doing.actor, doing.part) for relation in move.who):
        return Refused("not-yours", N_("This is for %(who)s."), who=[Phrase(relation.name) for relation in move.who], status=403)
    if case.ended and not move.even_ended:
        return Refused("ended", N_("The ticket is void or was merged into another one."), status=409)
    if case.stage not in move.stages:
        return Refused(
            "wrong-stage",
            N_("This is not possible in the stage “%(stage)s”; it is possible in %(stages)s."),
            stage=Phrase(STAGE_NAMES[case.stage]),
            stages=[Phrase(STAGE_NAMES[stage]) for stage in move.stages],
            status=409,
        )
    if case.turn is None and case.stage != "reported" and move.action not in UNHELD:
        return Refused("no-round", N_("The ledger does not say which unit holds this ticket. Redirect it to one first."), status=409)
    if move.part and doing.part is None:
        return Refused("no-part", N_("There is no called department that this could be about."), status=409)
    if move.part and doing.part is not None and move.group == AS_CALL and not _fits(move, doing.part):
        return Refused("part-over", N_("This department's part in the call has ended."), status=409)
    return next((refused for guard in move.guards if (refused := guard(case, doing)) is not None), None)


def _fits(move: Move, part: Part) -> bool:
    """A part that was withdrawn, released or finished is over, save for giving an opinion."""
    return part.standing or (move.action == "give_opinion" and part.valid)


def _part_for(case: CaseFile, move: Move, actor: Actor) -> Part | None:
    """The called department a move is about where nobody said: the only one it can be, or the first that waits."""
    parts = [part for part in reversed(case.parts) if any(relation.holds(case, actor, part) for relation in move.who)]
    if move.group == AS_CALL:
        parts = [part for part in parts if _fits(move, part)] or parts
    return parts[0] if parts else None


def apply(case: CaseFile, action: str, doing: Doing) -> Happening:
    """Do a move: ``case`` is changed, what happened is returned. Raises ``Refused`` and changes nothing where it may not be done."""
    move = BY_ACTION.get(action)
    if move is not None and move.part and doing.part is None:
        doing = replace(doing, part=_part_for(case, move, doing.actor))
    refused = decide(case, action, doing)
    if refused is not None:
        raise refused
    assert move is not None
    before = case.stage
    details: Mapping[str, Any] = move.act(case, doing) or {}
    if move.to:
        case.stage = move.to[0]
    refresh(case)
    unit = doing.actor.unit_id if doing.actor.unit_id is not None else details.get("unit")
    return Happening(action, before, case.stage, doing.at, unit, {k: v for k, v in details.items() if v not in (None, "", [], {})})


def offers(case: CaseFile, actor: Actor, at: datetime, rules: Rulebook) -> list[Offer]:
    """Everything that is this person's in this stage: first what is possible now, then what is not, each with its reason."""
    found: list[Offer] = []
    for move in MOVES:
        if case.stage not in move.stages or (case.ended and not move.even_ended):
            continue
        parts: list[Part | None] = list(case.parts) if move.part else [None]
        for part in parts:
            refused = decide(case, move.action, Doing(actor, at, rules, part=part))
            if refused is None or refused.status == 422:
                found.append(Offer(move, part, refused))
    return sorted(found, key=lambda offer: offer.refused is not None)
