"""The desk as a value: the person's queues with their counts, the chosen one row by row, and the clocks about to run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.crud.cells import Cell
from app.crud.columns.links import label_of
from app.crud.resource import READ
from app.crud.time_left import time_left, waited
from app.domain.actors import Actor
from app.domain.refusals import N_
from app.domain.workflow import ALL_STAGES, URGENCIES
from app.entities.ticket import Ticket
from app.queries.desk import PER_PAGE, WORK, Counts, Listed, Queue, is_rare, listed, nearest, next_steps, queues_of
from app.queries.standing import Viewer
from app.web.desk_counts import LATE, at_the_desk, desk_counts
from app.web.desk_verbs import OWED, Bulk, Verb, bulk_of, verb_of

URGENT = next(urgency.name for urgency in URGENCIES if urgency.code == "at_once")
STAGE_NAMES = {stage.code: stage.name for stage in ALL_STAGES}
KEYS = 9
ALONE = frozenset({"to_dispatch", "to_sign", "in_hand", "called"})
"""Queues whose tickets are all with the own unit, with nobody, or with the street-town of the place."""
CARD = 7


@dataclass(frozen=True, slots=True)
class QueueCard:
    """A queue as it is offered; ``key`` is the digit that opens it."""

    code: str
    label: str
    icon: str
    count: int
    late: int
    href: str
    active: bool
    work: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of the chosen queue. ``can`` are the moves that several such rows may make together."""

    id: int
    version: int
    number: str
    href: str
    title: str
    urgency: str
    tags: tuple[tuple[str, str, str], ...]
    owed: str
    stage: tuple[str, str]
    street_town: str
    unit: str
    at: tuple[str, str]
    left: Cell | None
    paused: bool
    verb: Verb | None
    can: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock about to run out."""

    title: str
    href: str
    unit: str
    left: Cell | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole desk."""

    queues: Sequence[QueueCard]
    chosen: QueueCard
    empty: str
    clock_label: str
    columns: frozenset[str]
    rows: Sequence[Row]
    bulks: Sequence[Bulk]
    clocks: Sequence[ClockRow]
    counts: Counts
    self_href: str
    next_href: str = ""
    previous_href: str = ""
    first: int = 1


def address(code: str, page: int = 0) -> str:
    """Where a queue is."""
    return url_for("Home.index", queue=code, page=page or None)


def desk_page(session: Session, args: Mapping[str, str], writer: Words) -> Desk | None:
    """Build it; nothing for people who read no tickets or belong to no unit."""
    viewer = at_the_desk()
    queues = queues_of(viewer) if may(READ, "Ticket") else []
    if not queues:
        return None
    found = desk_counts()
    chosen = _chosen(queues, found, args.get("queue", ""))
    page = _page(args.get("page", ""))
    rows = listed(session, viewer, chosen, page) if found.tickets[chosen.code] else Listed((), False)
    working = may("work", "Ticket")
    steps = next_steps(session, viewer, [row.id for row, _ in rows.rows]) if chosen.code == "called" else {}
    shown = [_row(row, clock, chosen, viewer, steps.get(row.id, ""), working, writer) for row, clock in rows.rows]
    cards = _cards(offered(viewer, found, chosen.code), found, chosen, writer)
    return Desk(
        queues=cards,
        chosen=next(card for card in cards if card.active),
        empty=writer(chosen.empty),
        clock_label=writer(chosen.clock_label),
        columns=_columns(chosen, viewer.actor),
        rows=shown,
        bulks=bulk_of(chosen, viewer, writer) if working and shown else (),
        clocks=[_clock_row(row, clock, viewer.at, writer) for row, clock in nearest(session, viewer, CARD)],
        counts=found,
        self_href=address(chosen.code, page),
        next_href=address(chosen.code, page + 1) if rows.more else "",
        previous_href=address(chosen.code, page - 1) if page else "",
        first=page * PER_PAGE + 1,
    )


def _page(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _chosen(queues: Sequence[Queue], found: Counts, wanted: str) -> Queue:
    """The queue that was asked for; otherwise the first in which something waits."""
    by_code = {queue.code: queue for queue in queues}
    if wanted in by_code:
        return by_code[wanted]
    waiting = [queue for queue in queues if found.tickets[queue.code]]
    return next(iter(waiting), queues[0])


def offered(viewer: Viewer, found: Counts, chosen: str = "") -> list[Queue]:
    """The person's queues, without those that are an exception here and empty."""
    return [queue for queue in queues_of(viewer) if found.tickets[queue.code] or queue.code == chosen or not is_rare(queue, viewer)]


def _cards(queues: Sequence[Queue], found: Counts, chosen: Queue, writer: Words) -> list[QueueCard]:
    return [
        QueueCard(
            code=queue.code,
            label=writer(queue.label),
            icon=queue.icon,
            count=found.tickets[queue.code],
            late=found.tickets[queue.code] if queue.code in LATE else found.late[queue.code],
            href=address(queue.code),
            active=queue is chosen,
            work=queue.group == WORK,
            key=str(place) if place <= KEYS else "",
        )
        for place, queue in enumerate(queues, start=1)
    ]


def _columns(queue: Queue, actor: Actor) -> frozenset[str]:
    """What tells the rows apart: neither what is one's own in all of them, nor a unit where there is none yet, nor the same twice."""
    found = {"street_town", "unit"}
    if actor.unit_type == "street_town":
        found.discard("street_town")
    if queue.code in ALONE:
        found.discard("unit")
    return frozenset(found)


def _row(ticket: Ticket, clock: datetime | None, queue: Queue, viewer: Viewer, step: str, working: bool, writer: Words) -> Row:
    verb = verb_of(queue, ticket, viewer, step, writer) if working else None
    return Row(
        id=ticket.id,
        version=ticket.version,
        number=ticket.number,
        href=url_for("TicketScreen.show", pk=ticket.id),
        title=ticket.title,
        urgency=writer(URGENT) if ticket.urgency == "at_once" else "",
        tags=_tags(ticket, writer),
        owed=writer(OWED[step]) if step else "",
        stage=(ticket.stage, writer(STAGE_NAMES[ticket.stage])),
        street_town=_name(ticket.street_town, writer),
        unit=_name(ticket.unit, writer),
        at=(writer.brief(clock, viewer.at), writer.moment(clock)),
        left=time_left(clock, None, viewer.at, writer) if queue.is_due else waited(clock, viewer.at, writer),
        paused=ticket.suspended,
        verb=verb,
        can=verb.action if verb and verb.press and verb.action in queue.moves else queue.moves[0] if queue.code == "to_dispatch" else "",
    )


def _name(unit: Any, writer: Words) -> str:
    return NOTHING if unit is None else str(unit.short or label_of(unit, writer))


def _tags(ticket: Ticket, writer: Words) -> tuple[tuple[str, str, str], ...]:
    """What is particular about a ticket: (word, tone, sign)."""
    found = []
    if ticket.fallback:
        found.append((writer(N_("Backstop")), "warn", "shield-halved"))
    if ticket.reworks:
        found.append((writer(N_("Rework")), "warn", "rotate-left"))
    if ticket.reopenings:
        found.append((writer(N_("Reopened")), "warn", "rotate-left"))
    return tuple(found)


def _clock_row(ticket: Ticket, clock: datetime | None, at: datetime, writer: Words) -> ClockRow:
    href = url_for("TicketScreen.show", pk=ticket.id)
    return ClockRow(ticket.title, href, _name(ticket.unit, writer), time_left(clock, None, at, writer))
