"""What each move does to a case file, one file per part of a ticket's life; ``app.domain.moves`` says when and who."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.actors import Actor
from app.domain.casefile import CaseFile, Part
from app.domain.refusals import Refused
from app.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Doing:
    """The circumstances of a move: who, when, what was said, by which rules.

    ``said`` holds values already read: instants aware, units and records as ids, choices as codes. ``part`` is the
    called department that the move is about, where it is about one.
    """

    actor: Actor
    at: datetime
    rules: Rulebook
    said: Mapping[str, Any] = field(default_factory=dict)
    part: Part | None = None

    @property
    def units(self) -> tuple[int, ...]:
        """The units the actor works for."""
        return tuple(unit for unit in (self.actor.unit_id, self.actor.stationed_id) if unit is not None)

    def get(self, name: str) -> Any:
        """What was said, or nothing."""
        return self.said.get(name)

    def text(self, name: str) -> str:
        """What was said, as text."""
        return str(self.said.get(name) or "").strip()

    @property
    def called(self) -> Part:
        """The called department; where a move is about one, there is one."""
        assert self.part is not None, "the move is about a called department"
        return self.part


Guard = Callable[[CaseFile, Doing], Refused | None]
"""A condition of a move: nothing, or why it does not hold."""

Act = Callable[[CaseFile, Doing], Mapping[str, Any] | None]
"""What a move does: changes the case file, returns what the timeline shall keep."""
