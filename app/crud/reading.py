"""From raw values to a checked row: the one path that forms, programs and files take, with one sentence per refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crud.columns import Field, Link, Links, Reading
from app.crud.entity import Entity
from app.crud.masking import masked
from app.crud.resource import Resource, target_of
from app.domain.refusals import N_, NotFound, Phrase, Refused


@dataclass(slots=True)
class Draft:
    """A row about to be stored: values by column, and everything that is wrong with it."""

    values: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refused] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether it may be stored."""
        return not self.refusals


def number_of(text: object) -> int | None:
    """The number of a row, a version or a page as it stands in an address or a message; ``None`` for anything else."""
    said = str(text)
    return int(said) if said.isdecimal() and len(said) < 10 else None


def read_row(resource: Resource, raw: Mapping[str, Any], reading: Reading, row: Entity | None = None) -> Draft:
    """Read every column that ``raw`` offers, then ask the rules that look at the whole row."""
    draft = read_columns(resource, raw, reading, row)
    if draft.good:
        check_row(resource, draft, row)
    return draft


def read_columns(resource: Resource, raw: Mapping[str, Any], reading: Reading, row: Entity | None = None) -> Draft:
    """Read every column that ``raw`` offers; of a new row also those it does not and that have no default, so that they are missed."""
    draft = Draft()
    for name, column in resource.written.items():
        if name not in raw and (row is not None or column.default not in (None, "")):
            continue
        if row is not None and is_mask(column, raw.get(name), stored(column, row)):
            continue
        try:
            value = column.read(raw.get(name), reading)
            if row is not None and column.fixed and value != stored(column, row):
                raise column.refused("fixed", N_("“%(label)s” cannot be changed after the record was created"))
            draft.values[name] = value
        except Refused as refusal:
            draft.refusals.append(refusal)
    return draft


def is_mask(column: Field, said: Any, held: Any) -> bool:
    """Whether somebody hands back a personal value as it was shown: masked, so it says nothing new and must not overwrite it."""
    return bool(column.personal and held) and str(said or "").strip() == masked(column.personal, str(held))


def check_row(resource: Resource, draft: Draft, row: Entity | None) -> None:
    """The rules that look at the whole row; whoever saves it untouched breaks none."""
    held = stored_values(resource, row) if row is not None else {}
    if row is not None and all(alike(value, held.get(name)) for name, value in draft.values.items()):
        return
    values = {**held, **draft.values}
    for rule in resource.rules:
        try:
            rule(values, row)
        except Refused as refusal:
            draft.refusals.append(refusal)


def alike(value: Any, held: Any) -> bool:
    """Whether two values of a column say the same: links to several records have no order, an empty text is no value."""
    if isinstance(value, list) and isinstance(held, list):
        return sorted(value) == sorted(held)
    return bool(value == held) or (value in (None, "") and held in (None, ""))


def stored(column: Field, row: Entity) -> Any:
    """A column's stored value, links as ids."""
    return [target.id for target in getattr(row, column.name)] if isinstance(column, Links) else column.value_of(row)


def stored_values(resource: Resource, row: Entity) -> dict[str, Any]:
    """A row's values as a draft holds them."""
    return {name: stored(column, row) for name, column in resource.written.items()}


def check_links(session: Session, resource: Resource, draft: Draft) -> None:
    """What is linked to must exist, and the actor must be allowed to see it."""
    for name, value in list(draft.values.items()):
        column = resource.fields[name]
        if not isinstance(column, (Link, Links)) or not value:
            continue
        ids = set(value) if isinstance(column, Links) else {value}
        entity: Any = target_of(column).entity
        found = set(session.execute(select(entity.id).where(entity.id.in_(ids))).scalars())
        if found != ids:
            missing = NotFound(N_("“%(label)s”: the chosen record is no longer there"), label=Phrase(column.label))
            missing.field = name
            draft.refusals.append(missing)


def check_unique(session: Session, resource: Resource, draft: Draft, row: Entity | None) -> None:
    """Unique columns and the natural key must not name another row, of whatever kind the table holds."""
    sets: list[tuple[str, ...]] = [(name,) for name, column in resource.fields.items() if column.unique]
    if all(name in resource.fields for name in resource.natural_key) and resource.natural_key not in sets:
        sets.append(resource.natural_key)
    for names in sets:
        values = [draft.values.get(n, stored(resource.fields[n], row) if row is not None else None) for n in names]
        if any(value is None for value in values) or not any(name in draft.values for name in names):
            continue
        entity: Any = resource.fields[names[0]].owner
        conditions = [getattr(entity, resource.fields[n].key) == value for n, value in zip(names, values, strict=True)]
        if row is not None:
            conditions.append(entity.id != row.id)
        other = session.execute(select(entity).where(*conditions).limit(1)).scalar_one_or_none()
        if other is not None:
            column = resource.fields[names[-1]]
            shown = "/".join(str(v) for v in values)
            draft.refusals.append(
                column.refused("taken", N_("“%(value)s” is already used by “%(other)s”"), value=shown, other=other.label())
            )
