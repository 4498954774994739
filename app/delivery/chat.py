"""Group chats: what their robots have in common. apprise knows the robots; the words go out by our own guarded line.

apprise takes every ``200`` for a success and follows redirects; a robot says no in the body of a ``200``. So its classes make
and check the message, and ``send`` is ours: it reads the answer, and connects to nothing that was not looked at.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from apprise import NotifyFormat
from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins.base import NotifyBase

from app.core.post import LATER, REFUSED_MESSAGE, Trouble
from app.delivery.base import Parcel, Settings
from app.delivery.guard import read_url
from app.delivery.line import post
from app.domain.refusals import N_, Refused

logging.getLogger("apprise").setLevel(logging.CRITICAL)
"""It writes addresses with their keys into the log, where they are no secret any more."""

Say = Callable[[Mapping[str, Any], Mapping[str, str]], bool]
"""Sends a payload, with something added to the address; true, or ``Trouble``."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A chat's gateway: where it is, how it answers (``field`` is 0 where it took a message) and which answers mean "later"."""

    hosts: tuple[str, ...]
    path: str
    field: str
    words: str
    busy: frozenset[int]
    most_bytes: int

    @property
    def example(self) -> str:
        """How its addresses begin."""
        return f"https://{self.hosts[0]}{self.path}"


def address_of(address: str, gateway: Gateway, settings: Settings) -> str:
    """A robot's address as its chat gives it out; ``Refused`` for any host but the chat's own, unless it is one inside the house."""
    parts = read_url(address)
    at_home = parts.scheme == "https" and parts.hostname in gateway.hosts and parts.port in (None, 443)
    if (not at_home and not settings.allow_private) or not parts.path.startswith(gateway.path):
        raise Refused(
            "address",
            N_("The address of this robot begins with %(example)s; copy it from the group's settings."),
            field="address",
            example=gateway.example,
        )
    return address


def from_query(address: str, name: str) -> str:
    """One value of an address."""
    return parse_qs(read_url(address).query).get(name, [""])[0]


def tell(parcel: Parcel, settings: Settings, gateway: Gateway, robot: Callable[[Say], NotifyBase]) -> str:
    """Let a robot say it; the gateway's answer."""
    answers: list[str] = []
    try:
        address = address_of(parcel.recipient, gateway, settings)

        def transmit(payload: Mapping[str, Any], more: Mapping[str, str]) -> bool:
            url = f"{address}{'&' if '?' in address else '?'}{urlencode(more)}" if more else address
            answers.append(_said(url, payload, gateway, settings))
            return True

        speaker = robot(transmit)
        speaker.notify(body=words_of(parcel, gateway.most_bytes), title=parcel.subject, body_format=NotifyFormat.TEXT)
    except (Refused, AppriseImproperlyConfigured) as error:
        raise Trouble("address", gateway.example, lasting=True) from error
    return answers[-1]


def _said(url: str, payload: Mapping[str, Any], gateway: Gateway, settings: Settings) -> str:
    body = json.dumps(payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    reply = post(url, body, headers, allow_private=settings.allow_private, patience=settings.patience)
    try:
        answer = json.loads(reply.body)
        code = int(answer[gateway.field])
    except (ValueError, TypeError, KeyError):
        raise Trouble(LATER, reply.said) from None
    said = f"{code} {answer.get(gateway.words, '')}".strip()
    if code:
        raise Trouble(LATER, said) if code in gateway.busy else Trouble(REFUSED_MESSAGE, said, lasting=True)
    return said


def words_of(parcel: Parcel, most: int) -> str:
    """The text, short enough in bytes together with its subject; of what is too long the link stays."""
    room = most - len(parcel.subject.encode()) - 2
    if len(parcel.text.encode()) <= room:
        return parcel.text
    end = f"…\n{parcel.link}"
    cut = parcel.text.encode()[: max(0, room - len(end.encode()))].decode("utf-8", "ignore").rstrip()
    return cut + end
