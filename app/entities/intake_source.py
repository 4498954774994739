"""Intake sources (接入源): programs outside that may hand in reports by signed messages: gateways of WeChat, Weibo, short messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from app.channels.message_mapping import message_mappings
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import CREATE, DELETE, UPDATE, Resource
from app.crud.rules import CODE
from app.domain.refusals import N_, Refused
from app.entities.channel import Channel
from app.entities.source_system import SourceSystem

LEAST_SECRET = 16


class IntakeSource(Entity):
    """One gateway. ``code`` stands in its address; whoever knows ``secret`` can report in its name, so it is shown to nobody again."""

    __tablename__ = "intake_source"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="wechat")
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True)
    channel: Mapped[Channel | None] = column.link("Channel", N_("Counts as channel"), table="channel", required=True, listed=True)
    source: Mapped[SourceSystem | None] = column.link(
        "SourceSystem", N_("Source system"), table="source_system", required=True, listed=True
    )
    mapping: Mapped[str] = column.choice(
        lambda: [Option(one.code, names=one.title) for one in message_mappings().values()],
        N_("Message form"),
        default="plain",
        required=True,
        look="text",
    )
    secret: Mapped[str] = column.text(
        200,
        N_("Signing key"),
        required=True,
        help=N_("At least 16 characters; the gateway signs every message with it. Shown to nobody again."),
        personal="secret",
    )
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


def _hard_to_guess(values: Mapping[str, Any], row: Any) -> None:
    """``Refused`` for a key that could be guessed."""
    secret = values["secret"] if "secret" in values else getattr(row, "secret", "")
    if len(secret or "") < LEAST_SECRET:
        raise Refused("secret", N_("A signing key has at least %(least)d characters."), field="secret", least=LEAST_SECRET)


RESOURCE = Resource(
    IntakeSource,
    singular=N_("Intake source"),
    plural=N_("Intake sources"),
    area="system",
    icon="tower-broadcast",
    position=87,
    order="code",
    path="intake-sources",
    allows=frozenset({CREATE, UPDATE, DELETE}),
    rules=(_hard_to_guess,),
    about=N_("Gateways that hand in reports as signed messages, each with its own address, key and channel."),
    empty=N_("No gateway hands in reports yet. Add one, and give its keeper the address and the key."),
)
