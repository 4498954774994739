"""Rounds, requests, orders, ratings and follow-ups of a ticket as its page shows them; ratings only as far as the reader may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.crud.columns import Choice
from app.crud.resource import resource_of
from app.domain.casefile import PUBLIC, TO_DEPARTMENT, TO_STREET_TOWN, CaseFile
from app.domain.refusals import N_
from app.entities.rating import Rating
from app.web.ticket_words import words_of

Units = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One request, order or follow-up: what it is, how it stands, and what was said on both sides."""

    title: str
    chip: str
    tone: str
    at: str
    lines: tuple[str, ...]
    foot: str = ""


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round."""

    ordinal: int
    unit: str
    kind: str
    kind_tone: str
    dispatched: str
    signed: str
    sign_late: bool
    due: str
    done: str
    late: bool
    returned: str
    returned_tone: str
    note: str


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One of the three evaluations; ``sealed`` ones are only known to exist."""

    pair: str
    state: str
    tone: str
    words: tuple[tuple[str, str], ...]
    comment: str
    at: str


@dataclass(frozen=True, slots=True)
class RatingColumn:
    """One side's ratings."""

    title: str
    rows: tuple[RatingRow, ...]


def rounds_of(case: CaseFile, units: Units, writer: Words) -> list[RoundRow]:
    """All rounds, the newest first."""
    return [_round(turn, units, writer) for turn in reversed(case.turns)]


def _round(turn: Any, units: Units, writer: Words) -> RoundRow:
    kind, kind_tone = _option("AssignmentRound", "kind", turn.kind, writer)
    returned, tone = _option("AssignmentRound", "returned", turn.returned, writer) if turn.returned else ("", "")
    reason = words_of("return_reason", turn.return_reason, writer) if turn.return_reason else ""
    end = turn.completed_at or turn.disposed_at
    return RoundRow(
        ordinal=turn.ordinal,
        unit=units.get(turn.unit_id, NOTHING),
        kind=kind,
        kind_tone=kind_tone or "neutral",
        dispatched=_brief(turn.dispatched_at or turn.started_at, writer),
        signed=_brief(turn.signed_at, writer),
        sign_late=bool(turn.signed_at and turn.sign_due_at and turn.signed_at > turn.sign_due_at),
        due=_brief(turn.due_at, writer),
        done=writer(N_("withdrawn")) if turn.withdrawn_at else _brief(end, writer),
        late=bool(end and turn.due_at and end > turn.due_at),
        returned=returned,
        returned_tone=tone,
        note=" · ".join(filter(None, (reason, turn.return_note))),
    )


def requests_of(case: CaseFile, writer: Words) -> list[Record]:
    """Extensions and suspensions, the newest first; time under review is the clock's affair and stands in its story."""
    found = [(wish.requested_at, _extension(wish, writer)) for wish in case.extensions]
    found += [(wish.requested_at, _suspension(wish, writer)) for wish in case.pauses if wish.reason != "under_review"]
    return [record for _, record in sorted(found, key=lambda pair: _order(pair[0]), reverse=True)]


def _order(at: datetime | None) -> float:
    return at.timestamp() if at is not None else 0.0


def _extension(wish: Any, writer: Words) -> Record:
    chip, tone = _option("Extension", "state", wish.state, writer)
    asked = writer(N_("Due %(wanted)s instead of %(due)s"), wanted=_brief(wish.wanted_at, writer), due=_brief(wish.old_due_at, writer))
    lines = tuple(filter(None, (asked, wish.reason)))
    return Record(writer(N_("Extension")), chip, tone, _brief(wish.requested_at, writer), lines, _decided(wish, wish.decision_note, writer))


def _suspension(wish: Any, writer: Words) -> Record:
    chip, tone = _option("Suspension", "state", wish.state, writer)
    asked = writer(N_("Until %(until)s"), until=_brief(wish.until, writer))
    lines = [" · ".join((asked, words_of("suspension_reason", wish.reason, writer))), wish.note]
    if wish.from_at:
        end = _brief(wish.to_at, writer) if wish.to_at else writer(N_("now"))
        lines.append(writer(N_("Clock stood still from %(start)s to %(end)s"), start=_brief(wish.from_at, writer), end=end))
    shown = tuple(filter(None, lines))
    return Record(writer(N_("Suspension")), chip, tone, _brief(wish.requested_at, writer), shown, _decided(wish, "", writer))


def _decided(wish: Any, note: str, writer: Words) -> str:
    if wish.decided_at is None:
        return ""
    said = writer(N_("Decided %(at)s by %(who)s"), at=_brief(wish.decided_at, writer), who=wish.decided_by)
    return f"{said}{writer(N_(': '))}{note}" if note else said


