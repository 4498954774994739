"""Scheme versions: the generated screens, and reading, copying, comparing and approving a version; its cases run after every saving."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.crud.screen import Answer
from app.crud.show_page import show_page
from app.crud.writing import fetch
from app.domain.refusals import N_, NotFound, Refused
from app.entities.scheme_version import SchemeVersion
from app.services.schemes import approve, copy_version
from app.web.scheme_difference_page import changes
from app.web.scheme_page import scheme_page
from app.web.scheme_parts import told_after_saving
from app.web.versions_page import compared_with


class SchemeVersionScreen(ExchangeScreen):
    """Versions."""

    method_permission_name: ClassVar[dict[str, str]] = {
        **ExchangeScreen.method_permission_name,
        "copy": "create",
        "differences": "read",
        "approve": "approve",
    }

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Answer:
        """A version with its lines in words and what its golden cases say."""
        session, writer = db.session(), words()
        row = fetch(session, self.resource, pk)
        assert isinstance(row, SchemeVersion)
        page = show_page(session, self.resource, row, writer)
        page.related = ()
        return self.page("pages/scheme_version.html", page=page, scheme=scheme_page(row, writer))

    @expose("/copy/<int:pk>", methods=["POST"])
    @has_access
    def copy(self, pk: int) -> Answer:
        """A draft with all lines and cases of this version."""
        draft = copy_version(pk)
        flash(words()(N_("Draft %(label)s was made; change its lines, then approve it"), label=draft.label()), "success")
        return redirect(url_for(".show", pk=draft.id))

    @expose("/approve/<int:pk>", methods=["POST"])
    @has_access
    def approve(self, pk: int) -> Answer:
        """The version takes effect by a decision."""
        writer = words()
        try:
            row = approve(pk, self.seen_version(), request.form.get("basis", ""))
            flash(writer(N_("“%(label)s” is approved, in force from %(day)s"), label=row.label(), day=row.effective_from), "success")
        except NotFound:
            raise
        except Refused as refused:
            for one in getattr(refused, "refusals", (refused,)):
                flash(writer.phrase(one.phrase), "danger")
        return redirect(url_for(".show", pk=pk))

    @expose("/differences/<int:pk>")
    @has_access
    def differences(self, pk: int) -> Answer:
        """What this version changes against ``?with=`` (by default the one before it)."""
        session, writer = db.session(), words()
        new = fetch(session, self.resource, pk)
        assert isinstance(new, SchemeVersion)
        same = select(SchemeVersion).where(SchemeVersion.scheme == new.scheme, SchemeVersion.id != pk)
        choices = list(session.execute(same.order_by(SchemeVersion.number.desc())).scalars())
        old = compared_with(choices, lambda row: row.id, lambda row: row.number < new.number)
        items, trouble = [], ""
        try:
            items = changes(old.value(), new.value(), writer) if old is not None else []
        except Refused as refused:
            trouble = writer.phrase(refused.phrase)
        told = {
            "caption": writer(N_("Lines that differ")),
            "heads": (writer(N_("Line")),),
            "same": writer(N_("Both versions have the same lines, weights and rules.")),
        }
        return self.page("pages/differences.html", new=new, old=old, choices=choices, items=items, trouble=trouble, **told)

    def after_save(self, pk: int) -> AnyResponse:
        """On to the version; its cases have run again."""
        return told_after_saving(db.session.get(SchemeVersion, pk)) or super().after_save(pk)


SCREEN = ("SchemeVersion", SchemeVersionScreen)
