"""Putting the house together: configuration, database, FAB, generated screens, pages, wings, and a loud self-check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import app.api as api_package
import app.entities as entities_package
import app.services as services_package
import app.web.pages as pages_package
import app.web.screens as screens_package
import config as defaults
from app.core import cron
from app.core.db import db
from app.core.languages import compile_catalogues
from app.core.registry import members
from app.core.row_scope import set_policies
from app.core.storage import Storage
from app.crud.compile import add_resources
from app.crud.resource import Resource, register, resource_of
from app.domain.recurrence import read_cron_with
from app.jobs.engine import attach
from app.queries.scopes import SCOPES
from app.web import frame, roles, security, self_check
from app.web.addresses import RowNumber, TicketNumber

ROOT = defaults.ROOT


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """A complete application. ``overrides`` replace configuration values (tests)."""
    compile_catalogues()
    app = Flask("app", root_path=str(ROOT / "app"), template_folder="web/templates", static_folder="web/static")
    app.config.from_object(defaults)
    app.config.update(overrides or {})
    app.config["FAB_ROLES"] = roles.fab_roles()
    app.config.setdefault("STORAGE", Storage(app.config["HOME"]))
    app.url_map.converters.update(int=RowNumber, ticket=TicketNumber)
    resources: list[Resource] = members(entities_package, "RESOURCE")
    register(resources)
    for name, creator in members(services_package, "CREATES"):
        resource_of(name).creator = creator
    set_policies(SCOPES)
    read_cron_with(cron.read)
    db.init_app(app)
    attach(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    app.before_request(security.before_request)  # before the check below, whose refusals must know who is refused
    CSRFProtect(app)
    with app.app_context():
        builder = AppBuilder(app, db.session, indexview=frame.Home)
        add_resources(builder, resources, dict(members(screens_package, "SCREEN")), dict(members(api_package, "REST")))
        for page in members(pages_package, "PAGE"):
            builder.add_view_no_menu(page)
        for door in members(api_package, "API"):
            builder.add_api(door)
        frame.dress(app, resources)
        self_check.run(app, builder)
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
