"""A walked March taken through the evaluation's cycle: who computes, publishes, appeals and hears, at which hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.domain.actors import SYSTEM
from app.domain.scorecard import Scorecard
from app.entities.appeal import Appeal
from app.entities.evaluation import Evaluation
from app.entities.ticket import Ticket
from app.queries.appeals import contestable
from app.queries.scores import evaluation_of, scorecard_of
from app.services.appeals import Filing, file_appeal
from app.services.evaluation_cycle import finalise, publish_preliminary
from app.services.hearing import Verdict, hear
from tests.people import create_person
from tests.services.month_of_tickets import Month, city, walk_the_month

MARCH = "2026-03"
CLOSED = "04-03 10:00"
"""An hour after the cut-off of March: Friday, 3 April 2026; 4 to 6 April are a holiday, so the first working day is Tuesday the 7th."""
WINDOW_ENDS = "04-09 18:00"
"""Three working days: the 7th, 8th and 9th of April."""


class Cycle:
    """People of the cycle and what they do."""

    def __init__(self) -> None:
        self.month: Month = walk_the_month()
        self.office = self.month.office
        with acting_as(SYSTEM):
            people = {name: create_person("evaluator", None, name) for name in ("eva", "evan", "evita")}
            people["director"] = create_person("district_admin", None, "director")
        self.office.people |= people
        self.office.at = city(CLOSED)

    @contextmanager
    def as_(self, name: str, at: str = "") -> Iterator[None]:
        """Somebody at an hour; later ones follow from there."""
        if at:
            self.office.at = city(at)
        db.session.expire_all()
        with stopped_at(self.office.at), acting_as(self.office.actor(name)):
            yield
        db.session.expire_all()

    def does(self, name: str, verb: Callable[..., Any], *args: Any, at: str = "", **more: Any) -> Any:
        """Somebody does something."""
        with self.as_(name, at):
            return verb(*args, **more)

    def ticket(self, letter: str) -> Ticket:
        """A ticket of the month."""
        return self.month.tickets[letter]

    def preliminary(self) -> Evaluation:
        """The preliminary list is out."""
        evaluation: Evaluation = self.does("eva", publish_preliminary, MARCH)
        return evaluation

    def appeal(self, name: str, line: str, *letters: str, kind: str = "dispute", at: str = "", **more: Any) -> Appeal:
        """Somebody appeals a line of the own unit."""
        filing = Filing(kind, "当日系统停机，签收无法提交。", [self.ticket(letter).id for letter in letters])
        appeal: Appeal = self.does(name, file_appeal, MARCH, line, filing, at=at, **more)
        return appeal

    def hears(self, name: str, appeal: Appeal, node: str, verdict: str, *letters: str, reason: str = "system_fault", **more: Any) -> Appeal:
        """Somebody speaks for a node."""
        said = Verdict(verdict, "经核查。", [self.ticket(letter).id for letter in letters], reason=reason, **more)
        heard: Appeal = self.does(name, hear, appeal.id, node, said)
        return heard

    def decided(self, appeal: Appeal, verdict: str, *letters: str, **more: Any) -> Appeal:
        """All three nodes, each another person's, agree."""
        for name, node in (("eva", "check"), ("evan", "review"), ("director", "lead")):
            appeal = self.hears(name, appeal, node, verdict, *letters, **more)
        return appeal

    def final(self, at: str = "04-10 09:00") -> Evaluation:
        """The final list is out."""
        evaluation: Evaluation = self.does("eva", finalise, MARCH, at=at)
        return evaluation

    def card(self, revision: int | None = None) -> Scorecard:
        """The scorecard that counts, or one of its revisions, as the district reads it now."""
        db.session.rollback()
        with acting_as(SYSTEM):
            found = evaluation_of(db.session(), MARCH, revision)
            assert found is not None
            return scorecard_of(db.session(), found)

    def counted(self, code: str, line: str, revision: int | None = None) -> tuple[int, int, int]:
        """A unit's integers on a line: n, d, excluded."""
        score = next(u.lines[line] for g in self.card(revision).groups for u in (*g.units, *g.apart) if u.code == code)
        return score.n, score.d, score.excluded

    def misses(self, code: str, line: str) -> list[str]:
        """The letters of the tickets that count against a unit."""
        with acting_as(SYSTEM):
            evaluation = evaluation_of(db.session(), MARCH)
            assert evaluation is not None
            card = scorecard_of(db.session(), evaluation)
            group = next(g for g in card.groups if code in {u.code for u in (*g.units, *g.apart)})
            unit = next(u for u in (*group.units, *group.apart) if u.code == code)
            found = contestable(db.session(), evaluation.id, unit.unit_id, next(one for one in group.lines if one.code == line))
        letters = {ticket.id: letter for letter, ticket in self.month.tickets.items()}
        return sorted(letters[one.ticket_id] for one in found)


def states() -> list[tuple[int, str]]:
    """Every revision of March with its state, as the database has them now."""
    db.session.rollback()
    with acting_as(SYSTEM):
        rows = db.session.execute(
            select(Evaluation.revision, Evaluation.state).where(Evaluation.period == MARCH).order_by(Evaluation.revision)
        )
        return [(revision, state) for revision, state in rows]
