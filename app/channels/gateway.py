"""Gateway: a signed JSON message of a WeChat, Weibo or short-message gateway becomes a report, by the form of its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.channels import Channel
from app.channels.message_mapping import MessageMapping, Place
from app.domain.intake import Report, title_of
from app.domain.refusals import N_, Refused, RefusedAll

LATEST = timedelta(minutes=10)
"""A gateway's clock may run ahead so far; what it dates later is dated wrongly."""


def read(message: Mapping[str, Any], mapping: MessageMapping, channel: str, source: str, moment: datetime, zone: str) -> Report:
    """``moment`` is now: a message without a time is from now. Raises ``RefusedAll`` naming the message's own places."""
    refusals: list[Refused] = []
    number, text = _text(message, mapping.number, refusals, True), _text(message, mapping.text, refusals, True)
    values: dict[str, Any] = {"description": text, "title": title_of(text), "reported_at": moment}
    for name, place in mapping.ticket.items():
        said = _text(message, place, refusals, False)
        if said and name == "reported_at":
            values[name] = _moment(said, place, moment, zone, refusals)
        elif said:
            values[name] = said
    if text and not values["title"]:
        refusals.append(Refused("required", N_("“%(place)s” holds no words"), field=mapping.text.name, place=mapping.text.name))
    if refusals:
        raise RefusedAll(refusals)
    return Report(channel, source, number, values)


def _text(message: Mapping[str, Any], place: Place, refusals: list[Refused], required: bool) -> str:
    found = place.found(message)
    if found is None:
        if required:
            refusals.append(Refused("required", N_("“%(place)s” is missing"), field=place.name, place=place.name))
        return ""
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        refusals.append(Refused("not-text", N_("“%(place)s” is neither text nor a number"), field=place.name, place=place.name))
        return ""
    return str(found).strip()


def _moment(said: str, place: Place, moment: datetime, zone: str, refusals: list[Refused]) -> datetime:
    """Seconds or milliseconds since 1970, ISO 8601, or as mail writes it; a little ahead counts as now."""
    found = _read_moment(said, zone)
    if found is None:
        sentence = N_("“%(value)s” is not a time; write it as 2026-11-24T09:15:00+08:00")
        refusals.append(Refused("not-a-moment", sentence, field=place.name, value=said[:40]))
        return moment
    return min(found, moment) if found - moment <= LATEST else found


def _read_moment(said: str, zone: str) -> datetime | None:
    if said.isascii() and said.isdecimal() and len(said) in (10, 13):
        return datetime.fromtimestamp(int(said) / (1 if len(said) == 10 else 1000), UTC)
    for reads in (datetime.fromisoformat, parsedate_to_datetime, _weibo):
        try:
            found = reads(said)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    return None


def _weibo(said: str) -> datetime:
    """As Weibo writes it: ``Tue May 31 17:46:55 +0800 2011``."""
    return datetime.strptime(said, "%a %b %d %H:%M:%S %z %Y")


CHANNEL = Channel("*GATEWAY", N_("Gateway"), read)
