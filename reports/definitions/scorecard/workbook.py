"""The scorecard as a workbook that proves itself: summary, groups, months before, evidence, definitions, data quality, appeals, changes."""

from __future__ import annotations

from app.domain.refusals import N_
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard import (
    cycle_sheets,
    group_sheet,
    ledger_sheet,
    past_sheet,
    reference_sheets,
    sentences,
    summary_sheet,
)
from reports.definitions.scorecard.difference_words import changes_of
from reports.definitions.scorecard.group_grid import grids
from reports.sheets import Book, sheet_names
from reports.voice import Voice


def workbook(scorecard: Scorecard, voice: Voice) -> Book:
    """The whole workbook, in the voice's language or two; data stands in it once."""
    own = [voice(N_("Summary")), voice(N_("Scores over time")), voice(N_("Evidence")), voice(N_("Definitions")), voice(N_("Data quality"))]
    cycle = [voice(N_("Appeals")), voice(N_("Differences"))]
    groups = [voice.names(group.names) for group in scorecard.groups]
    summary, past, evidence, definitions, quality, appeals, changes, *group_names = sheet_names([*own, *cycle, *groups])
    places = grids(scorecard.groups, group_names)
    sheets = [summary_sheet.sheet(scorecard, summary, places, voice)]
    sheets += [group_sheet.sheet(scorecard, grid, voice) for grid in places]
    if past_sheet.has_past(scorecard):
        sheets.append(past_sheet.sheet(scorecard, past, voice))
    sheets.append(ledger_sheet.sheet(scorecard, evidence, voice))
    sheets.append(reference_sheets.definitions(scorecard, definitions, voice))
    sheets.append(reference_sheets.quality(scorecard, quality, voice))
    sheets.append(cycle_sheets.appeals_sheet(scorecard, appeals, voice))
    difference = changes_of(scorecard)
    if difference is not None:
        sheets.append(cycle_sheets.difference_sheet(scorecard, difference, changes, voice))
    return Book(
        title=f"{sentences.title(scorecard, voice).replace(chr(10), ' ')} {voice.month(scorecard.period)}",
        subject=sentences.state(scorecard, voice),
        author=voice.names(scorecard.district) or voice.names(scorecard.product),
        made_at=scorecard.computed_at,
        header_right=sentences.seal(scorecard),
        page_text=voice(N_("Page %(page)s of %(pages)s"), page="&P", pages="&N"),
        sheets=tuple(sheets),
        mark=sentences.watermark(scorecard, voice),
        seal=scorecard.snapshot_hash,
    )
