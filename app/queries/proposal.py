"""A dispatch proposal: which unit a ticket might go to, with every reason and its weight, or that nobody can be proposed.

The clues: the territory, which is the backstop (属地兜底); the lead of the responsibility item in force; where similar
tickets ended. Each is a weight between 0 and 1; independent reasons for one unit add up as chances do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.phrases import from_json, to_json
from app.domain.refusals import N_, Phrase
from app.domain.rulebook import Duty, Rulebook
from app.domain.scorecard import Names
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.queries.similar import similar_to

TERRITORY, LEAD, EXPERIENCE = Fraction(50, 100), Fraction(80, 100), Fraction(60, 100)
"""What a clue weighs at most."""

COMPARED = 12
"""So many similar archived tickets are asked where they ended."""

_DOUBT = 2
"""Few examples prove little: n of them weigh n / (n + 2) of many."""

NOTHING = Phrase(N_("Nothing to propose from: no street-town, no responsibility item for the matter, no similar ticket. Decide by hand."))


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and what it weighs."""

    text: Phrase
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that might be the one."""

    unit_id: int
    unit: Names
    weight: Fraction
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Candidates, the likeliest first; none means that ``why_not`` says why."""

    candidates: tuple[Candidate, ...]
    why_not: Phrase | None = None

    def kept(self) -> dict[str, Any]:
        """What the dispatch keeps of it: who was proposed, and why (``extra`` of ``services.progress.move``)."""
        if not self.candidates:
            return {}
        first = self.candidates[0]
        return {"proposed": first.unit_id, "reasons": [{**(to_json(r.text) or {}), "weight": str(r.weight)} for r in first.reasons]}


def propose(session: Session, ticket: Ticket, rules: Rulebook) -> Proposal:
    """Where to send ``ticket``; ``rules`` are its rulebook (the item of the responsibility list that was in force)."""
    found: dict[int, list[Reason]] = {}
    for unit, reason in (*_territory(ticket, rules.duty), *_lead(rules.duty), *_experience(session, ticket)):
        found.setdefault(unit, []).append(reason)
    names = {row.id: Names(row.name_zh, row.name_en) for row in session.execute(_units(found, rules))} if found else {}
    ranked = sorted((_candidate(unit, names[unit], found[unit]) for unit in names), key=lambda one: (-one.weight, one.unit_id))
    return Proposal(tuple(ranked), None if ranked else NOTHING)


def proposal_kept(session: Session, details: Mapping[str, Any]) -> tuple[Proposal, bool] | None:
    """The proposal that a dispatch kept, as it was then, and whether it was followed; nothing where none was made."""
    if not details.get("proposed"):
        return None
    unit: int = details["proposed"]
    texts = [(from_json(kept), Fraction(kept.get("weight", 0))) for kept in details.get("reasons") or ()]
    reasons = [Reason(text, weight) for text, weight in texts if text is not None]
    name = session.execute(select(Unit.name_zh, Unit.name_en).where(Unit.id == unit)).one_or_none()
    if name is None:
        return None
    return Proposal((_candidate(unit, Names(name.name_zh, name.name_en), reasons),)), bool(details.get("followed"))


def _territory(ticket: Ticket, duty: Duty | None) -> Iterator[tuple[int, Reason]]:
    if ticket.street_town_id is None:
        return
    yield ticket.street_town_id, Reason(Phrase(N_("The place lies in its territory; it is the backstop")), TERRITORY)
    if duty is not None and duty.lead_id is None:
        text = Phrase(
            N_("Item %(number)s of list %(version)s leaves the duty to the street-town"), number=duty.number, version=duty.version
        )
        yield ticket.street_town_id, Reason(text, LEAD)


def _lead(duty: Duty | None) -> Iterator[tuple[int, Reason]]:
    if duty is not None and duty.lead_id is not None:
        text = Phrase(N_("Item %(number)s of list %(version)s names it as lead"), number=duty.number, version=duty.version)
        yield duty.lead_id, Reason(text, LEAD)


def _experience(session: Session, ticket: Ticket) -> Iterator[tuple[int, Reason]]:
    alike = [one.unit_id for one in similar_to(session, ticket, COMPARED, stage="archived") if one.unit_id is not None]
    for unit, count in Counter(alike).items():
        text = Phrase(N_("%(count)s of %(total)s similar archived tickets ended with it"), count=count, total=len(alike))
        yield unit, Reason(text, EXPERIENCE * Fraction(count, len(alike) + _DOUBT))


def _candidate(unit_id: int, name: Names, reasons: list[Reason]) -> Candidate:
    doubt = Fraction(1)
    for reason in reasons:
        doubt *= 1 - reason.weight
    return Candidate(unit_id, name, 1 - doubt, tuple(sorted(reasons, key=lambda reason: -reason.weight)))


def _units(found: dict[int, list[Reason]], rules: Rulebook) -> Any:
    """Units that still exist today."""
    today = rules.calendar.local_day(now())
    there = or_(Unit.valid_to.is_(None), Unit.valid_to >= today)
    return select(Unit.id, Unit.name_zh, Unit.name_en).where(Unit.id.in_(sorted(found)), there)
