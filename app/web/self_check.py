"""A loud look at the house before it opens: what FAB would only log stops the start here."""

from __future__ import annotations

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.api.manager import OpenApi, SwaggerView
from flask_appbuilder.babel.views import LocaleView
from flask_appbuilder.views import UtilView

from app.crud.screen import Hardened
from app.web.roles import subjects

TOLERATED = (OpenApi, SwaggerView, UtilView, LocaleView)
"""FAB's own views that show no rows."""


def run(app: Flask, builder: AppBuilder) -> None:
    """Raise ``RuntimeError`` when a wing is missing, a view is not hardened, or a door stands open by mistake."""
    missing = set(app.config["ADDON_MANAGERS"]) - set(builder.addon_managers)
    if missing:
        raise RuntimeError(f"wings did not start: {sorted(missing)}")
    soft = [type(view).__name__ for view in builder.baseviews if not isinstance(view, (Hardened, *TOLERATED))]
    if soft:
        raise RuntimeError(f"views that are not hardened: {soft}")
    known = {view.class_permission_name for view in builder.baseviews} | {"Health"}
    unknown = subjects() - known
    if unknown:
        raise RuntimeError(f"the roles table speaks of what does not exist: {sorted(unknown)}")
