"""Responsibility lists: the generated screens, a new version from an old one, and what two versions differ in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, redirect, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.clock import now
from app.core.db import db
from app.core.languages import Words, words
from app.crud.exchange_screen import ExchangeScreen
from app.crud.screen import Answer
from app.crud.writing import fetch
from app.domain.refusals import N_
from app.domain.responsibility import Item
from app.entities.responsibility_list import ResponsibilityList
from app.entities.unit import Unit
from app.queries.responsibility import URGENCIES, difference, version_in_force
from app.services.responsibility import copy_version
from app.web.versions_page import Changed, compared_with


class ResponsibilityListScreen(ExchangeScreen):
    """Versions of the list."""

    method_permission_name: ClassVar[dict[str, str]] = {**ExchangeScreen.method_permission_name, "copy": "create", "differences": "read"}

    def notices(self) -> Sequence[str]:
        """Which version is in force."""
        code = version_in_force(db.session(), now())
        return (words()(N_("In force now: version %(code)s"), code=code) if code else words()(N_("No version is in force yet.")),)

    @expose("/copy/<int:pk>", methods=["POST"])
    @has_access
    def copy(self, pk: int) -> Answer:
        """A draft with all items of this version."""
        draft = copy_version(pk)
        flash(words()(N_("Draft %(code)s was made; adjust its items and approve it"), code=draft.code), "success")
        return redirect(url_for(".show", pk=draft.id))

    @expose("/differences/<int:pk>")
    @has_access
    def differences(self, pk: int) -> Answer:
        """What this version changes against ``?with=`` (by default the one before it)."""
        session, writer = db.session(), words()
        new = fetch(session, self.resource, pk)
        assert isinstance(new, ResponsibilityList)
        others = session.execute(
            select(ResponsibilityList).where(ResponsibilityList.id != pk).order_by(ResponsibilityList.effective_from.desc())
        ).scalars()
        choices = list(others)
        old = compared_with(choices, lambda row: row.id, lambda row: row.effective_from < new.effective_from)
        names = {unit.code: unit.name for unit in session.execute(select(Unit)).scalars()} if old is not None else {}
        items = _changes(difference(session, old.id, pk), names, writer) if old is not None else []
        told = {
            "caption": writer(N_("Items that differ")),
            "heads": (writer(N_("Matter")), writer(N_("Item"))),
            "same": writer(N_("Both versions hold the same items, units and limits.")),
        }
        return self.page("pages/differences.html", new=new, old=old, choices=choices, items=items, **told)


def _changes(found: Any, names: Mapping[str, Any], writer: Words) -> list[Changed]:
    pairs: list[tuple[str, Item | None, Item | None]] = [("added", None, item) for item in found.added]
    pairs += [("removed", item, None) for item in found.removed]
    pairs += [("changed", change.old, change.new) for change in found.changed]
    shown = [
        Changed(kind, ((item.matter, ""), (writer.names(item.name), "")), _told(old, new, names, writer))
        for kind, old, new in pairs
        if (item := new or old) is not None
    ]
    return sorted(shown, key=lambda one: one.cells)


def _told(old: Item | None, new: Item | None, names: Mapping[str, Any], writer: Words) -> tuple[tuple[str, str, str], ...]:
    def lead(item: Item | None) -> str:
        return "" if item is None else str(names.get(item.lead, item.lead)) or writer(N_("the street-town itself"))

    def support(item: Item | None) -> str:
        return "" if item is None else writer.listing([str(names.get(code, code)) for code in item.supporting])

    def limits(item: Item | None) -> str:
        return "" if item is None else " / ".join(str(item.limits[u]) if u in item.limits else "—" for u in URGENCIES)

    lines = [(writer(N_("Lead unit")), lead(old), lead(new)), (writer(N_("Supporting units")), support(old), support(new))]
    lines += [(writer(N_("Limits")), limits(old), limits(new))]
    return tuple(line for line in lines if line[1] != line[2])


SCREEN = ("ResponsibilityList", ResponsibilityListScreen)
