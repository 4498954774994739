"""A schedule as people read it: its time in a sentence, the next dates with the period each reports, its runs and who has the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.core.phrases import from_json
from app.core.run import Run
from app.crud.columns import Origin, Reading
from app.crud.resource import Resource
from app.delivery import routes
from app.domain.period import period_of
from app.domain.recurrence import CRON, DAILY, LAST_WORKING_DAY, MONTH_DAY, WEEKLY, WORKING_DAY, TimeRule, check
from app.domain.recurrence_sentence import said
from app.domain.refusals import N_, Refused, RefusedAll
from app.entities.delivery import BOUNCED, FAILED, QUEUED, SENT, WITHHELD, Delivery
from app.entities.schedule import Schedule, rule_of
from app.queries.calendar import working_calendar
from app.queries.schedule_runs import Outcome, Tally, outcome, runs_of, tallies
from app.queries.schedules import Coming, coming
from app.services.delivering import LOST, why

RUN_STATES: Mapping[str, tuple[str, str, str]] = {
    "waiting": (N_("Waits"), "warn", "hourglass-half"),
    "queued": (N_("Waiting"), "neutral", "hourglass-half"),
    "running": (N_("Running"), "primary", "rotate"),
    "done": (N_("Done"), "ok", "check"),
    "failed": (N_("Failed"), "bad", "xmark"),
    "superseded": (N_("Superseded"), "neutral", "rotate-left"),
}
"""How a run's state is called, its tone and its sign."""

DELIVERY_STATES: Mapping[str, tuple[str, str, str]] = {
    QUEUED: (N_("On its way"), "neutral", "hourglass-half"),
    SENT: (N_("Sent"), "ok", "check"),
    FAILED: (N_("Not sent"), "bad", "xmark"),
    BOUNCED: (N_("Came back"), "bad", "xmark"),
    WITHHELD: (N_("Withheld"), "warn", "lock"),
}
INBOX = N_("Inbox")

TIMING = ("kind", "nth", "weekday", "months", "shift", "at", "cron", "zone", "period_rule")
"""The columns on which the next dates depend."""

_OF_MONTHS = [WORKING_DAY, LAST_WORKING_DAY, MONTH_DAY]
MATTERS: Mapping[str, tuple[str, Sequence[str]]] = {
    "nth": ("kind", _OF_MONTHS),
    "months": ("kind", _OF_MONTHS),
    "weekday": ("kind", [WEEKLY]),
    "shift": ("kind", [MONTH_DAY, WEEKLY, DAILY]),
    "at": ("kind", [*_OF_MONTHS, WEEKLY, DAILY]),
    "cron": ("kind", [CRON]),
    "group": ("scope", ["group"]),
    "unit": ("scope", ["unit"]),
    "wait_days": ("condition", ["published", "final"]),
}
"""Which columns matter only for some values of another one."""


@dataclass(frozen=True, slots=True)
class NextTime:
    """One date to come: when on the schedule's clock, which period it reports, and the year whose calendar is only supposed."""

    when: str
    period: str
    supposed: str


@dataclass(frozen=True, slots=True)
class Foresight:
    """The rule as a sentence with its next dates, or why there are none."""

    sentence: str = ""
    times: Sequence[NextTime] = ()
    faults: Sequence[str] = ()


def foresight(session: Session, resource: Resource, raw: Mapping[str, Any], writer: Words) -> Foresight:
    """What the form as it stands would mean; ``raw`` are its values as typed."""
    reading, values, refusals = Reading(origin=Origin.FORM, words=writer), {}, []
    for name in TIMING:
        try:
            values[name] = resource.written[name].read(raw.get(name), reading)
        except Refused as refusal:
            refusals.append(refusal)
    rule = rule_of(values) if not refusals else None
    if rule is not None:
        try:
            check(rule)
        except RefusedAll as refused:
            refusals += refused.refusals
        except Refused as refused:
            refusals.append(refused)
    if rule is None or refusals:
        return Foresight(faults=[writer.phrase(refusal.phrase) for refusal in refusals])
    return foreseen(session, rule, values["period_rule"], writer)


def foreseen(session: Session, rule: TimeRule, period_rule: str, writer: Words) -> Foresight:
    """The sentence and the next dates of a rule that can be kept."""
    found = coming(rule, period_rule, working_calendar(session), now())
    return Foresight(writer.phrase(said(rule)), [_next(one, rule, writer) for one in found])


def _next(one: Coming, rule: TimeRule, writer: Words) -> NextTime:
    local = one.window.at.astimezone(rule.tz)
    return NextTime(
        f"{writer.day(local.date(), weekday=True)} {local:%H:%M}",
        writer.month(one.period),
        str(max(local.year, one.window.day.year)) if one.provisional else "",
    )


