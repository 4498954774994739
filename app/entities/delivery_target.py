"""Delivery targets (投递目标): group chats, folders and programs outside that files and messages may go to, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.core.db import db
from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import CREATE, DELETE, UPDATE, Resource
from app.crud.rules import CODE
from app.delivery import Settings, routes
from app.domain.refusals import N_, Refused
from app.domain.scorecard import Names


class DeliveryTarget(Entity):
    """One target. ``address`` is a URL or a folder; whoever knows a chat's URL can write there, so it is shown to nobody again."""

    __tablename__ = "delivery_target"

    code: Mapped[str] = column.text(
        40, N_("Code"), required=True, unique=True, search=True, listed=True, rules=[CODE], example="street-chat"
    )
    name: Any = column.localized(120, N_("Name"), required=True, search=True, listed=True)
    kind: Mapped[str] = column.choice(
        lambda: [Option(route.code, route.name) for route in routes().values() if route.registered],
        N_("Kind"),
        required=True,
        listed=True,
        filtered=True,
        look="text",
    )
    address: Mapped[str] = column.text(
        500,
        N_("Address"),
        required=True,
        listed=True,
        help=N_(
            "The whole URL as the group or program gives it out, or the name of a folder below the drop directory. Shown to nobody again."
        ),
        personal="url",
    )
    secret: Mapped[str] = column.text(
        200,
        N_("Signing key"),
        help=N_("Of a webhook, at least 16 characters; of a chat robot where it wants signed messages. Shown to nobody again."),
        personal="secret",
    )
    allow_private: Mapped[bool] = column.flag(
        N_("Inside our own network"),
        default=False,
        listed=True,
        help=N_("Only then may it lie at a private address. Leave it off for anything on the internet."),
    )
    language: Mapped[str] = column.choice(
        (Option("zh", N_("Chinese")), Option("en", N_("English"))), N_("Language"), default="zh", required=True, look="text"
    )
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)


def _can_be_reached(values: Mapping[str, Any], row: Any) -> None:
    """``Refused`` in words where the address can never be one of its kind."""
    found = {name: values[name] if name in values else getattr(row, name, None) for name in ("kind", "address", "secret", "allow_private")}
    route = routes().get(found["kind"] or "")
    if route is not None:
        drop = Path(current_app.config["DROP"])
        route.check(found["address"] or "", Settings(drop=drop, secret=found["secret"] or "", allow_private=bool(found["allow_private"])))


def only_those_in_use(values: Mapping[str, Any], row: Any) -> None:
    """``Refused`` where a target that is not in use is newly chosen among ``targets``; whoever has it already may keep it."""
    chosen = set(values.get("targets") or ()) - ({target.id for target in row.targets} if row is not None else set())
    resting = select(DeliveryTarget).where(DeliveryTarget.id.in_(chosen), DeliveryTarget.active.is_(False)).order_by(DeliveryTarget.code)
    for target in db.session.execute(resting).scalars() if chosen else ():
        raise Refused(
            "not-in-use", N_("The target “%(target)s” is not in use."), field="targets", target=Names(target.name_zh, target.name_en)
        )


RESOURCE = Resource(
    DeliveryTarget,
    singular=N_("Delivery target"),
    plural=N_("Delivery targets"),
    area="system",
    icon="paper-plane",
    position=88,
    order="code",
    path="delivery-targets",
    allows=frozenset({CREATE, UPDATE, DELETE}),
    rules=(_can_be_reached,),
    about=N_("Where files and messages may go outside this house. A schedule can only choose from these."),
    empty=N_("Nothing leaves the house yet. Register a group chat, a program or a folder, and schedules can choose it."),
)
