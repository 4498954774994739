"""Scheduling (定时): due times become runs, each once whoever enters it; what waits is let go when it may, or given up in words.

Sends may repeat and processes may die anywhere in here: the unique key (schedule, window, edition) and conditional updates decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.offers import all_offers
from app.core.phrases import to_json
from app.core.runs import Run
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.evaluation import COMPUTED, FINAL, STATES, SUPERSEDED
from app.domain.period import Period, period_of
from app.domain.period_rules import period_for
from app.domain.recurrence import Window, windows
from app.domain.refusals import N_, NotAllowed, NotFound, Phrase, Refused
from app.domain.scorecard import Names
from app.entities.schedule import Schedule, keeps, rule_of
from app.queries.calendar import working_calendar
from app.queries.reminding import habits_of
from app.queries.schedules import schedules_in_use
from app.queries.scores import evaluation_of
from app.queries.staff import Member
from app.services.notices import tell

LATE = timedelta(minutes=15)
"""What is entered later than so long after its time was missed: the run is marked."""
MOST = 2000
"""So many missed times of one schedule are entered in one go; the rest follow at the next tick."""

SKIPPED = N_("Missed while nothing ran; this schedule makes up for the latest time only.")
WAITS = N_("Waits until the evaluation of %(period)s is %(wanted)s; now it is: %(state)s. It waits until %(until)s.")
NOT_COMPUTED = N_("not computed yet")
WANTED = {"published": N_("published"), "final": N_("final")}
GIVEN_UP = N_("The evaluation of %(period)s was not %(wanted)s by %(until)s; it was: %(state)s.")
UNMADE = N_("“%(name)s” of %(period)s was not made: %(reason)s")


def plan() -> int:
    """Enter every time that has come, then let go what waited; how many runs were entered or moved on."""
    with acting_as(SYSTEM):
        at = now()
        session = db.session()
        numbers = [schedule.id for schedule in schedules_in_use(session)]
        return sum(_plan_one(number, at) for number in numbers) + _let_go(at)


def _plan_one(number: int, at: datetime) -> int:
    """One schedule in one transaction; the watermark moves with what was entered."""
    session = db.session()
    schedule = session.get(Schedule, number)
    if schedule is None or not schedule.enabled:
        return 0
    rule, calendar = rule_of(schedule), working_calendar(session)
    after = schedule.planned_until or at
    due = list(islice(windows(rule, calendar, after, at), MOST))
    upcoming = next(windows(rule, calendar, at), None)
    next_at = upcoming.at if upcoming else None
    if not due and next_at == schedule.next_at:
        return 0
    with transaction() as writer:
        entered = _enter(writer, schedule, due, at) if due else 0
        values = {"next_at": next_at, "changed_at": Schedule.changed_at, **({"planned_until": due[-1].at} if due else {})}
        mark = update(Schedule).where(Schedule.id == number).values(values).execution_options(synchronize_session=False)
        writer.execute(mark)
    return entered


def _enter(session: Session, schedule: Schedule, due: list[Window], at: datetime) -> int:
    late = [window for window in due if at - window.at > LATE]
    if schedule.catch_up == "skip":
        due = [window for window in due if window not in late]
    passed = set(late[:-1] if due[-1:] == late[-1:] else late) if schedule.catch_up == "latest" else set()
    rows = [_row(session, schedule, window, late=window in late, passed=window in passed, at=at) for window in due]
    return _insert(session, rows)


def _insert(session: Session, rows: list[dict[str, Any]]) -> int:
    """Whoever comes second enters nothing."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    entered = 0
    for row in rows:
        statement = dialect.insert(Run).values(row).on_conflict_do_nothing(index_elements=["schedule_id", "window", "edition"])
        entered += len(session.execute(statement.returning(Run.id)).all())
    return entered


def _row(session: Session, schedule: Schedule, window: Window, *, late: bool, passed: bool, at: datetime) -> dict[str, Any]:
    """A run as it is entered: everything it needs is written down with it."""
    period = period_for(schedule.period_rule, window.day, schedule.zone)
    values = _values(session, schedule, period, window.at, at)
    values |= {"window": window.key, "edition": 1, "late": late}
    if passed:
        values |= {"state": "superseded", "reason": to_json(Phrase(SKIPPED)), "finished_at": at}
    return values


