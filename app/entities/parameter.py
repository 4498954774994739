"""System parameters: the few business settings of a district that are not a table of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.columns import Rule
from app.crud.entity import Entity
from app.crud.resource import UPDATE, Resource
from app.crud.rules import CODE, pattern, readable
from app.domain.calendar import hours
from app.domain.refusals import N_, Refused

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"

CHECKS: Mapping[str, Rule] = {
    "time_zone": Rule(lambda value: value in available_timezones(), N_("“%(value)s” is not a known time zone; write it as Asia/Shanghai")),
    "working_hours": readable(
        hours, N_("“%(value)s” are not working hours; write stretches one after the other, as 08:00-12:00, 14:00-18:00")
    ),
    "cutoff_days": pattern(r"0?[1-9]|[12][0-9]|3[01]", N_("“%(value)s” is not a number of days; write a whole number from 1 to 31")),
    "cutoff_days_long": pattern(r"0?[1-9]|[12][0-9]|3[01]", N_("“%(value)s” is not a number of days; write a whole number from 1 to 31")),
    "appeal_days": pattern(r"[0-9]|[12][0-9]|30", N_("“%(value)s” is not a number of working days; write a whole number from 0 to 30")),
    "appeal_nodes": pattern(r"[23]", N_("“%(value)s” is not a number of review nodes; write 2 or 3")),
    "extensions_most": pattern(r"[0-9]", N_("“%(value)s” is not a number from 0 to 9")),
    "lead_signs_from": pattern(r"[1-9]", N_("“%(value)s” is not a number from 1 to 9")),
    "quiet_hours": pattern(_CLOCK + "-" + _CLOCK, N_("“%(value)s” is not a span of hours; write it as 22:00-07:00")),
    "digest_at": pattern(_CLOCK, N_("“%(value)s” is not a time of day; write it as 08:30")),
    "follow_up_share": pattern(r"100|[1-9]?[0-9]", N_("“%(value)s” is not a share; write a whole number from 0 to 100")),
    "mail_from": pattern(r"[^@\s]+@[^@\s]+", N_("“%(value)s” is not an e-mail address")),
    "mail_attach_mb": pattern(r"[0-9]|[1-9][0-9]", N_("“%(value)s” is not a number of megabytes; write a whole number from 0 to 99")),
    "frequent_from": pattern(r"[1-9][0-9]{0,3}", N_("“%(value)s” is not a number; write a whole number from 1 to 9999")),
    "recurrent_from": pattern(r"[1-9][0-9]{0,3}", N_("“%(value)s” is not a number; write a whole number from 1 to 9999")),
    "backup_copies": pattern(
        r"[0-9]|[1-9][0-9]|[1-3][0-9]{2}", N_("“%(value)s” is not a number of copies; write a whole number from 0 to 399")
    ),
    "notices_days": pattern(r"[1-9][0-9]{0,3}", N_("“%(value)s” is not a number; write a whole number from 1 to 9999")),
    "run_files_days": pattern(r"[1-9][0-9]{0,3}", N_("“%(value)s” is not a number; write a whole number from 1 to 9999")),
    "ticket_prefix": pattern(r"[A-Za-z0-9]{1,8}", N_("“%(value)s” cannot begin a ticket number; use 1 to 8 letters and digits")),
    "public_unit": pattern(r"[01]", N_("“%(value)s” is neither 0 nor 1")),
    "public_report": pattern(r"[01]", N_("“%(value)s” is neither 0 nor 1")),
    "demo": pattern(r"[01]", N_("“%(value)s” is neither 0 nor 1")),
}
"""What the value of a setting must be; the other settings are free text. No value at all means the usual one."""


_WHOLE = pattern(r"[1-9][0-9]{0,3}", N_("“%(value)s” is not a number; write a whole number from 1 to 9999"))


def _check_of(code: str) -> Rule | None:
    """What the value of the setting ``code`` must be; every threshold of the radar is a number."""
    return _WHOLE if code.startswith("radar.") else CHECKS.get(code)


def _value_fits(values: Mapping[str, Any], _row: Any) -> None:
    value, check = values.get("value"), _check_of(values.get("code") or "")
    if value and check is not None and not check.holds(value):
        raise Refused("invalid", check.message, field="value", value=value)


class Parameter(Entity):
    """A setting by its code; ``value`` is kept as text and read by whoever needs it."""

    __tablename__ = "parameter"

    code: Mapped[str] = column.text(60, N_("Code"), required=True, unique=True, fixed=True, search=True, listed=True, rules=[CODE])
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True)
    value: Mapped[str] = column.text(400, N_("Value"), listed=True)
    about: Any = column.localized(400, N_("Explanation"), lines=2)


RESOURCE = Resource(
    Parameter,
    singular=N_("Parameter"),
    plural=N_("System parameters"),
    area="system",
    icon="sliders",
    position=70,
    allows=frozenset({UPDATE}),
    path="parameters",
    rules=(_value_fits,),
    about=N_("District name, time zone, cut-off days and the like. Every change is in the change log."),
)


def parameter(code: str, default: str = "") -> str:
    """The value of a setting, or ``default`` where it is not set."""
    value = db.session.execute(select(Parameter.value).where(Parameter.code == code)).scalar_one_or_none()
    return value if value not in (None, "") else default
