"""Filters: conditions people can read, addresses can carry and the database can run; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_

from app.core.clock import now
from app.core.languages import Words
from app.crud.columns import Choice, Day, Field, Flag, Link, Links, Localized, Moment, Number, Origin, Reading, Text
from app.crud.columns.texts import storable
from app.crud.resource import Resource
from app.domain.refusals import N_, Phrase, Refused

OPERATORS = {
    "eq": N_("is"),
    "neq": N_("is not"),
    "ct": N_("contains"),
    "sw": N_("starts with"),
    "ge": N_("from"),
    "le": N_("to"),
    "gt": N_("above"),
    "lt": N_("below"),
    "in": N_("is"),
    "last": N_("within"),
    "empty": N_("is empty"),
}

SPANS = {
    "today": N_("today"),
    "7d": N_("the last 7 days"),
    "30d": N_("the last 30 days"),
    "90d": N_("the last 90 days"),
    "365d": N_("the last 365 days"),
    "month": N_("this month"),
    "year": N_("this year"),
}

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {"eq": eq, "ge": ge, "le": le, "gt": gt, "lt": lt}
_ADDRESS = re.compile(r"^([a-z_]{1,60})\.([a-z]{2,5})\.(.*)$", re.DOTALL)
_MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Condition:
    """``column operator values``; in an address ``column.operator.value,value``."""

    column: str
    operator: str
    values: tuple[str, ...]

    @property
    def address(self) -> str:
        """As it stands in a URL (before quoting)."""
        return f"{self.column}.{self.operator}.{','.join(v.replace(',', '，') for v in self.values)}"


def operators_of(column: Field) -> tuple[str, ...]:
    """The operators that make sense for a column, the usual one first."""
    if isinstance(column, (Day, Moment)):
        return ("last", "ge", "le", "gt", "lt", "empty")
    if isinstance(column, Number):
        return ("eq", "ge", "le", "gt", "lt", "neq", "empty")
    if isinstance(column, (Choice, Link, Links)):
        return ("in", "eq", "neq", "empty")
    if isinstance(column, Flag):
        return ("eq",)
    return ("ct", "eq", "sw", "neq", "empty")


def read_condition(resource: Resource, text: str) -> Condition:
    """A condition from an address, checked; ``Refused("bad-filter")`` says what is wrong with it."""
    match = _ADDRESS.match(text)
    if not match:
        raise Refused("bad-filter", N_("“%(value)s” is not a filter"), value=text[:80], status=400)
    values = tuple(part.strip() for part in match[3].split(",")) if match[2] == "in" else (match[3].strip(),)
    condition = Condition(match[1], match[2], values[:_MOST_VALUES])
    where(resource, condition)
    return condition


def where(resource: Resource, condition: Condition) -> ColumnElement[bool]:
    """The condition as SQL. A value that does not fit its column is refused, never read as "empty"."""
    column = resource.filtered.get(condition.column)
    if column is None or condition.operator not in operators_of(column):
        raise Refused("bad-filter", N_("This list cannot be filtered by “%(value)s”"), value=condition.address[:80], status=400)
    try:
        return _sql(resource, column, condition)
    except Refused as refusal:
        raise Refused("bad-filter", refusal.phrase.message, field=condition.column, status=400, **refusal.phrase.values) from None


def _sql(resource: Resource, column: Field, condition: Condition) -> ColumnElement[bool]:
    entity: Any = resource.entity
    operator, value = condition.operator, condition.values[0] if condition.values else ""
    if isinstance(column, (Choice, Link, Links)) and operator != "empty" and not any(condition.values):
        raise column.refused("required", N_("“%(label)s” is missing"))
    if isinstance(column, Localized):
        halves = [getattr(entity, f"{column.name}_{language}") for language in ("zh", "en")]
        parts = [_text_sql(half, operator, value) for half in halves]
        return and_(*parts) if operator in ("neq", "empty") else or_(*parts)
    if isinstance(column, Links):
        relation = getattr(entity, column.name)
        if operator == "empty":
            return ~relation.any()
        found = relation.any(column.target_class().id.in_(_ids(column, condition.values)))
        return not_(found) if operator == "neq" else found
    stored = getattr(entity, column.key)
    if operator == "empty":
        return stored == "" if isinstance(column, (Text, Choice)) else stored.is_(None)
    if isinstance(column, Link):
        found = stored.in_(_ids(column, condition.values))
        return or_(not_(found), stored.is_(None)) if operator == "neq" else found
    if isinstance(column, Choice):
        codes = [column.parse(v, _reading()) for v in condition.values if v]
        return stored.not_in(codes) if operator == "neq" else stored.in_(codes)
    if isinstance(column, (Day, Moment)):
        return _time_sql(column, stored, operator, value)
    if isinstance(column, Text):
        return _text_sql(stored, operator, value)
    parsed = column.parse(value, _reading())
    if operator == "neq":
        return or_(stored != parsed, stored.is_(None))
    compared: ColumnElement[bool] = _COMPARISONS[operator](stored, parsed)
    return compared


def _text_sql(stored: Any, operator: str, value: str) -> ColumnElement[bool]:
    text = storable(value)
    made: ColumnElement[bool]
    if operator == "empty":
        made = stored == ""
    elif operator == "eq":
        made = stored == text
    elif operator == "neq":
        made = stored != text
    else:
        made = _like(stored, text, anywhere=operator == "ct")
    return made


def _like(stored: Any, text: str, *, anywhere: bool = True) -> ColumnElement[bool]:
    """Text in text, in either case. Both sides are lowered by the database: engines disagree about letters beyond ASCII."""
    literal = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    found: ColumnElement[bool] = func.lower(stored).like(func.lower(f"%{literal}%" if anywhere else f"{literal}%"), escape="/")
    return found


def _time_sql(column: Field, stored: Any, operator: str, value: str) -> ColumnElement[bool]:
    whole = isinstance(column, Day)
    if operator == "last":
        since = span_start(value)
        made: ColumnElement[bool] = stored >= (since.astimezone(_reading().words.zone).date() if whole else since)
        return made
    parsed = column.parse(value, _reading())
    bare_day = not whole and len(value) <= 11 and ":" not in value
    if operator in ("ge", "gt"):
        bound = parsed + timedelta(days=1) if bare_day and operator == "gt" else parsed
        made = stored > bound if operator == "gt" and not bare_day else stored >= bound
        return made
    bound = parsed + timedelta(days=1) if bare_day and operator == "le" else parsed
    made = stored <= bound if operator == "le" and not bare_day else stored < bound
    return made


def span_start(span: str) -> datetime:
    """The instant at which a span like ``90d`` or ``month`` began, on the city's clock."""
    zone = _reading().words.zone
    today: date = now().astimezone(zone).date()
    if span not in SPANS:
        raise Refused("bad-filter", N_("“%(value)s” is not a span of time"), value=span[:20], status=400)
    if span == "month":
        first = today.replace(day=1)
    elif span == "year":
        first = today.replace(month=1, day=1)
    else:
        first = today - timedelta(days=0 if span == "today" else int(span[:-1]))
    return datetime.combine(first, time(), zone).astimezone(UTC)


