"""Delivery targets (投递目标): the group chats, folders and programs outside that files and messages may go to; nothing goes anywhere else."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.refusals import N_

KINDS = (
    Option("wecom", N_("WeCom group")),
    Option("dingtalk", N_("DingTalk group")),
    Option("feishu", N_("Feishu group")),
    Option("webhook", N_("Webhook")),
    Option("folder", N_("Folder")),
)


class DeliveryTarget(Entity):
    """One target. ``address`` is a URL or a directory; whoever knows a chat's URL can write there, so it is shown to nobody again."""

    __tablename__ = "delivery_target"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="street-chat")
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True)
    kind: Mapped[str] = column.choice(KINDS, N_("Kind"), required=True, listed=True, filtered=True, look="text")
    address: Mapped[str] = column.text(
        500, N_("Address"), required=True, help=N_("A URL, or the directory of a folder; it is kept secret."), personal="secret"
    )
    secret: Mapped[str] = column.text(200, N_("Signing key"), help=N_("Of a webhook, or of a chat robot that wants signed messages."), personal="secret")
    allow_private: Mapped[bool] = column.flag(
        N_("Inside our own network"), default=False, listed=True, help=N_("Only then may it lie at a private address.")
    )
    language: Mapped[str] = column.choice((Option("zh", N_("Chinese")), Option("en", N_("English"))), N_("Language"), default="zh", required=True, look="text")
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


RESOURCE = Resource(
    DeliveryTarget,
    singular=N_("Delivery target"),
    plural=N_("Delivery targets"),
    area="system",
    icon="paper-plane",
    position=88,
    order="code",
    path="delivery-targets",
    about=N_("Where files may go outside this house. A schedule can only choose from these."),
)
"""How the address is kept from eyes is decided by the kit's masking."""
