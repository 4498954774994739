"""The tickets behind a figure: each duty that was counted, left out or excluded, with the moments that decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.crud.access import may
from app.crud.cells import show_address
from app.crud.resource import resource_of
from app.domain.indicators import indicator
from app.domain.refusals import N_, NotFound
from app.domain.scorecard import Names, Scorecard
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.exclusion_reason import ExclusionReason
from app.entities.ticket import Ticket

PER_PAGE = 50

VERDICTS = {
    "hit": (N_("In numerator and denominator"), "ok"),
    "most": (N_("Counted four fifths"), "ok"),
    "some": (N_("Counted three fifths"), "warn"),
    "half": (N_("Counted half"), "warn"),
    "miss": (N_("In the denominator only"), "warn"),
    "extra": (N_("In the numerator only"), "ok"),
    "pending": (N_("Not decided at the cut-off"), "neutral"),
    "unknown": (N_("Unknown to the source"), "neutral"),
    "excluded": (N_("Excluded"), "neutral"),
}
MOMENTS = {
    "reported_at": N_("Reported"),
    "dispatched_at": N_("Dispatched"),
    "signed_at": N_("Signed"),
    "response_due_at": N_("Response due"),
    "responded_at": N_("Responded"),
    "contact_due_at": N_("First contact due"),
    "contacted_at": N_("First contact"),
    "appointment_at": N_("Report in at"),
    "reported_in_at": N_("Reported in"),
    "returned_at": N_("Return requested at"),
    "extended_at": N_("Extended"),
    "paused_at": N_("Suspended"),
    "due_at": N_("Due"),
    "completed_at": N_("Completed"),
    "rated_at": N_("Rated"),
    "solved_at": N_("Followed up"),
}
TO_THE_SECOND = frozenset({"signed_at", "reported_in_at"})
KINDS = {"case": N_("Whole matter"), "round": N_("Round %(ordinal)d"), "call": N_("Call %(ordinal)d")}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One duty."""

    number: str
    href: str
    kind: str
    moments: Sequence[str]
    verdict: str
    tone: str
    because: str = ""
    exclude: str = ""


@dataclass(slots=True)
class EvidencePage:
    """The whole page."""

    card: Scorecard
    title: str
    unit: str
    definition: Sequence[tuple[str, str]]
    tabs: Sequence[tuple[str, str, int, bool]]
    moments: Sequence[str]
    rows: Sequence[EvidenceRow]
    closed: bool
    count: int
    page: int
    pages: int
    verdict: str


def evidence_page(
    session: Session, evaluation: Evaluation, card: Scorecard, group: str, unit: str, code: str, verdict: str, page: int, writer: Words
) -> EvidencePage:
    """Build the page. Rows come through the row scope: a unit sees its own duties, the district all."""
    try:
        table = card.group(group)
        found = next(u for u in (*table.units, *table.apart) if u.code == unit)
        measure = indicator(code)
    except (StopIteration, KeyError):
        raise NotFound() from None
    facts = session.execute(
        select(EvaluationFact)
        .where(EvaluationFact.evaluation_id == evaluation.id, EvaluationFact.unit_id == found.unit_id, EvaluationFact.group == group)
        .order_by(EvaluationFact.reported_at, EvaluationFact.id)
    ).scalars()
    marked = [fact for fact in facts if code in fact.marks]
    counts = {name: sum(1 for fact in marked if fact.marks[code] == name) for name in VERDICTS}
    chosen = [fact for fact in marked if not verdict or fact.marks[code] == verdict]
    shown = chosen[page * PER_PAGE : (page + 1) * PER_PAGE]
    visible = set(session.execute(select(Ticket.id).where(Ticket.id.in_([fact.ticket_id for fact in shown]))).scalars())
    known = [name for name in measure.moments if name == "completed_at" or any(_known(fact, name) for fact in shown)]
    reasons = _reasons(session, writer)
    excludes = may("exclude", "Exclusion")
    tabs = [("", writer(N_("All")), len(marked), not verdict)]
    tabs += [(name, writer(said), counts[name], verdict == name) for name, (said, _) in VERDICTS.items() if counts[name]]
    return EvidencePage(
        card=card,
        title=writer(measure.name),
        unit=writer.names(found.names),
        definition=[
            (writer(N_("Numerator")), writer(measure.numerator)),
            (writer(N_("Denominator")), writer(measure.denominator)),
            (writer(N_("Clock")), writer(measure.clock)),
            (writer(N_("Basis")), writer(measure.basis)),
        ],
        tabs=tabs,
        moments=[writer(MOMENTS[name]) for name in known],
        rows=[_row(fact, code, visible, known, writer, reasons, excludes) for fact in shown],
        closed=not marked and any(found.lines[line.code].d for line in table.lines if line.measured == code),
        count=len(chosen),
        page=page,
        pages=(len(chosen) + PER_PAGE - 1) // PER_PAGE,
        verdict=verdict,
    )


def _row(
    fact: Any, code: str, visible: set[int], moments: Sequence[str], writer: Words, reasons: Mapping[str, str], excludes: bool
) -> EvidenceRow:
    said, tone = VERDICTS[fact.marks[code]]
    reason = fact.excluded.get(code) or fact.excluded.get("*") or ""
    because = reasons.get(reason, reason) if fact.marks[code] == "excluded" else ""
    counted = fact.ticket_id in visible and fact.marks[code] not in ("excluded", "pending", "unknown")
    exclude = (
        url_for("ExclusionScreen.exclude", ticket_id=fact.ticket_id, indicator=code, unit=fact.unit_id) if counted and excludes else ""
    )
    return EvidenceRow(
        number=fact.ticket_no,
        href=show_address(resource_of("Ticket"), fact.ticket_id) if fact.ticket_id in visible else "",
        kind=writer(KINDS[fact.kind], ordinal=fact.ordinal),
        moments=[_moment(fact, name, writer) for name in moments],
        verdict=writer(said),
        tone=tone,
        because=because,
        exclude=exclude,
    )


def _reasons(session: Session, writer: Words) -> dict[str, str]:
    """What reason codes are called."""
    columns = (ExclusionReason.code, ExclusionReason.name_zh, ExclusionReason.name_en)
    return {code: writer.names(Names(zh, en)) for code, zh, en in session.execute(select(*columns))}


def _moment(fact: Any, name: str, writer: Words) -> str:
    if name == "completed_at" and fact.completed_at is None and fact.completed:
        return writer(N_("yes, time unknown"))
    return writer.moment(_known(fact, name), seconds=name in TO_THE_SECOND)


def _known(fact: Any, name: str) -> datetime | None:
    """A moment of a frozen duty: of its own column, or among what else it knew."""
    if hasattr(fact, name):
        found: datetime | None = getattr(fact, name)
        return found
    text = fact.more.get(name)
    return datetime.fromisoformat(text) if text else None
