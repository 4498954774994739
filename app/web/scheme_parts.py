"""After a version, one of its lines or one of its golden cases was saved: the cases run, and the version's page says what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.entities.scheme_version import SchemeVersion
from app.web.scheme_page import told


class PartScreen(ExchangeScreen):
    """Lines and cases lead back to their version, with what its golden cases say now."""

    entity: ClassVar[Any]

    def after_save(self, pk: int) -> AnyResponse:
        """On to the version."""
        row = db.session.get(self.entity, pk)
        return told_after_saving(row.scheme_version if row is not None else None) or super().after_save(pk)


def told_after_saving(version: SchemeVersion | None) -> AnyResponse | None:
    """Say what the golden cases say, and show the version."""
    if version is None or request.form.get("then") == "list":
        return None
    sentence, good = told(version, words())
    flash(sentence, "success" if good else "warning")
    return redirect(url_for("SchemeVersionScreen.show", pk=version.id))
