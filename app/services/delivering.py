"""Delivering (投递): what is queued goes out by its route, once in a lease, and whoever keeps the schedule learns what did not arrive.

What somebody may read is asked again at the moment of sending: rights taken away meanwhile, or an evaluation that is no longer
published, hold a parcel back with the reason. A receiver that is away holds up nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.phrases import from_json, to_json
from app.core.post import REFUSED_ADDRESS, Trouble
from app.core.run import Run
from app.core.transaction import transaction
from app.delivery import Parcel, Route, Settings, routes
from app.delivery.base import TROUBLES
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, NotAllowed, NotFound, Phrase, Refused
from app.domain.scorecard import Names
from app.entities.account import Account
from app.entities.delivery import BOUNCED, FAILED, QUEUED, SENT, WITHHELD, Delivery
from app.entities.delivery_target import DeliveryTarget
from app.entities.schedule import Schedule, keeps
from app.queries.artefacts import readable
from app.queries.reminding import habits_of
from app.queries.staff import Member
from app.services.notices import tell
from app.services.outbox import Outbox
from app.services.parcels import address_of, parcel_of, settings_for
from app.services.recipients import NOT_OUT, NOT_YOURS

MOST = 200
"""So many in one go."""
UNDELIVERED = "undelivered"
"""Kind of the notices that say so; their keys go on with the run's number and the delivery's."""

LOST = (FAILED, BOUNCED)
"""What did not arrive and may be sent once more; what was withheld has no file that may be sent."""

OUTBOX = Outbox(Delivery)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A claimed delivery and everything that is needed to send it without the database."""

    attempt: int
    route: Route
    parcel: Parcel
    settings: Settings


def deliver_due() -> int:
    """Send what is due; how many got through. Raises ``Refused`` in the end where a receiver was away."""
    with acting_as(SYSTEM):
        for number in OUTBOX.give_up_the_stale():
            _tell_keeper(number)
        sent = 0
        away: dict[tuple[str, int | None], Trouble] = {}
        for number, way in _due():
            if way in away:
                continue
            try:
                sent += _deliver_one(number)
            except Trouble as gone:
                away[way] = gone
                OUTBOX.put_off([other for other, theirs in _due() if theirs == way], gone)
        for trouble in away.values():
            if trouble.code != "not_configured":
                raise Refused("deliveries-away", N_("%(why)s; files wait"), why=said(trouble.code), status=503)
        return sent


def said(code: str) -> Phrase:
    """What went wrong, in words."""
    return Phrase(TROUBLES.get(code, code))


def _due() -> list[tuple[int, tuple[str, int | None]]]:
    """Deliveries whose time has come, and the way each goes: a route, and the target where there is one."""
    numbers = OUTBOX.due(MOST)
    rows = db.session.execute(select(Delivery.id, Delivery.route, Delivery.target_id).where(Delivery.id.in_(numbers)).order_by(Delivery.id))
    found = [(row.id, (row.route, row.target_id)) for row in rows]
    db.session.rollback()
    return found


def _deliver_one(number: int) -> bool:
    """Claim it, send it, write down what came of it. ``Trouble`` goes on only where the receiver itself is away."""
    attempt = 0
    try:
        with transaction() as session:
            delivery = OUTBOX.claim(session, number)
            if delivery is None:
                return False
            attempt = delivery.attempts
        ready = _ready(db.session(), number, attempt)
        if ready is None:
            return False
        answer = ready.route.send(ready.parcel, ready.settings)
    except Trouble as trouble:
        if trouble.server and not trouble.lasting:
            OUTBOX.release(number, attempt)
            raise
        if OUTBOX.failed(number, attempt, trouble, BOUNCED if trouble.code == REFUSED_ADDRESS else FAILED):
            _tell_keeper(number)
        return False
    return OUTBOX.close(number, attempt, state=SENT, sent_at=now(), next_at=None, error="", answer=answer[:300])


def _ready(session: Session, number: int, attempt: int) -> _Ready | None:
    """The parcel; nothing where it is withheld. ``Trouble`` where it can go nowhere any more."""
    delivery = session.get(Delivery, number)
    route = routes().get(delivery.route) if delivery is not None else None
    if delivery is None or route is None:
        raise Trouble("no_target", lasting=True)
    account = session.get(Account, delivery.user_id) if delivery.user_id is not None else None
    target = session.get(DeliveryTarget, delivery.target_id) if delivery.target_id is not None else None
    if route.registered and (target is None or not target.active or target.kind != route.code):
        raise Trouble("no_target", lasting=True)
    if account is not None and not account.active:
        raise Trouble(REFUSED_ADDRESS, lasting=True)
    files = readable(session, account, delivery.artefacts)
    if not files:
        _withhold(number, attempt, Phrase(NOT_OUT if account is None else NOT_YOURS))
        return None
    parcel = parcel_of(session, delivery, files, address_of(delivery, account, target))
    settings = settings_for(target)
    session.rollback()  # nobody waits on the network with the database open
    return _Ready(attempt, route, parcel, settings)


def _withhold(number: int, attempt: int, reason: Phrase) -> None:
    OUTBOX.close(number, attempt, state=WITHHELD, next_at=None, reason=to_json(reason))
    _tell_keeper(number)


def _tell_keeper(number: int) -> None:
    """Whoever keeps the schedule reads that somebody did not get the files, and why; once for each delivery."""
    with transaction() as session:
        delivery = session.get(Delivery, number)
        run = session.get(Run, delivery.run_id) if delivery is not None else None
        schedule = session.get(Schedule, run.schedule_id) if run is not None and run.schedule_id is not None else None
        if delivery is None or run is None or schedule is None or schedule.owner_id is None:
            return
        text = Phrase(
            N_("“%(name)s” of %(period)s did not reach %(who)s: %(why)s"),
            name=Names(schedule.name_zh, schedule.name_en),
            period=run.period,
            who=delivery.name,
            why=why(delivery),
        )
        keeper = Member(schedule.owner_id, frozenset(), frozenset(), "")
        key = f"{UNDELIVERED}:{run.id}:{delivery.id}"
        tell(session, [keeper], key, UNDELIVERED, text, habits=habits_of(session), tone="warn", mail=False)


def why(delivery: Delivery) -> Phrase:
    """Why a delivery is not (yet) there: the reason it was withheld, or what went wrong."""
    reason = from_json(delivery.reason)
    if reason is not None:
        return reason
    return said(delivery.error) if delivery.error else Phrase(N_("It is on its way"))


def send_again(schedule_id: int, run_id: int) -> int:
    """Queue what of a run did not arrive once more, at its keeper's wish; how many. ``NotFound`` or ``NotAllowed`` for anybody else."""
    with transaction() as session:
        schedule = session.get(Schedule, schedule_id)
        if schedule is None:
            raise NotFound()
        if not keeps(current_actor(), schedule.owner_id):
            raise NotAllowed(N_("Only whoever keeps this schedule, or a district administrator, may send its files again."))
        lost = (Delivery.run_id == run_id, Delivery.state.in_(LOST), Run.schedule_id == schedule_id)
        found = session.execute(select(Delivery).join(Run, Run.id == Delivery.run_id).where(*lost)).scalars().all()
        for delivery in found:
            delivery.state, delivery.attempts, delivery.next_at, delivery.created_at = QUEUED, 0, now(), now()
            delivery.error, delivery.answer, delivery.reason = "", "", None
        return len(found)
