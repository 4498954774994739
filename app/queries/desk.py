"""The desk: every queue in one declaration, counted in one pass over what is alive, and listed by the clock that matters in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain import rights
from app.domain.actors import Actor
from app.domain.acts.closing import SETTLED
from app.domain.refusals import N_
from app.domain.workflow import STAGES
from app.entities.ticket import Ticket
from app.queries import standing
from app.queries.calendar import city_zone
from app.queries.follow_up import still_to_ask
from app.queries.standing import Condition, Viewer

SOON = timedelta(hours=2)
AHEAD = timedelta(days=30)
LIVE = tuple(stage.code for stage in STAGES)
PER_PAGE = 50
MOST_PAGES = 200

WORK, WATCH = "work", "watch"
"""What somebody has to do, and what somebody keeps an eye on."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: whose it is, which tickets stand in it, and by which clock it is read.

    ``clock`` is the instant shown last in a row; where ``is_due`` it is a deadline, otherwise the waiting counts from it.
    ``moves`` may be made on several rows at once. ``beyond`` queues hold archived tickets, too.
    """

    code: str
    label: str
    icon: str
    empty: str
    who: Callable[[Viewer], bool]
    where: Callable[[Viewer], Condition]
    clock: Callable[[Viewer], ColumnElement[Any]]
    clock_label: str
    is_due: bool = True
    group: str = WORK
    moves: tuple[str, ...] = ()
    beyond: bool = False


def _with(right: str) -> Callable[[Viewer], bool]:
    return lambda viewer: right in viewer.rights and (viewer.is_centre or bool(viewer.units))


def _at_a_unit(right: str) -> Callable[[Viewer], bool]:
    return lambda viewer: right in viewer.rights and bool(viewer.units)


def _beside_the_centre(viewer: Viewer) -> bool:
    return rights.ASSESS in viewer.rights and bool(viewer.units) and not viewer.is_centre


def _anybody(viewer: Viewer) -> bool:
    return viewer.actor.sees_all or bool(viewer.units)


def _column(found: Any) -> Callable[[Viewer], ColumnElement[Any]]:
    return lambda _viewer: found


def _to_dispatch(viewer: Viewer) -> Condition:
    reported = standing.in_stages("reported")
    return reported if viewer.is_centre else and_(reported, standing.in_territory(viewer))


def _to_sign(viewer: Viewer) -> Condition:
    return and_(standing.in_stages("dispatched"), standing.held(viewer), not_(standing.return_asked()))


def _in_hand(viewer: Viewer) -> Condition:
    idle = and_(standing.in_stages(*standing.RETURNABLE), standing.return_asked())
    free = (Ticket.claimed_at.is_(None), Ticket.suspended.is_(False), not_(idle))
    return and_(standing.in_stages(*standing.WORKING), standing.held(viewer), *free)


def _waiting(viewer: Viewer) -> Condition:
    asked = and_(standing.in_stages(*standing.RETURNABLE), standing.return_asked())
    claimed = and_(standing.in_stages("handling"), Ticket.claimed_at.is_not(None))
    return or_(standing.called_others(viewer), and_(standing.held(viewer), or_(asked, claimed, standing.more_time_asked())))


def _to_verify(viewer: Viewer) -> Condition:
    claimed = and_(standing.in_stages("handling"), Ticket.claimed_at.is_not(None))
    instead = or_(Ticket.street_town_id.is_(None), standing.from_an_escalation()) if viewer.is_centre else None
    mine = standing.in_territory(viewer)
    return and_(claimed, or_(mine, instead) if instead is not None else mine)


def _not_own_work(viewer: Viewer) -> Condition:
    me = viewer.actor.user_id
    return and_(*(or_(column.is_(None), column != me) for column in (Ticket.handled_by_id, Ticket.verified_by_id)))


def _to_archive(viewer: Viewer) -> Condition:
    over = or_(Ticket.window_ends_at <= viewer.at, standing.no_rating_awaited())
    settled = or_(Ticket.fallback.is_(False), Ticket.result.in_(sorted(SETTLED)))
    return and_(standing.in_stages("evaluating"), over, settled)


def _decide_return(_viewer: Viewer) -> Condition:
    return and_(standing.in_stages(*standing.RETURNABLE), standing.return_asked())


def _paused(viewer: Viewer) -> Condition:
    return and_(standing.in_stages(*standing.UNDER_CALL), Ticket.suspended.is_(True), standing.watched(viewer))


_NEXT = _column(Ticket.next_due_at)

QUEUES: tuple[Queue, ...] = (
    Queue("to_dispatch", N_("To dispatch"), "share-nodes", N_("New tickets appear here as soon as they are registered."),
          _with(rights.DISPATCH), _to_dispatch, _column(Ticket.reported_at), N_("Reported"), is_due=False, moves=("dispatch",)),
    Queue("returns", N_("Returns to decide"), "rotate-left", N_("A unit that gives a ticket back waits here for your decision."),
          _with(rights.DECIDE), _decide_return, lambda _v: standing.return_due(), N_("Return to be decided by")),
    Queue("requests", N_("Extensions and suspensions"), "hourglass-half", N_("Requests for more time wait here for your decision."),
          _with(rights.DECIDE), lambda _v: standing.more_time_asked(), _NEXT, N_("Next clock runs out")),
    Queue("called", N_("Called on us"), "bullhorn", N_("When a street-town calls your unit, the call appears here."),
          _at_a_unit(rights.ANSWER), standing.part_stands, standing.part_due, N_("Next step due"), moves=("sign_call", "respond")),
    Queue("to_sign", N_("To sign"), "signature", N_("What is dispatched to your unit appears here; sign for it in time."),
          _at_a_unit(rights.WORK), _to_sign, _NEXT, N_("Signing due"), moves=("sign",)),
    Queue("in_hand", N_("In hand"), "pen-to-square", N_("Signed tickets stay here until your unit has settled them."),
          _at_a_unit(rights.WORK), _in_hand, _NEXT, N_("Due"), moves=("start",)),
    Queue("call_returns", N_("Returns of calls"), "reply", N_("A department that gives a call back waits here for your decision."),
          _at_a_unit(rights.CALL), standing.call_return_asked, standing.call_return_due, N_("Return to be decided by")),
    Queue("to_verify", N_("To verify"), "clipboard-check", N_("When a unit claims to be done, verify the result here."),
          _with(rights.VERIFY), _to_verify, _column(Ticket.claimed_at), N_("Completion claimed"), is_due=False),
    Queue("to_review", N_("To review"), "magnifying-glass", N_("Completed tickets appear here for review by somebody else."),
          _with(rights.REVIEW), lambda v: and_(standing.in_stages("completed"), _not_own_work(v)),
          _column(Ticket.completed_at), N_("Completed"), is_due=False, moves=("take_review",)),
    Queue("reviewing", N_("Under review"), "list-check", N_("Reviews that were started wait here to be decided."),
          _with(rights.REVIEW), lambda v: and_(standing.in_stages("reviewing"), _not_own_work(v)),
          _column(Ticket.completed_at), N_("Completed"), is_due=False),
    Queue("to_rate", N_("To rate"), "star-half-stroke", N_("After the review, your unit is asked here to rate the other side."),
          _beside_the_centre, standing.rating_awaited, standing.rating_due, N_("Rating due")),
    Queue("to_archive", N_("To archive"), "box-archive", N_("When all ratings are in or their time is over, archive here."),
          _with(rights.REVIEW), _to_archive, _column(Ticket.window_ends_at), N_("Rating window ends"), is_due=False, moves=("archive",)),
    Queue("follow_up", N_("To follow up"), "phone-volume", N_("Completed tickets drawn for a conversation with the citizen appear here."),
          lambda v: v.is_centre and rights.ASSESS in v.rights, lambda _v: still_to_ask(), _column(Ticket.completed_at), N_("Completed"),
          is_due=False),
    Queue("orders", N_("Orders to answer"), "gavel", N_("Supervision orders to your unit appear here until they are answered."),
          _at_a_unit(rights.WORK), standing.answer_demanded, standing.answer_due, N_("Answer by"), beyond=True),
    Queue("overdue", N_("Overdue"), "triangle-exclamation", N_("No clock has run out."),
          _anybody, lambda v: standing.runs_out(v, None, v.at), standing.own_clock, N_("Due"), group=WATCH),
    Queue("due_soon", N_("Due within 2 hours"), "clock", N_("No clock runs out in the next two hours."),
          _anybody, lambda v: standing.runs_out(v, v.at, v.at + SOON), standing.own_clock, N_("Due"), group=WATCH),
    Queue("due_today", N_("Due today"), "calendar-day", N_("No clock runs out today any more."),
          _anybody, lambda v: standing.runs_out(v, v.at, v.tonight), standing.own_clock, N_("Due"), group=WATCH),
    Queue("waiting", N_("Waiting for others"), "hourglass-half", N_("What others have to do or decide for you stands here."),
          lambda v: _at_a_unit(rights.WORK)(v) and not v.is_centre, _waiting, _NEXT, N_("Next clock runs out"), group=WATCH),
    Queue("suspended", N_("Suspended"), "pause", N_("No clock is stopped."),
          _anybody, _paused, _NEXT, N_("Until"), group=WATCH),
    Queue("backstops", N_("Backstops"), "shield-halved", N_("Nothing stands on a backstop."),
          _anybody, lambda v: and_(Ticket.fallback.is_(True), standing.watched(v)), _NEXT, N_("Next clock runs out"), group=WATCH),
)  # fmt: skip
"""Every queue, in the order in which the desk offers them."""

RARE_AT_THE_CENTRE = frozenset({"to_sign", "in_hand", "orders"})
RARE_AT_A_UNIT = frozenset({"to_dispatch"})

BY_CODE: Mapping[str, Queue] = {queue.code: queue for queue in QUEUES}


def viewer_of(actor: Actor, at: datetime) -> Viewer:
    """An actor at the desk at an instant."""
    zone = ZoneInfo(city_zone())
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return Viewer(actor, at, datetime.combine(tomorrow, time.min, zone))


def queues_of(viewer: Viewer) -> list[Queue]:
    """The queues that are this person's, the usual ones before those that are an exception where the person works."""
    found = [queue for queue in QUEUES if queue.who(viewer)]
    return sorted(found, key=lambda queue: (queue.group != WORK, is_rare(queue, viewer)))


