"""People with stale forms: random moves by random people, some on pages they opened long ago, held against a shadow without tables.

The shadow is the case file alone, moved by the rules. After every step the database must say the same as the shadow, a refused
move must have left no trace, a stale page must have been refused, and the timeline must count the versions without a gap.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM, Actor
from app.domain.acts import Doing
from app.domain.casefile import CaseFile
from app.domain.machine import apply
from app.domain.moves import BY_ACTION
from app.domain.refusals import Refused
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.queries.rulebook import ground_of, rulebook_of
from app.services.case_keeping import case_of
from app.services.progress import move
from tests.domain.lives import SAID
from tests.services.casework import Office

ACTIONS = sorted(set(BY_ACTION) - {"merge", "split", "annul_rating", "refer", "amend"})
"""Moves that name another record are walked elsewhere."""

USUAL: dict[str, tuple[tuple[str, str], ...]] = {
    "reported": (("duty", "dispatch"),),
    "dispatched": (("clerk", "sign"), ("clerk", "request_return"), ("duty", "approve_return"), ("duty", "reject_return")),
    "signed": (("clerk", "start"), ("clerk", "call"), ("clerk", "request_extension"), ("duty", "approve_extension")),
    "handling": (
        *(("clerk", "call"), ("clerk", "claim_done"), ("chief", "complete"), ("chief", "reject_claim"), ("gardener", "finish")),
        *(
            ("clerk", "request_suspension"),
            ("duty", "approve_suspension"),
            ("clerk", "resume"),
            ("officer", "finish"),
            ("duty", "escalate"),
        ),
    ),
    "called": (("gardener", "respond"), ("gardener", "report_in"), ("officer", "return_call"), ("clerk", "accept_call_return")),
    "consulting": (("clerk", "conclude"), ("officer", "report_in"), ("gardener", "give_opinion"), ("officer", "respond")),
    "completed": (("reviewer", "take_review"), ("duty", "follow_up")),
    "reviewing": (("reviewer", "pass_review"), ("reviewer", "fail_review")),
    "evaluating": (
        *(("clerk", "rate_department"), ("gardener", "rate_street_town"), ("citizen", "rate_publicly")),
        *(("duty", "archive"), ("duty", "reopen")),
    ),
    "archived": (("duty", "reopen"), ("duty", "follow_up")),
}
"""What usually comes next, so that runs get far."""

PEOPLE = ("duty", "reviewer", "clerk", "chief", "neighbour", "gardener", "head", "officer", "captain", "viewer", "clock", "citizen")

WHAT = ("usual", "usual", "usual", "usual", "stale", "stale", "anything", "anything", "look", "wait")
"""A step: the usual next thing on a fresh page or on one left open, anything by anybody, somebody looks, time passes."""
SPANS = (timedelta(minutes=3), timedelta(minutes=40), timedelta(hours=5), timedelta(days=1), timedelta(days=9))

Mover = Callable[..., Any]


class StaleForms(RuleBasedStateMachine):
    """One ticket a run; ``office`` and ``mover`` are set by the test."""

    office: Office
    mover: Mover = staticmethod(move)
    accepted_runs = 0

    @initialize(urgency=st.sampled_from(["at_once", "quickly"]))
    def register(self, urgency: str) -> None:
        """A ticket comes in."""
        office = type(self).office
        office.later(minutes=1)
        self.ticket_id = office.register(urgency=urgency).id
        self.at = office.at
        with acting_as(SYSTEM):
            ticket = db.session.get(Ticket, self.ticket_id)
            self.ground = ground_of(db.session())
            self.rules = rulebook_of(db.session(), ticket, self.ground)
            self.shadow = case_of(db.session(), ticket, self.ground.units)
        self.version, self.compared = 1, 0
        self.log: list[tuple[str, Any]] = []
        self.forms: dict[str, int] = {}
        self.actors = {who: office.actor(who) if who != "citizen" else CITIZEN for who in PEOPLE}

    @rule(what=st.sampled_from(WHAT), choice=st.integers(0, 9_999), part=st.integers(0, 3))
    def something_happens(self, what: str, choice: int, part: int) -> None:
        """One rule for all, so that every run has some of everything."""
        who = PEOPLE[choice % len(PEOPLE)]
        if what == "look":
            self.forms[who] = self.version
        elif what == "wait":
            self.at += SPANS[choice % len(SPANS)]
        elif what == "anything":
            self._press(who, ACTIONS[choice // len(PEOPLE) % len(ACTIONS)], part)
        else:
            steps = USUAL[self.shadow.stage]
            who, action = steps[choice % len(steps)]
            if what == "usual" or who not in self.forms:
                self.forms[who] = self.version
            self._press(who, action, part)

    def _press(self, who: str, action: str, part: int) -> None:
        actor = self.actors[who]
        seen = None if who in ("clock", "citizen") else self.forms.get(who, self.version)
        parts = self.shadow.parts
        key = parts[part % len(parts)].key if part and parts else ""
        said = self._said(action)
        shadow = copy.deepcopy(self.shadow)
        doing = Doing(actor, self.at, self.rules, said, shadow.part(key) if key else None)
        refused: Refused | None = None
        happening = None
        try:
            happening = apply(shadow, action, doing)
        except Refused as why:
            refused = why
        stale = seen is not None and seen != self.version and not self._others_only(action, key, seen, actor)
        done: Refused | None = None
        try:
            self._move(actor, action, seen, said, key, who)
        except Refused as why:
            done = why
        if stale or refused is not None:
            assert done is not None, f"{who} {action}: accepted, but " + ("the page was stale" if stale else f"the rules say {refused}")
        else:
            assert done is None, f"{who} {action}: refused, but the rules allow it: {done}"
            self.shadow, self.version = shadow, self.version + 1
            assert happening is not None
            way = (happening.from_stage, happening.to_stage)
            assert way[0] == way[1] or way in BY_ACTION[action].edges, f"{action} is not drawn as {way}"
            self.log.append((action, happening.details.get("unit")))
            type(self).accepted_runs += 1

    def _move(self, actor: Actor, action: str, seen: int | None, said: dict[str, Any], key: str, who: str) -> None:
        raw = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}
        outside = {"actor": actor} if who in ("clock", "citizen") else {}
        with stopped_at(self.at), acting_as(SYSTEM if outside else actor):
            type(self).mover(self.ticket_id, action, seen, raw, Reading(origin=Origin.API), part=key, ground=self.ground, **outside)

    def _said(self, action: str) -> dict[str, Any]:
        office = type(self).office
        words = dict(SAID.get(action, {}))
        if action in ("dispatch", "backstop", "reopen", "approve_return"):
            words |= {"unit": office.street.id} if action == "dispatch" else {}
        if action == "redirect":
            words["unit"] = office.police.id
        if action == "call":
            meeting = (self.at + timedelta(hours=1)).replace(microsecond=0)
            words = {"lead": office.parks.id, "support": [office.police.id], "reason": "no_power", "appointment_at": meeting}
        turn = self.shadow.turn
        if action == "request_extension":
            words = {"reason": "需要更多时间", "wanted_at": ((turn.due_at if turn else None) or self.at) + timedelta(hours=20)}
        if action == "request_suspension":
            words["until"] = self.at + timedelta(days=1)
        if action == "supervise":
            words["unit"] = office.parks.id if self.shadow.parts else None
        return {name: value for name, value in words.items() if value is not None}

    def _others_only(self, action: str, key: str, seen: int, actor: Actor) -> bool:
        """Whether all that happened since ``seen`` concerned other departments' parts, and this is about a part too."""
        if not BY_ACTION[action].part:
            return False
        mine = int(key.split(".")[1]) if key else actor.unit_id
        return all(BY_ACTION[done].part and unit != mine for done, unit in self.log[seen - 1 :])

    @invariant()
    def the_database_says_the_same(self) -> None:
        """After every step the version and the timeline are those of the accepted moves; after a move, every row is the shadow's."""
        if not hasattr(self, "shadow"):
            return
        db.session.rollback()
        with acting_as(SYSTEM):
            statement = select(TicketEvent.version, TicketEvent.action, TicketEvent.from_stage, TicketEvent.to_stage)
            events = db.session.execute(statement.where(TicketEvent.ticket_id == self.ticket_id).order_by(TicketEvent.id)).all()
            version = db.session.execute(select(Ticket.version).where(Ticket.id == self.ticket_id)).scalar_one()
        assert version == self.version == len(events)
        assert [event.version for event in events] == list(range(1, self.version + 1))
        assert [event.action for event in events[1:]] == [action for action, _ in self.log]
        assert all(before.to_stage == after.from_stage for before, after in pairwise(events))
        if self.compared != self.version:
            self.compared = self.version
            db.session.expire_all()
            with acting_as(SYSTEM):
                kept = case_of(db.session(), db.session.get(Ticket, self.ticket_id), self.ground.units)
            assert bare(kept) == bare(self.shadow)


CITIZEN = Actor(None, "citizen", frozenset({"citizen"}))


def bare(case: CaseFile) -> dict[str, Any]:
    """A case file without the numbers that only tables give."""
    return _without(asdict(case), {"id", "version", "number", "unit_type"})


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner, names) for key, inner in value.items() if key not in names}
    return [_without(item, names) for item in value] if isinstance(value, list) else value


def forgetful(ticket_id: int, action: str, _seen: int | None, *rest: Any, **more: Any) -> Any:
    """A planted defect: the page's version is read and then not compared."""
    return move(ticket_id, action, None, *rest, **more)


def machines(office: Office, mover: Mover) -> Iterator[type[StaleForms]]:
    """The machine for one office and one way of moving."""
    yield type("Machine", (StaleForms,), {"office": office, "mover": staticmethod(mover), "accepted_runs": 0})