def search(resource: Resource, text: str) -> ColumnElement[bool] | None:
    """Free text in every searched column; ``None`` where there is nothing to search for."""
    wanted = storable(text).strip()[:100]
    if not wanted or not resource.searched:
        return None
    entity: Any = resource.entity
    return or_(*(_like(getattr(entity, name), wanted) for name in resource.searched))


def sentence(resource: Resource, condition: Condition, writer: Words, names: dict[int, str]) -> tuple[str, str]:
    """The two halves of a chip: "Reported" and "the last 90 days". ``names`` are those of linked rows."""
    column = resource.filtered[condition.column]
    values = [_spoken(column, value, writer, names) for value in condition.values]
    operator = writer(OPERATORS[condition.operator])
    said = writer.listing(values)
    if condition.operator == "empty":
        said = operator
    elif condition.operator in ("neq", "ge", "le", "gt", "lt", "sw", "ct"):
        said = writer.phrase(Phrase(N_("%(operator)s %(value)s"), operator=operator, value=said))
    return writer(column.label), said


def _spoken(column: Field, value: str, writer: Words, names: dict[int, str]) -> str:
    if isinstance(column, (Link, Links)):
        return names.get(int(value), value) if value.isdecimal() else value
    if isinstance(column, Choice):
        return column.text(value, writer)
    if isinstance(column, Flag):
        return writer.any(column.parse(value, _reading()))
    return writer(SPANS[value]) if value in SPANS else value


def _ids(column: Field, values: tuple[str, ...]) -> list[int]:
    single = Link("", column.label, table="")
    single.name = column.name
    return [single.parse(value, _reading()) for value in values if value]


def _reading() -> Reading:
    return Reading(origin=Origin.FORM)