def is_rare(queue: Queue, viewer: Viewer) -> bool:
    """Whether the queue is an exception where the person works."""
    return queue.code in (RARE_AT_THE_CENTRE if viewer.is_centre else RARE_AT_A_UNIT)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets stand in each queue, how many of those to be worked off are late, and how many in each stage, late ones apart."""

    tickets: Mapping[str, int] = field(default_factory=dict)
    late: Mapping[str, int] = field(default_factory=dict)
    stages: Mapping[str, int] = field(default_factory=dict)
    late_stages: Mapping[str, int] = field(default_factory=dict)


def counts(session: Session, viewer: Viewer, queues: Iterable[Queue]) -> Counts:
    """Count all queues in one pass over the living tickets within the person's scope, those beyond in one statement each."""
    asked = [queue for queue in queues if not queue.beyond]
    columns: list[Any] = [Ticket.stage, func.count(Ticket.id)]
    for queue in asked:
        columns += _columns(queue, viewer)
    tickets: dict[str, int] = {queue.code: 0 for queue in asked}
    late = dict(tickets)
    stages: dict[str, int] = {}
    late_stages: dict[str, int] = {}
    for stage, number, *found in session.execute(_alive(select(*columns)).group_by(Ticket.stage)):
        stages[stage] = number
        for place, queue in enumerate(asked):
            tickets[queue.code] += int(found[2 * place])
            late[queue.code] += int(found[2 * place + 1])
            if queue.code == "overdue":
                late_stages[stage] = int(found[2 * place])
    for queue in (queue for queue in queues if queue.beyond):
        number, over = session.execute(select(*_columns(queue, viewer)).where(Ticket.ended == "", queue.where(viewer))).one()
        tickets[queue.code], late[queue.code] = int(number or 0), int(over or 0)
    return Counts(tickets, late, stages, late_stages)


