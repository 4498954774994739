"""Addresses: what may stand for a row's number in any of them."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import BaseConverter, IntegerConverter, Map

HIGHEST = 2**31 - 1
"""No row of ours has a higher number: that is where INTEGER ends."""


class RowNumber(IntegerConverter):
    """``<int:…>`` up to the highest number that a row can have; beyond, there is nothing, which is no failure of ours."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": HIGHEST, **options})


class TicketNumber(BaseConverter):
    """``<ticket:…>``: whatever is not digits alone, which are a row's number."""

    regex = "[^/]*[^/0-9][^/]*"
