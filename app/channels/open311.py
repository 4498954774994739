"""Open311 GeoReport v2: what a citizen's program posts becomes a report.

The specification has no number of the client's own; programs that have one send it as ``attribute[external_id]`` (or in the
header Idempotency-Key). For the others the same words from the same program on the same day are the same report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from app.channels import Channel
from app.domain.intake import Enclosed, Report, title_of
from app.domain.refusals import N_, Refused, RefusedAll

CODE = "OPEN311"
EXTERNAL = "attribute[external_id]"
SAID = (
    *("service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id"),
    *("first_name", "last_name", "phone", "description", "media_url", EXTERNAL),
)
"""Everything a program may say; the rest is not for us. E-mail addresses and devices' numbers are not kept."""


def read(said: Mapping[str, str], sender: int, day: str, external: str = "", files: Sequence[Enclosed] = ()) -> Report:
    """``sender`` is the account whose key was shown, ``day`` today in the city. Raises ``RefusedAll`` with every reason (400)."""
    given = {name: said.get(name, "").strip() for name in SAID}
    refusals = _missing(given)
    place = {name: _coordinate(given[name], name, bound, refusals) for name, bound in (("lat", 90), ("long", 180))}
    if bool(given["lat"]) != bool(given["long"]):
        lacking = "long" if given["lat"] else "lat"
        refusals.append(Refused("required", N_("“lat” and “long” go together; one of them is missing"), field=lacking, status=400))
    if refusals:
        raise _all(refusals)
    number = external or given[EXTERNAL]
    values: dict[str, Any] = {
        "title": title_of(given["description"]),
        "description": _text(given),
        "matter": given["service_code"],
        "address": given["address_string"],
        "reporter_name": _name(given["last_name"], given["first_name"]),
        "reporter_phone": given["phone"],
    }
    if place["lat"] is not None:
        values |= {"latitude": place["lat"], "longitude": place["long"]}
    return Report(CODE, CODE, f"{sender}-{number}" if number else _derived(given, sender, day), values, tuple(files))


def _missing(given: Mapping[str, str]) -> list[Refused]:
    found = []
    if not given["service_code"]:
        found.append(Refused("required", N_("“service_code” is missing"), field="service_code", status=400))
    if not title_of(given["description"]):
        found.append(Refused("required", N_("“description” is missing: say what the matter is"), field="description", status=400))
    if not (given["lat"] or given["long"] or given["address_string"]):
        found.append(Refused("required", N_("No place: send “lat” and “long”, or “address_string”"), field="address_string", status=400))
    if given["address_id"] and not (given["lat"] or given["address_string"]):
        found.append(Refused("address-id", N_("“address_id” means nothing here; send “address_string”"), field="address_id", status=400))
    return found


def _coordinate(text: str, name: str, bound: int, refusals: list[Refused]) -> str | None:
    """WGS 84 degrees with six places, about a decimetre."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -bound <= value <= bound:
        refusals.append(Refused("not-degrees", N_("“%(value)s” is not a coordinate in degrees"), field=name, status=400, value=text[:40]))
        return None
    return f"{value:.6f}"


def _text(given: Mapping[str, str]) -> str:
    """The citizen's words, with the address of a picture that lies elsewhere: it is not fetched."""
    return "\n\n".join(part for part in (given["description"], given["media_url"]) if part)


def _name(last: str, first: str) -> str:
    """As names are written: 王小明, Ada Lovelace."""
    return f"{first} {last}".strip() if (last + first).isascii() else last + first


def _derived(given: Mapping[str, str], sender: int, day: str) -> str:
    words = "\x1f".join(f"{name}={value}" for name, value in sorted(given.items()))
    return f"{sender}-{day}-{hashlib.sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def _all(refusals: Sequence[Refused]) -> RefusedAll:
    found = RefusedAll(refusals)
    found.status = 400
    return found


CHANNEL = Channel(CODE, N_("Open311"), read)
