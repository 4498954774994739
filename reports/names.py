"""What files are called: report, period or ticket, language, in letters any system accepts."""

from __future__ import annotations

import re

from reports.report import Order

_STRANGE = re.compile(r"[^A-Za-z0-9@-]+")


def file_name(code: str, order: Order, fmt: str, language: str) -> str:
    """``scorecard-2018-09.zh.xlsx``, ``unit_scorecard-2018-09-350102003.en.pdf``; without a language ``scorecard-2018-09.json``.

    A revision that was asked for says so: ``scorecard-2018-09-r1-published.zh.pdf``.
    """
    revision = f"r{order.revision}" if order.revision is not None else ""
    parts = (order.period, order.unit, order.number, revision, order.when)
    about = "-".join(cleaned for part in parts if (cleaned := _STRANGE.sub("-", part).strip("-")))
    return ".".join(filter(None, ("-".join(filter(None, (code, about))), language, fmt)))
