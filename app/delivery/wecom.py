"""WeCom (企业微信): a group's robot says what is ready."""

from __future__ import annotations

from typing import Any

from apprise.plugins.wecombot import NotifyWeComBot

from app.delivery.base import Parcel, Route, Settings
from app.delivery.chat import Gateway, Say, address_of, from_query, tell
from app.domain.refusals import N_, Refused

GATEWAY = Gateway(("qyapi.weixin.qq.com",), "/cgi-bin/webhook/send", "errcode", "errmsg", frozenset({-1, 45009, 45033}), 2048)
"""−1: busy; 45009: more than 20 messages a minute; 45033: too many at a time."""


class Robot(NotifyWeComBot):
    """apprise's robot with our own line."""

    def __init__(self, key: str, say: Say) -> None:
        super().__init__(key=key)
        self.transmit = say

    def send(self, body: str, title: str = "", *_args: Any, **_more: Any) -> bool:
        """Say ``body``; the chat has no titles."""
        return self.transmit({"msgtype": "text", "text": {"content": body}}, {})


def send(parcel: Parcel, settings: Settings) -> str:
    """The gateway's answer; ``Trouble`` where it has something against the message."""
    return tell(parcel, settings, GATEWAY, lambda say: Robot(from_query(parcel.recipient, "key"), say))


def check(address: str, settings: Settings) -> None:
    """The address a group shows for its robot, with its key."""
    if not from_query(address_of(address, GATEWAY, settings), "key"):
        raise Refused("address", N_("The address lacks the robot's key; copy it whole."), field="address")


ROUTE = Route("wecom", N_("WeCom group"), send, check)
