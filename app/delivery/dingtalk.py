"""DingTalk (钉钉): a group's robot says what is ready, signed where the group asks for it."""

from __future__ import annotations

import base64
import hmac
from typing import Any

from apprise.plugins.dingtalk import NotifyDingTalk

from app.core.clock import now
from app.delivery.base import Parcel, Route, Settings
from app.delivery.chat import Gateway, Say, address_of, from_query, tell
from app.domain.refusals import N_, Refused

GATEWAY = Gateway(("oapi.dingtalk.com",), "/robot/send", "errcode", "errmsg", frozenset({-1, 130101, 130102, 410100}), 18000)
"""−1: busy; 130101, 130102, 410100: more than 20 messages a minute."""


class Robot(NotifyDingTalk):
    """apprise's robot with our own line; the signature is made at the office's clock."""

    def __init__(self, token: str, secret: str, say: Say) -> None:
        super().__init__(token=token, secret=secret or None)
        self.key, self.transmit = secret, say

    def get_signature(self) -> tuple[str, str]:
        """Timestamp in milliseconds and the signature of it, as the gateway wants them in the address."""
        moment = str(round(now().timestamp() * 1000))
        signed = hmac.digest(self.key.encode(), f"{moment}\n{self.key}".encode(), "sha256")
        return moment, base64.b64encode(signed).decode("ascii")

    def send(self, body: str, title: str = "", *_args: Any, **_more: Any) -> bool:
        """Say ``title`` and ``body``."""
        more: dict[str, str] = {}
        if self.key:
            more["timestamp"], more["sign"] = self.get_signature()
        return self.transmit({"msgtype": "text", "text": {"content": f"{title}\n{body}" if title else body}}, more)


def send(parcel: Parcel, settings: Settings) -> str:
    """The gateway's answer; ``Trouble`` where it has something against the message."""
    return tell(parcel, settings, GATEWAY, lambda say: Robot(from_query(parcel.recipient, "access_token"), settings.secret, say))


def check(address: str, settings: Settings) -> None:
    """The address a group shows for its robot, with its token."""
    if not from_query(address_of(address, GATEWAY, settings), "access_token"):
        raise Refused("address", N_("The address lacks the robot's key; copy it whole."), field="address")


ROUTE = Route("dingtalk", N_("DingTalk group"), send, check)
