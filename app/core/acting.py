"""Who is acting right now: set once at the door (request, job, command), asked by everything beneath."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.domain.actors import NOBODY, Actor

_actor: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    """The actor of this request, job or command; ``NOBODY`` where no door has said."""
    return _actor.get()


def set_actor(actor: Actor) -> None:
    """Name the actor for the rest of this context."""
    _actor.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Everything inside is done by ``actor``."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)