def irrelevant(values: Mapping[str, Any]) -> set[str]:
    """The columns that do not matter for what a schedule says elsewhere."""
    return {name for name, (other, wanted) in MATTERS.items() if (values.get(other) or "") not in wanted}


# --- what came of it ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run in the list."""

    id: int
    href: str
    period: str
    due: str
    state: tuple[str, str, str]
    late: bool
    edition: int
    by_hand: bool
    reason: str
    tally: Tally
    open: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a run; whoever may read it has a link."""

    name: str
    href: str
    language: str
    size: str
    taken: str


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """One delivery: to whom, by which way, and how far it has come."""

    name: str
    route: str
    state: tuple[str, str, str]
    reason: str
    files: int
    sent: str
    opened: str
    received: str


@dataclass(frozen=True, slots=True)
class OpenRun:
    """The run that is looked at."""

    line: RunLine
    working: bool
    step: str
    done: int
    total: int
    files: Sequence[FileLine]
    recipients: Sequence[RecipientLine]
    again: str = ""
    """Where what did not arrive is sent once more."""


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """What stands on a schedule's page beside its facts."""

    foresight: Foresight
    runs: Sequence[RunLine]
    open: OpenRun | None


def schedule_page(session: Session, schedule: Schedule, writer: Words, asked: int | None) -> SchedulePage:
    """Build it; ``asked`` is the run to look at, else the latest one."""
    runs = runs_of(session, schedule.id)
    counted = tallies(session, runs)
    number = asked if asked is not None else runs[0].id if runs else 0
    lines = [_line(run, counted[run.id], run.id == number, writer) for run in runs]
    found = outcome(session, schedule.id, number) if number else None
    return SchedulePage(
        foreseen(session, rule_of(schedule), schedule.period_rule, writer), lines, _opened(session, found, writer) if found else None
    )


def _line(run: Run, tally: Tally, is_open: bool, writer: Words) -> RunLine:
    name, tone, sign = RUN_STATES[run.state]
    return RunLine(
        run.id,
        url_for("ScheduleScreen.show", pk=run.schedule_id, run=run.id, _anchor="run"),
        writer.month(period_of(run.period)) if run.period else NOTHING,
        writer.moment(run.due_at or run.created_at),
        (writer(name), tone, sign),
        run.late,
        run.edition,
        (run.window or "").startswith("hand:"),
        " ".join(_why(run, writer)),
        tally,
        is_open,
    )


def _why(run: Run, writer: Words) -> Iterator[str]:
    """Why it waits, or came to nothing, or is tried again; what it waited for stays readable when it is over."""
    reason, waits = from_json(run.reason), from_json(run.waits)
    if reason is not None:
        yield writer.phrase(reason)
    if reason is None and run.state == "superseded":
        yield writer(N_("A newer run of the same schedule and period stands in its place."))
    if waits is not None:
        yield writer.phrase(waits) if run.state == "waiting" else writer(N_("Before that it waited: %(said)s"), said=waits)


def _opened(session: Session, found: Outcome, writer: Words) -> OpenRun:
    run = found.run
    step = from_json(run.step)
    return OpenRun(
        _line(run, tallies(session, [run])[run.id], True, writer),
        run.state in ("queued", "running"),
        writer.phrase(step) if step else "",
        run.done,
        run.total,
        list(_files(found, writer)),
        [_recipient(one, writer) for one in found.deliveries],
        url_for("ScheduleScreen.again", pk=run.schedule_id, run_id=run.id) if any(one.state in LOST for one in found.deliveries) else "",
    )


def _files(found: Outcome, writer: Words) -> Iterator[FileLine]:
    door = "MyFiles.file" if "MyFiles.file" in current_app.view_functions else ""
    for one in found.files:
        people = list(dict.fromkeys(reading.user_name for reading in found.taken.get(one.id, ()) if reading.user_name))
        size = writer(N_("%(size)s KB"), size=max(one.size // 1024, 1))
        yield FileLine(
            one.name, url_for(door, artefact_id=one.id) if door else "", one.language, size, writer.listing(people) if people else ""
        )


def _recipient(one: Delivery, writer: Words) -> RecipientLine:
    name, tone, sign = DELIVERY_STATES[one.state]
    told = writer.phrase(why(one)) if one.reason or one.error else ""
    if told and one.answer and one.state != SENT:
        told = writer(N_("%(why)s (%(answer)s)"), why=told, answer=one.answer)
    route = routes().get(one.route)
    return RecipientLine(
        one.name,
        writer(route.name) if route is not None else writer(INBOX),
        (writer(name), tone, sign),
        told,
        len(one.artefacts),
        writer.moment(one.sent_at),
        writer.moment(one.opened_at),
        writer.moment(one.received_at),
    )
