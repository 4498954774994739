"""Exclusions: the generated list, and the doors of taking a ticket out of figures and of taking that back."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy import select

from app.core.db import db
from app.core.languages import words
from app.crud.cells import show_address
from app.crud.exchange_screen import ExchangeScreen
from app.crud.reading import number_of
from app.crud.resource import resource_of
from app.crud.screen import Answer
from app.crud.writing import fetch
from app.domain.refusals import N_, NotFound, Refused
from app.domain.scorecard import Names
from app.entities.exclusion import ALL, indicator_options
from app.entities.exclusion_reason import ExclusionReason
from app.entities.unit import Unit
from app.services.exclusions import exclude, withdraw_exclusion
from app.services.proofs import Upload
from app.web.file_doors import storage


class ExclusionScreen(ExchangeScreen):
    """What the generated screens cannot know."""

    method_permission_name: ClassVar[dict[str, str]] = {
        **ExchangeScreen.method_permission_name,
        "exclude": "exclude",
        "withdraw": "exclude",
    }

    @expose("/exclude/<int:ticket_id>", methods=["GET", "POST"])
    @has_access
    def exclude(self, ticket_id: int) -> Answer:
        """The form, and what it asks for; on a refusal it comes back with everything that was typed."""
        ticket, form, writer = fetch(db.session(), resource_of("Ticket"), ticket_id), request.form, words()
        if request.method == "GET":
            return self.page("pages/exclude.html", page=_form(ticket, request.args.to_dict()), refused="")
        uploads = [Upload(each.filename or "", each.stream) for each in request.files.getlist("file") if each.filename]
        try:
            row = exclude(
                ticket_id,
                form.get("indicator", ALL),
                form.get("reason", ""),
                unit_id=number_of(form.get("unit", "")) or None,
                basis=form.get("basis", ""),
                note=form.get("note", ""),
                storage=storage(),
                uploads=uploads,
            )
        except NotFound:
            raise
        except Refused as refused:
            page = _form(fetch(db.session(), resource_of("Ticket"), ticket_id), form.to_dict())
            return self.page("pages/exclude.html", page=page, refused=writer.phrase(refused.phrase)), refused.status
        flash(writer(N_("The ticket is excluded from the next computation")), "success")
        return redirect(url_for(".show", pk=row.id))

    @expose("/<int:pk>/withdraw", methods=["POST"])
    @has_access
    def withdraw(self, pk: int) -> Answer:
        """Take one back."""
        fetch(db.session(), self.resource, pk)
        try:
            withdraw_exclusion(pk)
            flash(words()(N_("The exclusion was withdrawn")), "success")
        except NotFound:
            raise
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
        return redirect(url_for(".show", pk=pk))


def _form(ticket: Any, typed: dict[str, str]) -> dict[str, Any]:
    session, writer = db.session(), words()
    rows = session.execute(select(ExclusionReason).where(ExclusionReason.active.is_(True)).order_by(ExclusionReason.position)).scalars()
    unit = session.get(Unit, number_of(typed.get("unit", "")) or 0)
    return {
        "ticket": ticket,
        "href": show_address(resource_of("Ticket"), ticket.id),
        "reasons": [(row.code, writer.names(Names(row.name_zh, row.name_en))) for row in rows],
        "indicators": [(option.value, option.text(writer)) for option in indicator_options()],
        "unit": (unit.id, writer.names(Names(unit.name_zh, unit.name_en))) if unit is not None else None,
        "typed": typed,
    }


SCREEN = ("Exclusion", ExclusionScreen)
