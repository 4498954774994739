"""The print wing, attached by name in the configuration: without it every score is still right."""

from __future__ import annotations

from typing import ClassVar

from flask import request, send_file
from flask_appbuilder import expose, has_access
from flask_appbuilder.basemanager import BaseManager

from app.core.db import db
from app.crud.exchange_screen import storage
from app.crud.screen import Answer, PageView
from app.domain.refusals import NotFound
from app.queries.scores import scorecard_of
from app.services.evaluation import required
from reports.definitions import report
from reports.names import file_name
from reports.printing import render
from reports.report import JSON, MEDIA_TYPES

LANGUAGES = {"zh": ["zh"], "en": ["en"], "zh+en": ["zh", "en"], "en+zh": ["en", "zh"]}


class Files(PageView):
    """Files of an evaluation, made from what is frozen."""

    route_base = "/files"
    class_permission_name = "Evaluation"
    method_permission_name: ClassVar[dict[str, str]] = {"scorecard": "export"}
    default_view = "scorecard"

    @expose("/<string:code>/<string:period>.<string:fmt>")
    @has_access
    def scorecard(self, code: str, period: str, fmt: str) -> Answer:
        """One report of one period as ``xlsx``, ``pdf`` or ``json``, in the languages asked for."""
        if fmt not in report(code).formats:
            raise NotFound()
        language = request.args.get("lang", "zh").replace(" ", "+")
        card = scorecard_of(db.session(), required(db.session(), period))
        with storage().scratch(f".{fmt}") as path:
            render(card, code, fmt, LANGUAGES.get(language, ["zh"]), path)
            digest = storage().keep(path)
        name = file_name(card, code, fmt, "" if fmt == JSON else language)
        return send_file(storage().path(digest), MEDIA_TYPES[fmt], as_attachment=True, download_name=name)


class Reports(BaseManager):
    """Registers what the wing adds to the house."""

    def register_views(self) -> None:
        """The doors for files."""
        self.appbuilder.add_view_no_menu(Files)

    def pre_process(self) -> None:
        """Nothing to do before."""

    def post_process(self) -> None:
        """Nothing to do after."""
