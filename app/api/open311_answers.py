"""How Open311 GeoReport v2 answers: the same facts as JSON and as XML, in the specification's names, and its own way to say no."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, tostring

from flask import Response

from app.core.languages import Words
from app.crud.columns.links import label_of
from app.crud.columns.texts import storable
from app.domain.refusals import N_, Refused, RefusedAll
from app.domain.workflow import ALL_STAGES
from app.entities.dictionary_entry import dictionary
from app.entities.matter import Matter
from app.queries.open311 import OpenRequest

TYPES = {"json": "application/json; charset=utf-8", "xml": "application/xml; charset=utf-8"}
STAGES = {stage.code: stage.name for stage in ALL_STAGES}
Value = Mapping[str, Any] | Sequence[Any] | str | int | float | bool | None


def written(fmt: str, value: Value, root: str, item: str = "", status: int = 200) -> Response:
    """``value`` as ``fmt``; in XML beneath ``root``, the members of a list as ``item``."""
    if fmt == "xml":
        body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(_element(root, value, item), encoding="utf-8")
    else:
        body = json.dumps(value, ensure_ascii=False).encode()
    return Response(body, status, content_type=TYPES[fmt])


def refused(fmt: str, no: Refused, writer: Words) -> Response:
    """A refusal: one error for each reason, as ``code`` and ``description``."""
    reasons = no.refusals if isinstance(no, RefusedAll) else (no,)
    status = 400 if no.status == 422 else no.status
    errors = [{"code": status, "description": _said(one, writer)} for one in reasons]
    return written(fmt, errors, "errors", "error", status)


def _said(one: Refused, writer: Words) -> str:
    return f"{one.field}: {writer.phrase(one.phrase)}" if one.field else writer.phrase(one.phrase)


def service(matter: Matter, writer: Words) -> dict[str, Any]:
    """A matter offered to citizens; they get the ticket's number at once."""
    path = [label_of(matter, writer)]
    above = matter.parent
    while above is not None and len(path) < 4:
        path.insert(0, label_of(above, writer))
        above = above.parent
    return {
        "service_code": matter.code,
        "service_name": path[-1],
        "description": " › ".join(path),
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(path[:-1]),
        "group": path[-2] if len(path) > 1 else "",
    }


def service_request(told: OpenRequest, writer: Words) -> dict[str, Any]:
    """A ticket as everybody may read it."""
    found: dict[str, Any] = {
        "service_request_id": told.number,
        "status": "closed" if told.closed else "open",
        "status_notes": _state(told, writer),
        "service_name": label_of(told.matter, writer),
        "service_code": told.matter.code,
        "description": told.description,
        "agency_responsible": label_of(told.unit, writer) if told.unit is not None else "",
        "service_notice": "",
        "requested_datetime": moment(told.requested_at),
        "updated_datetime": moment(told.updated_at),
        "expected_datetime": moment(told.expected_at) if told.expected_at else "",
        "address": told.address or (label_of(told.street_town, writer) if told.street_town is not None else ""),
        "address_id": "",
        "zipcode": "",
    }
    if told.latitude is not None and told.longitude is not None:
        found |= {"lat": float(told.latitude), "long": float(told.longitude)}
    return found


def _state(told: OpenRequest, writer: Words) -> str:
    if told.ended == "merged":
        return writer(N_("Joined to another report about the same matter"))
    result = next((option.text(writer) for option in dictionary("result")() if option.value == told.result), "")
    stage = writer(STAGES[told.stage])
    return f"{stage} · {result}" if result else stage


def discovery(url: str, changed: datetime, contact: str) -> dict[str, Any]:
    """Where the endpoint is and what it speaks."""
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": url,
        "changeset": moment(changed),
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    return {"changeset": moment(changed), "contact": contact, "key_service": "", "endpoints": [endpoint]}


def moment(instant: datetime) -> str:
    """UTC, as the specification's examples write it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


PLURALS = {"endpoints": "endpoint", "formats": "format", "attributes": "attribute"}


def _element(name: str, value: Any, item: str = "") -> Element:
    made = Element(name)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            made.append(_element(key, inner, PLURALS.get(key, "")))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            made.append(_element(item, inner))
    elif value not in (None, ""):
        made.text = {True: "true", False: "false"}[value] if isinstance(value, bool) else storable(str(value))
    return made
