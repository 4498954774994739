"""Rules for single values, each with the one sentence that refuses the others on every door."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from app.crud.columns.base import Rule
from app.domain.refusals import N_, Phrase, Refused


def pattern(expression: str, message: str) -> Rule:
    """Text must match ``expression`` completely."""
    compiled = re.compile(expression)
    return Rule(holds=lambda value: compiled.fullmatch(str(value)) is not None, message=message, pattern=expression)


CODE = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]*", N_("“%(value)s” is not a code: use letters, digits, dot, dash and underscore"))
PHONE = pattern(
    r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|\d{5,8}|\+?[\d -]{7,20}|1\d{2}\*{4}\d{4}", N_("“%(value)s” is not a telephone number")
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
