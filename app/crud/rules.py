"""Rules for values and for whole rows, each with the one sentence that refuses the others on every door."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.crud.columns.base import Rule
from app.domain.deadlines import limit_of
from app.domain.refusals import N_, Phrase, Refused


def pattern(expression: str, message: str) -> Rule:
    """Text must match ``expression`` completely."""
    compiled = re.compile(expression)
    return Rule(holds=lambda value: compiled.fullmatch(str(value)) is not None, message=message, pattern=expression)


def readable(read: Callable[[str], object], message: str) -> Rule:
    """Text must be what ``read`` understands: a function of the domain that raises ``Refused`` for everything else."""

    def holds(value: Any) -> bool:
        try:
            read(str(value))
        except Refused:
            return False
        return True

    return Rule(holds, message)


CODE = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*", N_("“%(value)s” is not a code: use letters, digits, dot, dash and underscore"))
PHONE = pattern(
    r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|\d{5,8}|\+?[\d -]{7,20}|1\d{2}\*{4}\d{4}", N_("“%(value)s” is not a telephone number")
)
LIMIT = readable(
    limit_of, N_("“%(value)s” is not a limit; write 10min, 4wh (working hours), 24h, 3wd (working days), 5d or 3wd+ (from the next day)")
)
COLOUR = pattern(r"neutral|ok|warn|bad", N_("“%(value)s” is not a tone: neutral, ok, warn or bad"))


def in_order(first: str, second: str, first_label: str, second_label: str) -> Callable[[Mapping[str, Any], Any], None]:
    """A row rule: ``second`` must not be earlier than ``first``."""

    def check(values: Mapping[str, Any], _row: Any) -> None:
        start, end = values.get(first), values.get(second)
        if start is not None and end is not None and end < start:
            raise Refused(
                "out-of-order",
                N_("“%(second)s” %(end)s is earlier than “%(first)s” %(start)s"),
                field=second,
                first=Phrase(first_label),
                second=Phrase(second_label),
                start=start,
                end=end,
            )

    return check


def no_circle(name: str, label: str) -> Callable[[Mapping[str, Any], Any], None]:
    """A row rule: the way up through the link ``name``, which leads to the row's own table, never comes back to the row."""

    def check(values: Mapping[str, Any], row: Any) -> None:
        at = values.get(name)
        if row is None or at is None:
            return
        entity: Any = type(row)
        above = select(getattr(entity, entity.__fields__[name].key))
        passed: set[int] = set()
        with db.session.no_autoflush:
            while at is not None and at != row.id and at not in passed:
                passed.add(at)
                at = db.session.execute(above.where(entity.id == at)).scalar_one_or_none()
        if at == row.id:
            raise Refused("circle", N_("“%(label)s” leads in a circle back to the record itself"), field=name, label=Phrase(label))

    return check
