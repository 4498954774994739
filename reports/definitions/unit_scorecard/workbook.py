"""A unit's scorecard as a workbook: its lines as live formulas, its months, its tickets, what the figures mean."""

from __future__ import annotations

from app.domain.refusals import N_
from reports.definitions.scorecard import group_sheet, ledger_sheet, past_sheet, reference_sheets, sentences
from reports.definitions.scorecard.group_grid import grids
from reports.definitions.unit_scorecard.card import UnitCard
from reports.sheets import Book, sheet_names
from reports.voice import Voice


def workbook(card: UnitCard, voice: Voice) -> Book:
    """The whole workbook. The group's own sheet is used with this unit alone in it, so that its formulas are the same ones."""
    own = card.alone()
    wanted = [voice.names(card.unit.names), voice(N_("Scores over time")), voice(N_("Evidence")), voice(N_("Definitions"))]
    mine, past, evidence, definitions = sheet_names(wanted)
    sheets = [group_sheet.sheet(own, grids(own.groups, [mine])[0], voice)]
    if past_sheet.has_past(own):
        sheets.append(past_sheet.sheet(own, past, voice))
    sheets.append(ledger_sheet.sheet(own, evidence, voice))
    sheets.append(reference_sheets.definitions(own, definitions, voice))
    return Book(
        title=f"{voice.names(card.unit.names)[:80]} · {voice.month(card.period)}",
        subject=sentences.state(own, voice),
        author=voice.names(own.district) or voice.names(own.product),
        made_at=own.computed_at,
        header_right=sentences.seal(own),
        page_text=voice(N_("Page %(page)s of %(pages)s"), page="&P", pages="&N"),
        sheets=tuple(sheets),
        mark=sentences.watermark(own, voice),
        seal=own.snapshot_hash,
    )
