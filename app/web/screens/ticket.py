"""Tickets: the generated list and registration form, the ticket's page with its moves, and ledgers imported through mappings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access
from openpyxl import Workbook
from openpyxl.comments import Comment

from app.channels.mapping import LedgerMapping, mapping_of, mappings
from app.core.db import db
from app.core.languages import Words, words
from app.crud.exchange_screen import WORKBOOK, ExchangeScreen, storage
from app.crud.resource import IMPORT
from app.crud.screen import Answer
from app.crud.show_page import show_page
from app.crud.tabular import HEAD_FILL, HEAD_FONT, sheet_title
from app.crud.writing import fetch
from app.domain.machine import STAGE_NAMES
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_, NotFound, Refused
from app.entities.ticket import Ticket
from app.queries.proposal import propose
from app.services.progress import Moved, move, sit
from app.web.ticket_page import ticket_page
from app.web.ticket_verbs import Attempt


class TicketScreen(ExchangeScreen):
    """A ticket is shown as one working surface; files of tickets come in through a mapping, the template is the own mapping's."""

    method_permission_name: ClassVar[dict[str, str]] = {**ExchangeScreen.method_permission_name, "record": "read", "move": "work"}

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Answer:
        """The ticket's page; ``?open=`` names a move whose form shall be open, ``?into=`` the ticket to merge into."""
        asked = request.args
        page = ticket_page(db.session(), self._ticket(pk), words(), wanted=asked.get("open", "")[:60], into=asked.get("into", "")[:9])
        return self.page("pages/ticket.html", page=page)

    @expose("/record/<int:pk>")
    @has_access
    def record(self, pk: int) -> Answer:
        """Everything that is kept of a ticket, as any other record is shown."""
        session = db.session()
        return self.page("crud/show.html", page=show_page(session, self.resource, self._ticket(pk), words()))

    @expose("/move/<int:pk>/<string:action>", methods=["GET", "POST"])
    @has_access
    def move(self, pk: int, action: str) -> Answer:
        """Make a move. Whoever comes by a link, say after signing in again, finds the form and nothing done."""
        session, writer = db.session(), words()
        part = request.form.get("part", "")[:24]
        if request.method == "GET":
            self._ticket(pk)
            return redirect(url_for(".show", pk=pk, open=action if action in BY_ACTION else None))
        typed = request.form.to_dict(flat=False)
        seen = self.seen_version()
        try:
            done = move(pk, action, seen, self.said(action, typed), self.reading(), part=part, extra=self._proposed(pk, action))
        except NotFound:
            raise
        except Refused as refused:
            page = ticket_page(session, self._ticket(pk), writer, attempt=Attempt(action, part, typed, refused), seen=seen)
            return self.page("pages/ticket.html", page=page), refused.status
        flash(done_words(done, writer), "success")
        return redirect(url_for(".show", pk=pk))

    def said(self, action: str, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """What a move needs, as typed: of lists all, of others the last."""
        found: dict[str, Any] = {}
        known = BY_ACTION.get(action)
        for need in known.needs if known else ():
            values = [value for value in typed.get(need.name, ()) if value]
            found[need.name] = values if need.kind in ("units", "choices") else values[-1] if values else ""
        return found

    def _proposed(self, pk: int, action: str) -> dict[str, Any]:
        """What was proposed to whoever dispatches, so that the timeline shows whether it was followed."""
        if action != "dispatch":
            return {}
        session, ticket = db.session(), self._ticket(pk)
        return propose(session, ticket, sit(session, ticket).rules).kept()

    def _ticket(self, pk: int) -> Ticket:
        row = fetch(db.session(), self.resource, pk)
        assert isinstance(row, Ticket)
        return row

    def mappings(self) -> list[tuple[str, str]]:
        """The own template first, then the ledgers of other platforms."""
        writer = words()
        found = sorted(mappings().values(), key=lambda m: (m.code != "own", m.code))
        return [(m.code, writer.names(m.title)) for m in found]

    def import_options(self) -> list[tuple[str, str]]:
        """Whether to create what the file names and the district lacks."""
        return [("create_missing", words()(N_("Create missing master data (units, communities, matters, channels)")))]

    @expose("/template")
    @has_access
    def template(self) -> Answer:
        """The own mapping's columns in the reader's language."""
        self.offered(IMPORT)
        writer = words()
        with storage().scratch(".xlsx") as path:
            write_ledger_template(mapping_of("own"), writer.language).save(path)
            digest = storage().keep(path)
        name = writer(N_("%(resource)s - template"), resource=writer(self.resource.plural)) + ".xlsx"
        return send_file(storage().path(digest), WORKBOOK, as_attachment=True, download_name=name)


def done_words(done: Moved, writer: Words) -> str:
    """A toast for a move: its name, and the stage where that has changed."""
    name = writer(BY_ACTION[done.happening.action].name)
    if made := done.happening.details.get("ticket"):
        return writer(N_("%(move)s: done, %(number)s was registered"), move=name, number=made)
    if done.happening.from_stage == done.happening.to_stage:
        return writer(N_("%(move)s: done"), move=name)
    return writer(N_("%(move)s: done. Stage now: %(stage)s"), move=name, stage=writer(STAGE_NAMES[done.happening.to_stage]))


def write_ledger_template(mapping: LedgerMapping, language: str) -> Workbook:
    """One sheet with the mapping's captions; required ones are marked."""
    writer = words(language)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheet_title(writer(N_("Tickets")))
    needed = {mapping.ticket[name].columns[0] for name in mapping.required}
    templates = [*mapping.ticket.values(), *(link.name_zh for levels in mapping.links.values() for link in levels)]
    templates += [mapping.flags.in_time, mapping.flags.overdue] if mapping.flags else []
    english = {template.columns[0]: template.columns[1] for template in templates if len(template.columns) > 1}
    for place, header in enumerate(mapping.headers, start=1):
        shown = header if language == "zh" else english.get(header, header)
        cell = sheet.cell(1, place, shown + (" *" if header in needed else ""))
        cell.font, cell.fill = HEAD_FONT, HEAD_FILL
        if header in needed:
            cell.comment = Comment(writer(N_("Required")), writer(N_("Frontline")))
        sheet.column_dimensions[cell.column_letter].width = max(14, len(shown) * 2)
    sheet.freeze_panes = "A2"
    return book


SCREEN = ("Ticket", TicketScreen)