def _values(session: Session, schedule: Schedule, period: Period, due_at: datetime, at: datetime) -> dict[str, Any]:
    made, owner = all_offers().get(schedule.report), schedule.owner
    waits, until = None, None
    if schedule.condition != "none":
        until = max(due_at, at) + timedelta(days=schedule.wait_days)
        waits = _waiting_for(session, schedule.condition, period.key, until)
    return {
        "kind": made.kind if made else schedule.report,  # what nobody here can make any more is refused in words, by the worker
        "title": to_json(Phrase(N_("%(name)s: %(period)s"), name=Names(schedule.name_zh, schedule.name_en), period=period.key)),
        "params": {
            "schedule": schedule.id,
            "report": schedule.report,
            "scope": schedule.scope,
            "group": schedule.group,
            "unit": schedule.unit_id,
            "period": period.key,
            "formats": schedule.formats.split("+"),
            "condition": schedule.condition,
        },
        "state": "waiting" if waits else "queued",
        "waits": to_json(waits) if waits else None,
        "wait_until": until,
        "reason": None,
        "user_id": schedule.owner_id,
        "user_name": owner.label()[:128] if owner is not None else "",
        "language": (owner.language or "zh") if owner is not None else "zh",
        "created_at": at,
        "finished_at": None,
        "schedule_id": schedule.id,
        "due_at": due_at,
        "period": period.key,
    }


def _waiting_for(session: Session, condition: str, period: str, until: datetime) -> Phrase | None:
    """What is waited for, in words; nothing where it is there already."""
    evaluation = evaluation_of(session, period)
    state = evaluation.state if evaluation is not None else ""
    if state == FINAL or (condition == "published" and state not in ("", COMPUTED, SUPERSEDED)):
        return None
    return Phrase(
        WAITS, period=period, wanted=Phrase(WANTED[condition]), state=Phrase(STATES[state] if state else NOT_COMPUTED), until=until
    )


# --- what waits ---------------------------------------------------------------------------------------------


def _let_go(at: datetime) -> int:
    """Runs whose evaluation has come are queued; those that waited long enough are given up, and their keeper is told."""
    session = db.session()
    waiting = session.execute(select(Run).where(Run.state == "waiting").order_by(Run.id)).scalars().all()
    todo = [(run.id, run.params["condition"], run.period, run.wait_until or at, run.waits) for run in waiting]
    session.rollback()
    return sum(_look_again(*one, at=at) for one in todo)


def _look_again(number: int, condition: str, period: str, until: datetime, said: dict[str, Any] | None, *, at: datetime) -> int:
    still = _waiting_for(db.session(), condition, period, until)
    if still is None:
        return _move(number, state="queued", not_before=None)
    if at < until:
        text = to_json(still)
        if text != said:
            _move(number, waits=text)
        return 0
    reason = Phrase(GIVEN_UP, period=period, wanted=still.values["wanted"], until=until, state=still.values["state"])
    with transaction() as session:
        moved = _move(number, state="failed", reason=to_json(reason), finished_at=at)
        if moved:
            tell_unmade(session, number, reason)
    return moved


def _move(number: int, **values: Any) -> int:
    with transaction() as session:
        waiting = (Run.id == number, Run.state == "waiting")
        moved: Any = session.execute(update(Run).where(*waiting).values(values).execution_options(synchronize_session=False))
        return int(moved.rowcount)


def tell_unmade(session: Session, number: int, reason: Phrase) -> None:
    """The schedule's keeper learns that a run came to nothing, and why; joins the caller's transaction."""
    run = session.get(Run, number, populate_existing=True)
    schedule = session.get(Schedule, run.schedule_id) if run is not None and run.schedule_id is not None else None
    if run is None or schedule is None or schedule.owner_id is None:
        return
    text = Phrase(UNMADE, name=Names(schedule.name_zh, schedule.name_en), period=run.period, reason=reason)
    member = Member(schedule.owner_id, frozenset(), frozenset(), "")
    tell(session, [member], f"run:{run.id}:failed", "run", text, habits=habits_of(session), tone="bad", mail=False)


# --- by hand ------------------------------------------------------------------------------------------------


def run_now(number: int, period: str = "") -> int:
    """Make it now, for the period it is due for now or for an earlier one; the run's number.

    It waits like any other where its evaluation is not there yet. Raises ``Refused`` for a period that is none or not over.
    """
    with transaction() as session:
        schedule = session.get(Schedule, number)
        if schedule is None:
            raise NotFound()
        if not keeps(current_actor(), schedule.owner_id):
            raise NotAllowed()
        at = now()
        usual = period_for(schedule.period_rule, at.astimezone(rule_of(schedule).tz).date(), schedule.zone)
        wanted = period_of(period, schedule.zone) if period else usual
        if wanted.start > at:
            raise Refused("future", N_("%(period)s has not begun."), field="period", period=wanted.key)
        values = _values(session, schedule, wanted, at, at)
        name = f"hand:{wanted.key}"
        last = session.execute(select(func.max(Run.edition)).where(Run.schedule_id == number, Run.window == name)).scalar() or 0
        run = Run(**values, window=name, edition=last + 1, late=False)
        actor = current_actor()
        if actor.user_id is not None:
            run.user_id, run.user_name, run.language = actor.user_id, actor.name[:128], actor.language
        session.add(run)
        session.flush()
        return run.id


def pause(number: int, *, enabled: bool) -> Schedule:
    """Pause a schedule or take it up again; what falls into a pause is not made up for."""
    with transaction() as session:
        schedule = session.get(Schedule, number)
        if schedule is None:
            raise NotFound()
        schedule.enabled = enabled
        return schedule
