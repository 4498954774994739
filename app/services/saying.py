"""Reading what was said with a move: the table's needs as columns of the kit, so that every door refuses in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crud.columns import Choice, Field, Flag, Link, Links, Moment, Origin, Reading, Rule, Text
from app.crud.lookups import Lookups
from app.crud.resource import target_of
from app.domain.moves import BY_ACTION
from app.domain.moves.row import Move, Need
from app.domain.refusals import N_, NotFound, Phrase, Refused, RefusedAll
from app.entities.dictionary_entry import dictionary
from app.entities.ticket import URGENCY
from app.queries.calendar import city_zone

LINE, TEXT = 300, 2000
"""Characters of a line and of a text."""
FARTHEST = 3
"""So many years ahead a move may speak of; what is farther is a slip of the year, and its clock would be counted day by day."""

TARGETS = {"ticket": "Ticket", "matter": "Matter", "partner": "Partner", "rating": "Rating"}
UNITS = {"": "Unit", "department": "Department", "street_town": "StreetTown"}


def column_of(need: Need) -> Field:
    """A need as a column: the same label, control, rules and sentences as in any form."""
    options: dict[str, Any] = {"required": need.required, "help": need.help}
    if need.least and need.kind in ("text", "long"):
        least = need.least
        too_short = Rule(lambda value: len(value) >= least, N_("“%(label)s” is too short; say a little more"))
        options["rules"] = [too_short]
    found = _column(need, options)
    found.name = need.name
    return found


def _column(need: Need, options: dict[str, Any]) -> Field:
    if need.kind == "choice":
        return Choice(dictionary(need.of), need.label, **options)
    if need.kind == "urgency":
        return Choice(URGENCY, need.label, **options)
    if need.kind == "unit":
        return Link(UNITS[need.of], need.label, table="unit", **options)
    if need.kind == "units":
        return Links(UNITS[need.of], need.label, table="unit", **options)
    if need.kind in TARGETS:
        return Link(TARGETS[need.kind], need.label, table=need.kind, **options)
    if need.kind == "moment":
        return Moment(need.label, **options)
    if need.kind == "flag":
        return Flag(need.label, **options)
    return Text(TEXT if need.kind == "long" else LINE, need.label, lines=4 if need.kind == "long" else 1, **options)


def columns_of(move: Move) -> dict[str, Field]:
    """All needs of a move as columns, by name; several choices at once are read apart (``read_said``)."""
    return {need.name: column_of(need) for need in move.needs if need.kind != "choices"}


def reading_of(session: Session, origin: Origin, writer: Any) -> Reading:
    """The circumstances of a move said in a form or by a program."""
    return Reading(origin=origin, words=writer, resolve=Lookups(session) if origin is Origin.API else None)


def read_said(session: Session, action: str, raw: Mapping[str, Any], reading: Reading, at: datetime) -> dict[str, Any]:
    """Everything that a move needs, read and checked. Raises ``RefusedAll`` with every reason, ``Refused`` for an unknown move.

    ``raw`` may hold more than the move needs; what it does not know is ignored by forms and refused to programs.
    """
    move = BY_ACTION.get(action)
    if move is None:
        raise Refused("unknown-move", N_("There is no such move: “%(action)s”."), action=action[:40], status=404)
    said: dict[str, Any] = {}
    refusals: list[Refused] = []
    known = {need.name for need in move.needs}
    if reading.origin is Origin.API:
        refusals += [
            Refused("unknown-field", N_("The move does not ask for “%(name)s”."), field=str(name)[:40], name=str(name)[:40])
            for name in raw
            if name not in known
        ]
    for need in move.needs:
        try:
            said[need.name] = _read(session, need, raw.get(need.name), reading, at)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedAll(refusals)
    return said


def _read(session: Session, need: Need, raw: Any, reading: Reading, at: datetime) -> Any:
    if need.kind == "choices":
        return _choices(need, raw)
    column = column_of(need)
    if isinstance(column, Link) and need.kind == "rating" and isinstance(raw, str) and raw.isdecimal():
        raw = int(raw)
    value = column.read(raw, reading)
    if isinstance(column, (Link, Links)) and value:
        _check_targets(session, column, value, at)
    if isinstance(value, datetime) and value > at + timedelta(days=366 * FARTHEST):
        message = N_("“%(label)s” lies more than %(years)s years ahead; check the year.")
        raise Refused("too-far", message, field=need.name, label=Phrase(need.label), years=FARTHEST)
    return value


def _choices(need: Need, raw: Any) -> list[str]:
    """Several words of one dictionary."""
    wanted = [raw] if isinstance(raw, str) and raw else list(raw or ()) if isinstance(raw, (list, tuple)) else []
    known = {option.value for option in dictionary(need.of)()}
    strange = [str(value)[:40] for value in wanted if value not in known]
    if strange:
        raise Refused(
            "not-an-option", N_("“%(value)s” is not an option of “%(label)s”"), field=need.name, value=strange[0], label=Phrase(need.label)
        )
    if need.required and not wanted:
        raise Refused("required", N_("“%(label)s” is missing"), field=need.name, label=Phrase(need.label))
    return [str(value) for value in wanted]


def _check_targets(session: Session, column: Link | Links, value: Any, at: datetime) -> None:
    """What is named must be there, must be the actor's to see, and, a unit, must still be at work."""
    ids = set(value) if isinstance(column, Links) else {value}
    entity: Any = target_of(column).entity
    rows = {row.id: row for row in session.execute(select(entity).where(entity.id.in_(ids))).scalars()}
    if set(rows) != ids:
        missing = NotFound(N_("“%(label)s”: the chosen record is no longer there"), label=Phrase(column.label))
        missing.field = column.name
        missing.status = 422
        raise missing
    today = at.astimezone(ZoneInfo(city_zone())).date()
    for row in rows.values():
        start, end = getattr(row, "valid_from", None), getattr(row, "valid_to", None)
        if (start is not None and today < start) or (end is not None and today > end):
            raise Refused("not-valid", N_("“%(name)s” is not at work on %(day)s"), field=column.name, name=row.label(), day=today)
        if entity.__name__ == "Ticket" and row.ended:
            raise Refused("ended", N_("The ticket %(number)s is void or merged itself"), field=column.name, number=row.number)
