"""Gateways: whose signed message this is, and whether it is genuine and fresh."""

from __future__ import annotations

import hmac
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.acting import acting_as
from app.core.clock import now
from app.delivery.webhook import signature
from app.domain.actors import SYSTEM, Actor
from app.domain.refusals import N_, Refused
from app.entities.intake_source import IntakeSource

WINDOW = timedelta(minutes=5)
"""A message signed earlier or later than so is a copy, or a clock is wrong; either way it is not taken."""

_NO = N_("The message is not signed as this source signs. Check the key, the signed text and the clock.")


def actor_of_source(source: IntakeSource) -> Actor:
    """In whose name a gateway's reports are registered."""
    return Actor(None, source.code, frozenset({"gateway"}), sees_all=True)


def genuine(session: Session, code: str, message_id: str, moment: str, signed: str, body: bytes) -> IntakeSource:
    """The source that signed this message just now; ``Refused`` (401) for an unknown source and a wrong signature alike.

    ``signed`` holds one or more signatures (``v1,…``) apart by spaces, as Standard Webhooks 1.0 has it, so that keys can be changed.
    """
    with acting_as(SYSTEM):
        statement = select(IntakeSource).where(IntakeSource.code == code, IntakeSource.active)
        source = session.execute(statement.options(joinedload(IntakeSource.channel), joinedload(IntakeSource.source))).scalar_one_or_none()
    expected = _expected(source.secret if source is not None else "-" * 32, message_id, moment, body)
    right = any(hmac.compare_digest(expected, one.encode()) for one in signed.split(" ")[:10])
    if source is None or not right or not message_id:
        raise Refused("signature", _NO, status=401)
    if not (moment.isascii() and moment.isdecimal() and abs(int(moment[:12]) - now().timestamp()) <= WINDOW.total_seconds()):
        raise Refused("stale", N_("The message was signed more than five minutes ago, or a clock is wrong. Sign it again."), status=401)
    return source


def _expected(secret: str, message_id: str, moment: str, body: bytes) -> bytes:
    return signature(secret, message_id, moment, body).encode()
