"""What reaches the district by any channel (受理): one value, whatever it came as; who it came from, and how it is known again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.domain.actors import Actor

LONGEST_NUMBER = 80
TITLE = 40
"""How long a title is made of a text that has none, in letters."""

CITIZEN = Actor(None, "citizen", frozenset({"citizen"}), sees_all=True)
"""Whoever reports without an account."""

_SENTENCE = re.compile(r"[。！？!?；;\n\r]|\.(?=\s|$)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that came with a report: what its sender calls it, and its bytes."""

    name: str
    content: Path | IO[bytes]


@dataclass(frozen=True, slots=True)
class Report:
    """One matter as one channel received it.

    ``channel`` and ``source`` are codes of the district's lists; with ``number``, the source's own number, a report is known
    again and never registered twice. ``values`` are a ticket's columns as a program would send them: texts, with links by
    code. ``strict`` refuses the whole report for a file that cannot be kept; otherwise the file is left out and the timeline says so.
    """

    channel: str
    source: str
    number: str
    values: Mapping[str, object]
    files: tuple[Enclosed, ...] = ()
    strict: bool = True


def title_of(text: str) -> str:
    """A title for a text that has none: its first sentence, cut where it is long."""
    plain = _CONTROL.sub(" ", text).strip()
    first = next((part.strip() for part in _SENTENCE.split(plain) if part.strip()), "")
    return first if len(first) <= TITLE else first[: TITLE - 1].rstrip() + "…"
