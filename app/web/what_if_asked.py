"""What an address asks to be tried: a version, a period, another list, other values; the same for the page, its file and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import select

from app.core.db import db
from app.crud.reading import number_of
from app.domain.refusals import NotFound
from app.domain.trial import with_edits
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme_version import SchemeVersion
from app.queries.what_if import Trial, what_if
from app.services.evaluation import required

LONGEST = 400
"""Characters; no parameters of a shape are longer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; ``edits`` has what was typed for a line's weight and parameters."""

    version: SchemeVersion | None
    period: str
    list_version: str
    edits: Mapping[str, Mapping[str, str]]


def asked_for(period: str = "") -> Asked:
    """Read the address; ``period`` where it stands in the path. Raises ``NotFound`` for a version or list that is not there."""
    session, args = db.session(), request.args
    number = number_of(args.get("version", ""))
    version = session.get(SchemeVersion, number) if number is not None and number < 2**31 else None
    if number is not None and version is None:
        raise NotFound()
    listed = args.get("list", "").strip()
    if listed and session.execute(select(ResponsibilityList.id).where(ResponsibilityList.code == listed)).first() is None:
        raise NotFound()
    edits: dict[str, dict[str, str]] = {}
    another = args.get("of", args.get("version", "")) != args.get("version", "")  # values typed for another version are not this one's
    for name, value in args.items() if not another else ():
        part, dot, code = name.partition(".")
        if dot and part in ("weight", "params") and len(value) <= LONGEST:
            edits.setdefault(code, {})[part] = value
    return Asked(version, period or args.get("period", "").strip(), listed, edits)


def tried(asked: Asked) -> Trial:
    """The trial. Raises ``NotFound`` where no version is named or nothing was evaluated, ``Refused`` where it cannot be scored."""
    if asked.version is None:
        raise NotFound()
    session = db.session()
    scheme = with_edits(asked.version.value(), asked.edits)
    return what_if(session, required(session, asked.period), asked.version.scheme.group, scheme, asked.list_version)