def _columns(queue: Queue, viewer: Viewer) -> list[ColumnElement[Any]]:
    """How many there are, and how many of them are late; what is only watched is told apart by its queues already."""
    stands = queue.where(viewer)
    timed = queue.is_due and queue.group == WORK
    return [_sum(stands), _sum(and_(stands, queue.clock(viewer) < viewer.at)) if timed else literal(0)]


def _sum(condition: Condition) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _alive(statement: Select[Any]) -> Select[Any]:
    return statement.where(Ticket.stage.in_(LIVE), Ticket.ended == "")


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of a queue's tickets, each with the instant that its row ends with; whether there are more."""

    rows: Sequence[tuple[Ticket, datetime | None]]
    more: bool


def listed(session: Session, viewer: Viewer, queue: Queue, page: int = 0, size: int = PER_PAGE) -> Listed:
    """A page of a queue, what is most urgent first."""
    clock = queue.clock(viewer).label("clock")
    statement = select(Ticket, clock).where(queue.where(viewer))
    statement = statement.where(Ticket.ended == "") if queue.beyond else _alive(statement)
    statement = statement.order_by(clock.is_(None), clock, Ticket.id).offset(min(page, MOST_PAGES) * size).limit(size + 1)
    statement = statement.options(selectinload(Ticket.unit), selectinload(Ticket.street_town))
    found = [(row[0], row[1]) for row in session.execute(statement)]
    return Listed(found[:size], len(found) > size)


def next_steps(session: Session, viewer: Viewer, tickets: Iterable[int]) -> dict[int, str]:
    """For tickets that were found within the person's scope: the move that the called unit owes next."""
    return {row[0]: row[1] for row in session.execute(standing.own_steps(viewer, list(tickets)))}


def nearest(session: Session, viewer: Viewer, most: int = 7, late: int = 2) -> list[tuple[Ticket, datetime | None]]:
    """The clocks about to run out, after ``late`` that have just done so; more of those where little else comes."""
    clock = standing.own_clock(viewer).label("clock")
    near = standing.runs_out(viewer, viewer.at - SOON, viewer.at + AHEAD)
    statement = _alive(select(Ticket, clock)).where(near).order_by(clock, Ticket.id).limit(PER_PAGE).options(selectinload(Ticket.unit))
    found = [(row[0], row[1]) for row in session.execute(statement)]
    over = sum(1 for _, instant in found if instant < viewer.at)
    start = max(0, min(over - late, len(found) - most))
    return found[start : start + most]
