"""The form page as a value: inputs in groups, what is wrong with them, and everything that was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.crud.aliases import KINDS, OtherName
from app.crud.columns import Choice, Field, Flag, Link, Links, Number, Origin, Reading, Text
from app.crud.columns.links import label_of
from app.crud.entity import Entity
from app.crud.masking import SECRETS, masked
from app.crud.reading import stored
from app.crud.resource import Resource, target_of
from app.crud.show_page import made_of, uses_of
from app.crud.traces import Trace, traces
from app.domain.refusals import N_, Refused, RefusedAll

RECENT = 3
"""So many of a record's latest changes stand beside its form."""


@dataclass(frozen=True, slots=True)
class Input:
    """One control of a form."""

    name: str
    kind: str
    label: str
    value: str
    required: bool
    help: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    picked: tuple[tuple[str, str], ...] = ()
    pick: str = ""
    many: bool = False
    most: int = 0
    lines: int = 1
    language: str = ""
    pattern: str = ""
    example: str = ""
    fixed: bool = False
    meanwhile: str = ""
    chosen: tuple[str, ...] = ()
    within: str = ""
    """What sets its control apart where a page holds several forms: put before the name to make an id."""


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that belong together, and a sentence about them."""

    title: str
    inputs: tuple[Input, ...]
    about: str = ""


@dataclass(slots=True)
class FormPage:
    """A whole form page. ``meanwhile`` lists what somebody else changed since it was opened."""

    resource: Resource
    title: str
    groups: Sequence[Group]
    errors: Sequence[tuple[str, str]]
    version: int
    action: str
    cancel: str
    aliases: Sequence[OtherName] | None = None
    alias_kinds: Sequence[tuple[str, str]] = ()
    conflict: str = ""
    changed: Sequence[tuple[str, str]] = field(default_factory=list)
    row: Entity | None = None
    made: str = ""
    uses: Sequence[tuple[str, int, str]] = ()
    traces: Sequence[Trace] = ()


def form_page(
    session: Session,
    resource: Resource,
    writer: Words,
    *,
    row: Entity | None = None,
    typed: Mapping[str, Sequence[str]] | None = None,
    refused: Refused | None = None,
    aliases: Sequence[OtherName] | None = None,
    version: int = 0,
    presets: Mapping[str, str] | None = None,
) -> FormPage:
    """Build the page for a new row or ``row``; ``typed`` is what came back with a refusal."""
    refusals = refused.refusals if isinstance(refused, RefusedAll) else [refused] if refused else []
    conflict = next((r for r in refusals if r.code == "changed-meanwhile"), None)
    errors: dict[str, list[str]] = {}
    for refusal in refusals:
        if refusal is not conflict:
            errors.setdefault(refusal.field, []).append(writer.phrase(refusal.phrase))
    maker = _Inputs(session, resource, writer, row, typed, errors, presets or {}, bool(conflict))
    title = str(row.label()) if row is not None else writer(N_("New %(resource)s"), resource=writer(resource.singular).lower())
    return FormPage(
        resource=resource,
        title=title,
        groups=maker.groups(),
        errors=[(name, text) for name, texts in errors.items() for text in texts],
        version=row.version if row is not None else version,
        action=url_for(f"{resource.name}Screen.edit", pk=row.id) if row is not None else url_for(f"{resource.name}Screen.add"),
        cancel=url_for(f"{resource.name}Screen.show", pk=row.id) if row is not None else url_for(f"{resource.name}Screen.list"),
        aliases=aliases if resource.aliases else None,
        alias_kinds=[(kind, writer(label)) for kind, label in KINDS.items()],
        conflict=writer.phrase(conflict.phrase) if conflict else "",
        changed=maker.changed,
        row=row,
        made=made_of(row, writer) if row is not None else "",
        uses=uses_of(session, row, writer) if row is not None else (),
        traces=traces(session, resource, row.id, writer, RECENT) if row is not None else (),
    )


def inputs_of(
    session: Session,
    columns: Mapping[str, Field],
    writer: Words,
    *,
    typed: Mapping[str, Sequence[str]],
    errors: Mapping[str, Sequence[str]],
    within: str,
) -> tuple[Input, ...]:
    """Controls for columns that stand in no table: what is said with a move. ``typed`` are their values, given or preset."""
    maker = _Inputs(session, None, writer, None, typed, errors, {}, False)
    return tuple(replace(maker.input(name, column), within=within) for name, column in columns.items())


class _Inputs:
    """Turns columns into inputs, filled with what was typed, else what is stored, else what was preset."""

    def __init__(
        self,
        session: Session,
        resource: Resource | None,
        writer: Words,
        row: Entity | None,
        typed: Mapping[str, Sequence[str]] | None,
        errors: Mapping[str, Sequence[str]],
        presets: Mapping[str, str],
        conflict: bool,
    ) -> None:
        self.session, self.resource, self.writer, self.row = session, resource, writer, row
        self.typed, self.errors, self.presets, self.conflict = typed, errors, presets, conflict
        self.reading = Reading(origin=Origin.FORM, words=writer)
        self.changed: list[tuple[str, str]] = []

    def groups(self) -> list[Group]:
        """Columns by their group, in the order they were declared."""
        assert self.resource is not None
        found: dict[str, list[Input]] = {}
        for name, column in self.resource.written.items():
            found.setdefault(column.group, []).append(self.input(name, column))
        say, about = self.writer, self.resource.groups
        return [Group(say(title), tuple(inputs), say(about.get(title, ""))) for title, inputs in found.items()]

    def input(self, name: str, column: Field) -> Input:
        """One column's control."""
        values = self._values(name, column)
        rule = next((rule.pattern for rule in column.rules if rule.pattern), "")
        meanwhile = self._meanwhile(name, column, values)
        return Input(
            name=name,
            kind="long" if isinstance(column, Text) and column.lines > 1 else column.kind,
            label=column.caption(self.writer),
            value=values[0] if values else "",
            required=column.required,
            help=self.writer(column.help) if column.help else "",
            errors=tuple(self.errors.get(name, ())),
            options=self._options(column, values),
            picked=self._picked(column, values),
            pick=url_for(f"{target_of(column).name}Screen.pick") if isinstance(column, (Link, Links)) else "",
            many=isinstance(column, Links),
            most=column.length if isinstance(column, Text) else 0,
            lines=column.lines if isinstance(column, Text) else 1,
            language=column.language,
            pattern=rule if isinstance(column, (Text, Number)) else "",
            example=column.example,
            fixed=column.fixed and self.row is not None,
            meanwhile=meanwhile,
        )

    def _values(self, name: str, column: Field) -> list[str]:
        if self.typed is not None:
            return [value for value in self.typed.get(name, []) if value != "" or not isinstance(column, Links)]
        if self.row is not None:
            return self._stored(column)
        if name in self.presets:
            return [self.presets[name]]
        return [column.typed(column.default, self.reading)] if column.default not in (None, "") and not callable(column.default) else []

    def _stored(self, column: Field) -> list[str]:
        assert self.row is not None
        value = stored(column, self.row)
        if isinstance(column, Links):
            return [str(item) for item in value]
        said = column.typed(value, self.reading)
        return [masked(column.personal, said) if column.personal in SECRETS else said]

    def _meanwhile(self, name: str, column: Field, values: Sequence[str]) -> str:
        """After a lost race: what stands in the database now, where it differs from what was typed."""
        if not self.conflict or self.row is None:
            return ""
        now_stored = self._stored(column)
        if list(values) == now_stored or (not any(values) and not any(now_stored)):
            return ""
        shown = column.text(getattr(self.row, column.name if isinstance(column, (Link, Links)) else column.key), self.writer)
        if column.personal in SECRETS:
            shown = now_stored[0]
        self.changed.append((column.caption(self.writer), shown))
        return shown

    def _options(self, column: Field, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
        if isinstance(column, Flag):
            return (("1", self.writer(N_("Yes"))), ("0", self.writer(N_("No"))))
        if isinstance(column, Choice):
            return tuple((o.value, o.text(self.writer)) for o in column.options() if o.active or o.value in values)
        return ()

    def _picked(self, column: Field, values: Sequence[str]) -> tuple[tuple[str, str], ...]:
        if not isinstance(column, (Link, Links)):
            return ()
        ids = [int(value) for value in values if value.isdecimal() and len(value) < 10]
        entity: Any = target_of(column).entity
        rows = self.session.execute(select(entity).where(entity.id.in_(ids))).scalars() if ids else ()
        return tuple((str(row.id), label_of(row, self.writer)) for row in rows)