def orders_of(case: CaseFile, units: Units, writer: Words) -> list[Record]:
    """Supervision orders, the newest first."""
    found = []
    for order in reversed(case.orders):
        over = order.answered_at is None and order.due_at is not None and now() > order.due_at
        chip = N_("Answered") if order.answered_at else N_("Overdue") if over else N_("Answer awaited")
        lines = [order.text, writer(N_("Ordered by %(who)s, answer by %(due)s"), who=order.ordered_by, due=order.due_at)]
        lines += [writer(N_("Answer: %(text)s"), text=order.answer)] if order.answer else []
        tone = "ok" if order.answered_at else "bad" if over else "warn"
        found.append(Record(units.get(order.unit_id, NOTHING), writer(chip), tone, _brief(order.ordered_at, writer), tuple(lines)))
    return found


def follow_ups_of(case: CaseFile, writer: Words) -> list[Record]:
    """Follow-ups, the newest first."""
    found = []
    for said in reversed(case.follow_ups):
        words = [words_of("rate_effect", said.solved, writer)] if said.solved else []
        words += [words_of("rating", said.satisfaction, writer)] if said.satisfaction else []
        lines = tuple(filter(None, (" · ".join(words), said.comment)))
        chip, tone = (N_("Reached"), "ok") if said.reached else (N_("Not reached"), "neutral")
        found.append(Record(said.made_by, writer(chip), tone, _brief(said.made_at, writer), lines))
    return found


def ratings_of(session: Session, case: CaseFile, units: Units, writer: Words) -> list[RatingColumn]:
    """The three evaluations side by side. Rows come through the reader's own scope: what is sealed is only counted."""
    rows = session.execute(select(Rating).where(Rating.ticket_id == case.id).order_by(Rating.id)).scalars().all()
    seen = {row.id: row for row in rows}
    titles = ((PUBLIC, N_("Citizen")), (TO_DEPARTMENT, N_("Street-town on department")), (TO_STREET_TOWN, N_("Department on street-town")))
    columns = []
    for kind, title in titles:
        mine = [rating for rating in case.ratings if rating.kind == kind]
        lines = tuple(_rating(seen.get(rating.id or 0), rating, units, writer) for rating in mine)
        columns.append(RatingColumn(writer(title), lines))
    return columns if case.ratings else []


def _rating(row: Rating | None, known: Any, units: Units, writer: Words) -> RatingRow:
    pair = " → ".join(units[unit] for unit in (known.rater_id, known.rated_id) if unit in units)
    if row is None and known.kind == PUBLIC:  # what a citizen has said is open to everybody at once
        return RatingRow(pair, _option("Rating", "state", known.state, writer)[0], "warn", (), "", _asked_by(known.due_at, writer))
    if row is None:
        why = writer(N_("Opens when both have rated, or when the time is over."))
        return RatingRow(pair, writer(N_("Sealed")), "neutral", (), why, "")
    state, tone = _option("Rating", "state", row.state, writer)
    fields = resource_of("Rating").fields
    words = []
    for name in ("satisfaction", "arrival", "effect", "accuracy"):
        value = getattr(row, name)
        if value:
            said, shade = _option("Rating", name, value, writer)
            words.append((f"{writer(fields[name].label)}{writer(N_(': '))}{said}", shade))
    comment = " · ".join(filter(None, (row.comment, row.annulled_reason)))
    at = _brief(row.submitted_at, writer) if row.submitted_at else _asked_by(row.due_at, writer)
    return RatingRow(pair, state, tone, tuple(words), comment, at)


def _asked_by(due: datetime | None, writer: Words) -> str:
    return writer(N_("by %(at)s"), at=_brief(due, writer)) if due else ""


def ratings_to_annul(session: Session, case: CaseFile, units: Units, writer: Words) -> Sequence[tuple[str, str]]:
    """Given ratings that the reader sees, to choose from."""
    rows = session.execute(select(Rating).where(Rating.ticket_id == case.id, Rating.state == "given").order_by(Rating.id)).scalars()
    return [(str(row.id), _named(row, units, writer)) for row in rows]


def _named(row: Rating, units: Units, writer: Words) -> str:
    kind, _ = _option("Rating", "kind", row.kind, writer)
    return " · ".join(filter(None, (kind, units.get(row.rated_id or 0, ""), _brief(row.submitted_at, writer))))


def _option(resource: str, name: str, value: Any, writer: Words) -> tuple[str, str]:
    column = resource_of(resource).fields[name]
    assert isinstance(column, Choice)
    return column.text(value, writer), column.tone(value)


def _brief(at: datetime | None, writer: Words) -> str:
    return writer.brief(at, now())
