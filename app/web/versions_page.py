"""Two versions side by side, of whatever has versions: what both screens of differences have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that differs: ``added``, ``removed`` or ``changed``, its cells (text, code), and its parts (label, before, after)."""

    kind: str
    cells: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str, str], ...]


def compared_with(choices: Sequence[T], number: Callable[[T], object], is_earlier: Callable[[T], bool]) -> T | None:
    """The version named by ``?with=``, otherwise the one before; ``choices`` stand newest first."""
    wanted = request.args.get("with", "")
    earlier = [row for row in choices if is_earlier(row)]
    return next((row for row in choices if str(number(row)) == wanted), None) or next(iter(earlier or choices), None)
