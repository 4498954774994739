"""Aliases of a record: former and short names with their days, edited beneath its form and used wherever names are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session

from app.crud.changes import current_batch, entry
from app.crud.columns.moments import read_day
from app.crud.entity import Entity
from app.crud.tables import Alias, Change
from app.domain.refusals import N_, Phrase, Refused

KINDS = {"former": N_("Former name"), "short": N_("Short name")}


@dataclass(frozen=True, slots=True)
class OtherName:
    """One alias as typed or stored."""

    name: str
    kind: str = "former"
    language: str = "zh"
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it this alias and no other."""
        return (self.kind, self.name, self.language, str(self.valid_from or ""), str(self.valid_to or ""))


def aliases_of(session: Session, row: Entity) -> list[OtherName]:
    """A record's other names, those of no known day first, then oldest first; source codes are not among them."""
    statement = select(Alias).where(Alias.entity == row.__tablename__, Alias.row_id == row.id, Alias.kind != "code")
    # Where missing days stand is said: engines differ.
    found = session.execute(statement.order_by(Alias.valid_from.is_not(None), Alias.valid_from, Alias.id)).scalars()
    return [OtherName(a.name, a.kind, a.language, a.valid_from, a.valid_to) for a in found]


def read_aliases(raw: Mapping[str, Sequence[str]]) -> tuple[list[OtherName], list[Refused]]:
    """Aliases from a form's columns ``alias-name``, ``alias-kind``, ``alias-language``, ``alias-from``, ``alias-to``."""
    found: list[OtherName] = []
    refusals: list[Refused] = []
    columns = [raw.get(f"alias-{part}", []) for part in ("name", "kind", "language", "from", "to")]
    for place, (name, kind, language, start, end) in enumerate(zip(*columns, strict=False), start=1):
        if not name.strip():
            continue
        days: list[date | None] = []
        for text in (start, end):
            day = read_day(text) if text.strip() else None
            if text.strip() and day is None:
                refusals.append(_refused(place, N_("“%(value)s” is not a valid date; write it as 2026-11-24"), value=text[:40]))
            days.append(day)
        if days[0] and days[1] and days[1] < days[0]:
            refusals.append(_refused(place, N_("the last day %(end)s is earlier than the first day %(start)s"), start=days[0], end=days[1]))
        known = kind if kind in KINDS else "former"
        found.append(OtherName(name.strip()[:200], known, language if language in ("zh", "en") else "zh", days[0], days[1]))
    return found, refusals


def _refused(place: int, message: str, **values: Any) -> Refused:
    return Refused(
        "bad-alias",
        N_("Other names, line %(line)d: %(problem)s"),
        field="aliases",
        line=place,
        problem=Phrase(message, **values),
    )


@event.listens_for(Session, "before_flush")
def _forget(session: Session, _context: Any, _instances: Any) -> None:
    """A record takes its other names with it: its number may be given to another one."""
    for row in session.deleted:
        if isinstance(row, Entity):
            session.execute(delete(Alias).where(Alias.entity == row.__tablename__, Alias.row_id == row.id))


def save_aliases(session: Session, row: Entity, wanted: Sequence[OtherName]) -> bool:
    """Make a record's other names exactly ``wanted``; what changed goes into the change log. Returns whether anything did."""
    present = aliases_of(session, row)
    before, after = sorted(a.key for a in present), sorted({a.key for a in wanted})
    if before == after:
        return False
    session.execute(delete(Alias).where(Alias.entity == row.__tablename__, Alias.row_id == row.id, Alias.kind != "code"))
    for alias in {a.key: a for a in wanted}.values():
        add_alias(session, row.__tablename__, row.id, alias)
    shown = {"aliases": [[" ".join(filter(None, k)) for k in before], [" ".join(filter(None, k)) for k in after]]}
    session.execute(insert(Change), [entry(type(row).__name__, row.id, str(row.label()), "update", shown)])
    return True


def add_alias(session: Session, table: str, row_id: int, alias: OtherName, source: str = "") -> None:
    """Store one more name."""
    session.add(
        Alias(
            entity=table,
            row_id=row_id,
            kind=alias.kind,
            source=source,
            name=alias.name,
            language=alias.language,
            valid_from=alias.valid_from,
            valid_to=alias.valid_to,
            batch_id=current_batch(),
        )
    )
