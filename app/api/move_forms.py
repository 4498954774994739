"""The moves that somebody may make now, each with what it needs, so that a program can build the call; and those not yet, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import words
from app.crud.columns import Choice, Link, Links
from app.crud.resource import target_of
from app.domain.casefile import CaseFile
from app.domain.machine import Offer
from app.domain.moves.row import Need
from app.entities.dictionary_entry import dictionary
from app.entities.unit import Unit
from app.services.saying import column_of

GIVEN = "given"


def allowed(session: Session, found: Iterable[Offer], case: CaseFile) -> list[dict[str, Any]]:
    """What is possible now; a move about a called department stands there once for each of them."""
    return [
        {**head, "needs": [need_of(need, case) for need in offer.move.needs]} for offer, head in _heads(session, found) if not offer.refused
    ]


def not_yet(session: Session, found: Iterable[Offer]) -> list[dict[str, Any]]:
    """What is this person's in this stage and not possible yet: the same reason that trying would be answered with."""
    writer = words()
    return [
        {**head, "code": offer.refused.code, "reason": writer.phrase(offer.refused.phrase)}
        for offer, head in _heads(session, found)
        if offer.refused
    ]


def _heads(session: Session, found: Iterable[Offer]) -> list[tuple[Offer, dict[str, Any]]]:
    writer, listed = words(), list(found)
    parts = {offer.part.unit_id for offer in listed if offer.part is not None}
    names = {row.id: writer.any(row.label()) for row in session.execute(select(Unit).where(Unit.id.in_(parts))).scalars()}
    heads: list[tuple[Offer, dict[str, Any]]] = []
    for offer in listed:
        move, part = offer.move, offer.part
        about = {"part": part.key, "unit": {"id": part.unit_id, "text": names.get(part.unit_id, "")}} if part is not None else {}
        named = {"action": move.action, "name": writer(move.name), "group": writer(move.group), "tone": move.tone}
        heads.append((offer, {**named, **about, **({"about": writer(move.about)} if move.about else {})}))
    return heads


def need_of(need: Need, case: CaseFile | None = None) -> dict[str, Any]:
    """Something that has to be said: its name, kind, whether it must be, and what it may be."""
    writer = words()
    found: dict[str, Any] = {"name": need.name, "label": writer(need.label), "kind": need.kind, "required": need.required}
    if need.help:
        found["help"] = writer(need.help)
    if need.least:
        found["least"] = need.least
    options = options_of(need, case)
    if options is not None:
        found["options"] = options
    column = column_of(need)
    if options is None and isinstance(column, (Link, Links)):
        found["among"] = f"/api/v1/{target_of(column).slug}/"
    return found


def options_of(need: Need, case: CaseFile | None = None) -> list[dict[str, Any]] | None:
    """The values that may be said where they are few; ``None`` where they are not listed."""
    writer = words()
    if need.kind == "rating":
        given: Sequence[Any] = [rating for rating in case.ratings if rating.state == GIVEN] if case else ()
        return [{"value": rating.id, "label": rating.kind} for rating in given]
    column = column_of(need)
    listed = dictionary(need.of)() if need.kind == "choices" else column.options() if isinstance(column, Choice) else None
    return None if listed is None else [{"value": option.value, "label": option.text(writer)} for option in listed if option.active]
