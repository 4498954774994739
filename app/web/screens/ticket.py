"""Tickets: the generated list and registration form, and ledgers imported through mappings."""

from __future__ import annotations

from flask import send_file
from flask_appbuilder import expose, has_access
from openpyxl import Workbook
from openpyxl.comments import Comment

from app.channels.mapping import LedgerMapping, mapping_of, mappings
from app.core.languages import words
from app.crud.exchange_screen import WORKBOOK, ExchangeScreen, storage
from app.crud.resource import IMPORT
from app.crud.screen import Answer
from app.crud.tabular import HEAD_FILL, HEAD_FONT, sheet_title
from app.domain.refusals import N_


class TicketScreen(ExchangeScreen):
    """Files of tickets come in through a mapping; the template is the own mapping's."""

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
