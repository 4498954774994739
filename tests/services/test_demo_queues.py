"""The demo district opens with something to do for everybody who may sign in to work, and nothing in it was refused."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.runs import Silent
from app.core.transaction import transaction
from app.demo.accounts import ACCOUNTS
from app.domain.actors import SYSTEM
from app.domain.examples import at
from app.domain.moves import MOVES
from app.entities.account import Account
from app.entities.notice import Notice
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.queries.desk import counts, queues_of, viewer_of
from app.queries.people import actor_of
from app.services.clockwork import due_steps
from app.services.demo import lay_out
from app.services.demo_tickets import load_tickets

NOW = at("2026-11-24 10:00")
EMPTY = {("centre", "orders"), ("department", "backstops"), ("lead", "backstops")}
"""Nobody orders the centre about, and a backstop is a street-town's or the centre's."""

UNUSED = {"redirect", "annul_rating", "restore", "lapse_call_return", "record_report_in"}
"""Moves that a small demo need not know."""


def opened() -> dict[str, int]:
    """A twentieth of the usual year, on a Tuesday morning; how much was made."""
    with stopped_at(NOW), acting_as(SYSTEM), transaction() as session:
        lay_out(session, "Gulou-2026-Test")
        return load_tickets(session, Silent(), per_month=60)


def test_every_queue_of_every_role_has_something_in_it_and_the_clock_nothing_left_to_do(app: Flask) -> None:
    demo = opened()
    assert demo["refused"] == 0 and demo["tickets"] > 600 and demo["moves"] > 10 * demo["tickets"]
    empty: set[tuple[str, str]] = set()
    with stopped_at(NOW):
        for username in ("centre", "street", "department", "lead"):
            with acting_as(SYSTEM):
                actor = actor_of(db.session.execute(select(Account).where(Account.username == username)).scalar_one())
            with acting_as(actor):
                viewer = viewer_of(actor, NOW)
                found = counts(db.session(), viewer, queues_of(viewer)).tickets
            empty |= {(username, queue) for queue, number in found.items() if not number}
    assert empty <= EMPTY
    with stopped_at(NOW), acting_as(SYSTEM):
        assert list(due_steps(db.session())) == []


def test_the_demo_knows_nearly_every_move_and_those_who_work_have_news(lite: Flask) -> None:
    demo = opened()
    with acting_as(SYSTEM):
        done = set(db.session.execute(select(TicketEvent.action).distinct()).scalars())
    assert {move.action for move in MOVES} - done <= UNUSED | {"lapse_return", "cancel_return", "answer_order", "reopen", "merge", "split"}
    with acting_as(SYSTEM):
        tokens = db.session.execute(select(Rating.token).where(Rating.kind == "public")).scalars().all()
        codes = db.session.execute(select(Ticket.lookup_code)).scalars().all()
        news = dict(
            db.session.execute(
                select(Account.username, func.count(Notice.id)).join(Notice, Notice.user_id == Account.id).group_by(Account.username)
            ).all()
        )
    assert len(set(tokens)) == len(tokens) > 300 and all(len(token) >= 32 for token in tokens)
    assert len(set(codes)) == len(codes) == demo["tickets"] and all(len(code) == 8 for code in codes)
    assert set(news) == {account.username for account in ACCOUNTS if account.username in ("centre", "street", "department", "lead")}
