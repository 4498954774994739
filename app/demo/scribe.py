"""Writing a ticket's steps down: who is at it, in which words, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random
from typing import Any

from app.demo.chance import Curve, drawn
from app.demo.desk import Desk
from app.demo.plan import Plan, Step
from app.demo.wording import Wordings
from app.domain.actors import Actor

Earlier = tuple[float, float]
"""The least and the most of a span, in minutes."""


class Scribe:
    """One ticket's steps as they are written; ``ordered`` puts them in order of time."""

    def __init__(self, desk: Desk, plan: Plan, words: Wordings, chance: Random) -> None:
        self.desk, self.plan, self.words, self.chance = desk, plan, words, chance
        self.staff = desk.staff
        self.steps: list[Step] = []

    def add(self, at: datetime, actor: Actor, action: str, part: str = "", extra: Mapping[str, Any] | None = None, /, **said: Any) -> None:
        """Write a step down."""
        self.steps.append(Step(at, actor, action, said, part, extra or {}))

    def ordered(self) -> tuple[Step, ...]:
        """All steps in order of time; what happens at one instant stays in the order in which it was written."""
        return tuple(sorted(self.steps, key=attrgetter("at")))

    def phrase(self, key: str) -> str:
        """What somebody says on such an occasion."""
        return self.words.phrase(key, self.chance)

    def often(self, rate: float, what: str = "") -> bool:
        """Plain dice, for what nobody counts; ``what`` can be made to happen."""
        return self.chance.random() < rate or what in self.desk.forced

    def between(self, start: datetime, end: datetime, least: float = 0.1, most: float = 0.9) -> datetime:
        """A moment on the way from ``start`` to ``end``, in whole seconds."""
        return (start + (end - start) * drawn(self.chance, ((0, least), (1, most)))).replace(microsecond=0)

    def by_day(self, moment: datetime, floor: datetime) -> datetime:
        """``moment``, or the last office minute before it where that is later than ``floor``."""
        back = self.desk.office.last_open(moment)
        return back if back > floor else moment

    def before(self, moment: datetime, span: Earlier, floor: datetime) -> datetime:
        """Some minutes before ``moment``; where there is not so much time since ``floor``, a little before."""
        found = moment - timedelta(seconds=int(60 * drawn(self.chance, ((0, span[0]), (1, span[1])))))
        return found if found > floor else self.between(floor, moment, 0.5, 0.95)

    def later(self, moment: datetime, curve: Curve) -> datetime:
        """Some office minutes after ``moment``."""
        return self.desk.office.after(moment, timedelta(seconds=int(60 * drawn(self.chance, curve))))

    def due_said(self, start: datetime) -> dict[str, datetime]:
        """The due time that must be said because no limit is known; nothing where one is."""
        due, by_hand = self.desk.due(self.plan.report.matter.code, self.plan.assigned.urgency, start)
        return {"due_at": due} if by_hand else {}
