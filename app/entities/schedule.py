"""Schedules (定时计划): what is made by itself, when by the office's clock, of which period, for whom, and what it waits for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapped

import app.core.cron  # noqa: F401 - from now on the rules can read cron expressions
from app.core.acting import current_actor
from app.core.clock import now
from app.core.offers import GROUP, UNIT, WHOLE, all_offers
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE, pattern
from app.domain.actors import Actor
from app.domain.period_rules import PERIOD_RULES
from app.domain.recurrence import KINDS, MONTHS, SHIFTS, TimeRule, check
from app.domain.refusals import N_, NotAllowed, Refused
from app.domain.reminders import clock_of
from app.entities.account import EMAIL
from app.entities.delivery_target import DeliveryTarget, only_those_in_use
from app.entities.scheme import GROUPS

CLOCK = pattern(r"([01]\d|2[0-3]):[0-5]\d", N_("“%(value)s” is not a time of day: write it as 09:00"))

SCOPES = (
    Option(WHOLE, N_("The whole district")),
    Option(GROUP, N_("Every unit of a group")),
    Option(UNIT, N_("One unit")),
)
CONDITIONS = (
    Option("none", N_("Nothing: at its time")),
    Option("published", N_("The evaluation is published")),
    Option("final", N_("The evaluation is final")),
)
CATCH_UPS = (
    Option("each", N_("Every missed time, once, marked late")),
    Option("latest", N_("Only the latest missed time, marked late")),
    Option("skip", N_("Nothing: what was missed stays missed")),
)
FORMATS = (
    Option("xlsx+pdf", N_("Excel and PDF")),
    Option("xlsx", N_("Excel")),
    Option("pdf", N_("PDF")),
)
LANGUAGES = (
    Option("own", N_("Each recipient's own")),
    Option("zh,en", N_("Chinese and English, a file each")),
    Option("zh", N_("Chinese")),
    Option("en", N_("English")),
    Option("zh+en", N_("Side by side")),
)
WEEKDAYS = tuple(
    Option(str(number), name)
    for number, name in enumerate(
        (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
    )
)
LEADS = (*GROUPS, Option("all", N_("Every group")))
ROUTES = (
    Option("inbox", N_("Inbox")),
    Option("mail", N_("Inbox and e-mail")),
)

WHAT, WHEN, WAITS, WHOM, KEEPING = N_("What is made"), N_("When it is made"), N_("What it waits for"), N_("Who gets it"), N_("Keeping")


def rule_of(values: Mapping[str, Any] | Any) -> TimeRule:
    """The time rule that a row, or the values of one, stands for."""
    get = values.get if isinstance(values, Mapping) else lambda name: getattr(values, name)
    return TimeRule(
        kind=get("kind") or "working_day",
        nth=int(get("nth") or 1),
        weekday=int(get("weekday") or 0),
        at=clock_of(get("at") or "", "09:00"),
        shift=get("shift") or "none",
        months=get("months") or "every",
        cron=get("cron") or "",
        zone=get("zone") or "Asia/Shanghai",
    )


def _rule_can_be_kept(values: Mapping[str, Any], row: Any) -> None:
    """Raises ``Refused`` with the field where no calendar could ever follow the rule."""
    check(rule_of(_merged(values, row)))


def _fits_what_is_made(values: Mapping[str, Any], row: Any) -> None:
    """What is made comes for that scope, in that format, and can wait for an evaluation only where it is printed from one."""
    found = _merged(values, row)
    made = all_offers().get(found["report"])
    if made is None:
        return
    scope = found["scope"] or WHOLE
    if scope not in made.scopes:
        raise Refused("scope", N_("“%(what)s” is not made for this scope."), field="scope", what=made.title)
    if scope == UNIT and not found["unit"]:
        raise Refused("required", N_("Choose the unit."), field="unit")
    if scope == GROUP and not found["group"]:
        raise Refused("required", N_("Choose the group."), field="group")
    if (found["condition"] or "none") != "none" and not made.awaits:
        raise Refused("condition", N_("“%(what)s” waits for no evaluation."), field="condition", what=made.title)
    if not set((found["formats"] or "").split("+")) <= set(made.formats):
        raise Refused("format", N_("“%(what)s” does not come in this format."), field="formats", what=made.title)


def _somebody_gets_it(values: Mapping[str, Any], row: Any) -> None:
    """A file nobody is told about is a file nobody has; every address is one."""
    found = _merged(values, row)
    for address in addresses_of(found["addresses"]):
        if not EMAIL.holds(address):
            raise Refused("address", EMAIL.message, field="addresses", value=address)
    if not any(found[name] for name in ("to_owner", "leads", "accounts", "roles", "targets", "addresses")):
        raise Refused(
            "no-recipient", N_("Say who gets it: yourself, leads, people, roles, addresses or a registered target."), field="to_owner"
        )


def _merged(values: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """What the row would hold after saving; programs send only what they change, and leave out what is as usual."""
    fields = Schedule.__fields__.items()
    return {name: values[name] if name in values else column.default if row is None else getattr(row, name) for name, column in fields}


def addresses_of(text: str | None) -> list[str]:
    """Mail addresses, one a line or with commas between."""
    return [part for part in re.split(r"[\s,;，；]+", text or "") if part]


class Schedule(Entity):
    """One plan. ``planned_until`` is how far its times have been entered as runs; times before it are never entered again."""

    __tablename__ = "schedule"

    code: Mapped[str] = column.text(
        40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="monthly", group=WHAT
    )
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True, group=WHAT)
    report: Mapped[str] = column.choice(
        lambda: [Option(one.code, one.title) for one in all_offers().values()],
        N_("What is made"),
        required=True,
        listed=True,
        filtered=True,
        look="text",
        group=WHAT,
    )
    scope: Mapped[str] = column.choice(SCOPES, N_("Of whom"), default=WHOLE, required=True, look="text", group=WHAT)
    group: Mapped[str] = column.choice(GROUPS, N_("Group"), look="text", group=WHAT)
    unit: Mapped[Any] = column.link("Unit", N_("Unit"), table="unit", group=WHAT)
    period_rule: Mapped[str] = column.choice(
        [Option(code, name) for code, name in PERIOD_RULES.items()],
        N_("Period"),
        default="last_month",
        required=True,
        listed=True,
        look="text",
        group=WHAT,
    )
    formats: Mapped[str] = column.choice(FORMATS, N_("Formats"), default="xlsx+pdf", required=True, look="text", group=WHAT)
    languages: Mapped[str] = column.choice(LANGUAGES, N_("Languages"), default="own", required=True, look="text", group=WHAT)

    kind: Mapped[str] = column.choice(
        [Option(code, name) for code, name in KINDS.items()], N_("Day"), default="working_day", required=True, look="text", group=WHEN
    )
    nth: Mapped[int] = column.number(
        N_("Which"),
        default=1,
        least=1,
        most=31,
        help=N_("Which working day, counted from the beginning or the end; or which day of the month."),
        group=WHEN,
    )
    weekday: Mapped[str] = column.choice(WEEKDAYS, N_("Weekday"), default="0", look="text", group=WHEN)
    months: Mapped[str] = column.choice(
        [Option(code, name) for code, name in MONTHS.items()], N_("Months"), default="every", required=True, look="text", group=WHEN
    )
    shift: Mapped[str] = column.choice(
        [Option(code, name) for code, name in SHIFTS.items()], N_("On days off"), default="none", required=True, look="text", group=WHEN
    )
    at: Mapped[str] = column.text(5, N_("Time of day"), default="09:00", required=True, rules=[CLOCK], example="09:00", group=WHEN)
    cron: Mapped[str] = column.text(
        120,
        N_("Cron expression"),
        help=N_("For experts: minute, hour, day, month, weekday; then it alone says when."),
        example="0 9 L * *",
        group=WHEN,
    )
    zone: Mapped[str] = column.text(60, N_("Time zone"), default="Asia/Shanghai", required=True, example="Asia/Shanghai", group=WHEN)

    condition: Mapped[str] = column.choice(CONDITIONS, N_("Waits for"), default="none", required=True, look="text", group=WAITS)
    wait_days: Mapped[int] = column.number(
        N_("Days to wait at most"), default=10, least=0, most=90, help=N_("After that it is given up and you are told."), group=WAITS
    )
    catch_up: Mapped[str] = column.choice(CATCH_UPS, N_("After a stop"), default="each", required=True, look="text", group=WAITS)

    to_owner: Mapped[bool] = column.flag(N_("To me"), default=True, help=N_("To whoever keeps this schedule."), group=WHOM)
    leads: Mapped[str] = column.choice(
        LEADS,
        N_("To the leads of"),
        look="text",
        help=N_("The leads of every unit of the group; each gets what the own unit may read."),
        group=WHOM,
    )
    accounts: Mapped[Any] = column.links("User", N_("To these people"), table="ab_user", group=WHOM)
    roles: Mapped[Any] = column.links("Role", N_("To everybody with the role"), table="ab_role", group=WHOM)
    route: Mapped[str] = column.choice(ROUTES, N_("People get it by"), default="inbox", required=True, look="text", group=WHOM)
    addresses: Mapped[str] = column.long_text(
        N_("To other mail addresses"),
        length=2000,
        lines=2,
        help=N_("One a line. What is published only; the language is the schedule's first."),
        group=WHOM,
    )
    targets: Mapped[Any] = column.links(DeliveryTarget.__name__, N_("To registered targets"), table="delivery_target", group=WHOM)

    keep_days: Mapped[int] = column.number(N_("Files are kept for, days"), default=1095, least=1, most=36500, group=KEEPING)
    enabled: Mapped[bool] = column.flag(N_("Enabled"), default=True, listed=True, filtered=True, group=KEEPING)
    owner: Mapped[Any] = column.link(
        "User", N_("Kept by"), table="ab_user", listed=True, filtered=True, derived=True, on_delete="SET NULL", group=KEEPING
    )
    next_at: Mapped[datetime | None] = column.moment(N_("Next time"), derived=True, listed=True, group=KEEPING)

    planned_until: Mapped[datetime | None] = column.moment(N_("Planned until"), derived=True, hidden=True)


def keeps(actor: Actor, owner_id: int | None) -> bool:
    """Whether somebody whose role keeps schedules may change this one: evaluators their own, district administrators all."""
    return actor.user_id == owner_id or not actor.has_role("evaluator") or actor.has_role("district_admin")


def kept_by_its_keeper(_mapper: Any, _connection: Any, schedule: Schedule) -> None:
    """Raises ``NotAllowed`` for an evaluator who is not the keeper, whatever door was used."""
    if not keeps(current_actor(), schedule.owner_id):
        raise NotAllowed(N_("Only whoever keeps this schedule, or a district administrator, may change it."))


def _before_insert(_mapper: Any, _connection: Any, schedule: Schedule) -> None:
    """Whoever makes it keeps it; nothing that was due before is made up for."""
    if schedule.owner_id is None:
        schedule.owner_id = current_actor().user_id
    schedule.planned_until = schedule.planned_until or now()


def _before_update(_mapper: Any, _connection: Any, schedule: Schedule) -> None:
    """What fell into a pause is not made up for; whoever paused it did not want it."""
    history: Any = inspect(schedule).attrs.enabled.history
    if history.has_changes() and schedule.enabled:
        schedule.planned_until = now()


event.listen(Schedule, "before_insert", _before_insert)
event.listen(Schedule, "before_update", _before_update)
event.listen(Schedule, "before_update", kept_by_its_keeper)
event.listen(Schedule, "before_delete", kept_by_its_keeper)


RESOURCE = Resource(
    Schedule,
    singular=N_("Schedule"),
    plural=N_("Schedules"),
    area="evaluation",
    icon="calendar-check",
    position=70,
    natural_key=("code",),
    order="code",
    path="schedules",
    rules=(_rule_can_be_kept, _fits_what_is_made, _somebody_gets_it, only_those_in_use),
    groups={
        WHAT: N_("Which report, of whom and of which period, in which formats and languages."),
        WHEN: N_("By the office's clock: working days as the city's calendar has them."),
        WAITS: N_("What must be out before it is made, and what happens with times that were missed."),
        WHOM: N_("Everybody gets what the own role and unit may read, and nothing else."),
        KEEPING: N_("Files are never overwritten; whoever keeps the schedule is told when something fails."),
    },
    about=N_("What is made and delivered by itself, by the office's clock."),
    empty=N_("Nothing is made by itself yet. A schedule prints last month's scorecards and brings them to everybody who needs them."),
)
