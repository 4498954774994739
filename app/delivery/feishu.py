"""Feishu (飞书): a group's robot says what is ready, signed where the group asks for it."""

from __future__ import annotations

import base64
import hmac
from typing import Any
from urllib.parse import urlsplit

from apprise.plugins.feishu import NotifyFeishu

from app.core.clock import now
from app.delivery.base import Parcel, Route, Settings
from app.delivery.chat import Gateway, Say, address_of, tell
from app.domain.refusals import N_, Refused

GATEWAY = Gateway(("open.feishu.cn", "open.larksuite.com"), "/open-apis/bot/v2/hook/", "code", "msg", frozenset({11232, 99991400}), 18000)
"""11232 and 99991400: more messages than a robot may say in a minute."""


class Robot(NotifyFeishu):
    """apprise's robot with our own line, and with the signature that apprise does not make."""

    def __init__(self, token: str, secret: str, say: Say) -> None:
        super().__init__(token=token)
        self.secret, self.transmit = secret, say

    def send(self, body: str, title: str = "", *_args: Any, **_more: Any) -> bool:
        """Say ``body``; the chat has no titles."""
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": body}}
        if self.secret:
            moment = str(int(now().timestamp()))
            signed = hmac.digest(f"{moment}\n{self.secret}".encode(), b"", "sha256")
            payload |= {"timestamp": moment, "sign": base64.b64encode(signed).decode("ascii")}
        return self.transmit(payload, {})


def _token(address: str) -> str:
    return urlsplit(address).path.removeprefix(GATEWAY.path).strip("/")


def send(parcel: Parcel, settings: Settings) -> str:
    """The gateway's answer; ``Trouble`` where it has something against the message."""
    return tell(parcel, settings, GATEWAY, lambda say: Robot(_token(parcel.recipient), settings.secret, say))


def check(address: str, settings: Settings) -> None:
    """The address a group shows for its robot, with its token."""
    if not _token(address_of(address, GATEWAY, settings)):
        raise Refused("address", N_("The address lacks the robot's key; copy it whole."), field="address")


ROUTE = Route("feishu", N_("Feishu group"), send, check)
