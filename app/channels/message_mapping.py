"""Forms of messages: how a gateway's JSON becomes a report, written down as data (TOML in ``messages/``), never as code.

``number``, ``text`` and the ticket's columns name places in the message by dots (``data.user.name``); ``a|b`` takes the
first that is filled. A dictionary translates what stands there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.scorecard import Names

FOLDER = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a message something stands, what words there mean, and what it is where nothing stands."""

    paths: tuple[tuple[str, ...], ...]
    values: Mapping[str, str] = field(default_factory=dict)

    def found(self, message: Mapping[str, Any]) -> Any:
        """What stands there; ``None`` for nothing."""
        for path in self.paths:
            node: Any = message
            for step in path:
                node = node.get(step) if isinstance(node, Mapping) else None
            if node not in (None, ""):
                return self.values.get(str(node), node)
        return None

    @property
    def name(self) -> str:
        """How its sender calls it."""
        return ".".join(self.paths[0])


@dataclass(frozen=True, slots=True)
class MessageMapping:
    """One form of message. ``number`` and ``text`` must be there; ``ticket`` fills the ticket's columns."""

    code: str
    title: Names
    number: Place
    text: Place
    ticket: Mapping[str, Place]


@cache
def message_mappings() -> dict[str, MessageMapping]:
    """Every form the product ships, by code."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.toml"))}


def _read(path: Path) -> MessageMapping:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    ticket = {name: _place(value) for name, value in data.get("ticket", {}).items()}
    return MessageMapping(path.stem, Names(data["title_zh"], data["title_en"]), _place(data["number"]), _place(data["text"]), ticket)


def _place(said: str | Mapping[str, Any]) -> Place:
    text = said if isinstance(said, str) else said["at"]
    paths = tuple(tuple(one.strip().split(".")) for one in text.split("|"))
    return Place(paths, {} if isinstance(said, str) else dict(said.get("values", {})))
