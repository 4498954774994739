"""The rows every sheet opens with: its title, which evaluation and rules it shows, and one line on how to read it."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.scorecard import Group, Scorecard
from reports.definitions.scorecard import sentences
from reports.render.row_heights import wide
from reports.sheets import Cell, Sheet
from reports.voice import Voice

_ACROSS = 150.0
"""Characters that opening lines may run across before they wrap: about a landscape page."""


def open_sheet(sheet: Sheet, title: str, scorecard: Scorecard, voice: Voice, how: str, group: Group | None = None) -> None:
    """Write the three opening rows."""
    sheet.add(Cell(title, "title"), height=28)
    add_line(sheet, about(scorecard, voice, group), "version")
    add_line(sheet, how, "caption")


def about(scorecard: Scorecard, voice: Voice, group: Group | None) -> str:
    """State, rule versions, cut-off, seal and origin: one line per language."""
    return "\n".join(_about(scorecard, Voice((writer,)), group) for writer in voice.writers)


def _about(scorecard: Scorecard, voice: Voice, group: Group | None) -> str:
    parts = [
        sentences.state(scorecard, voice),
        sentences.versions(scorecard, group, voice) if group else "",
        sentences.cut_off(scorecard, voice),
        sentences.sealed(scorecard, voice),
        sentences.origin(scorecard, voice),
    ]
    return sentences.DOT.join(filter(None, parts))


def add_line(sheet: Sheet, text: str, look: str) -> int:
    """Add a row of running text, merged over as many columns as a page holds, and tall enough for it."""
    across, room = 0, 0.0
    # Where further pages stand beside the first, the columns they repeat hold the whole text.
    for width in sheet.widths[: sheet.fixed] if sheet.column_breaks else sheet.widths:
        across, room = across + 1, room + width
        if room >= _ACROSS:
            break
    lines = sum(max(1, -(-wide(line) * 9 // int(room * 10))) for line in text.split("\n"))
    return sheet.add(Cell(text, look, across=across), height=4.0 + 13.0 * lines)


def name_width(groups: Sequence[Group], voice: Voice) -> float:
    """A column for the groups' units: as wide as the longest name, within reason."""
    names = [voice.names(unit.names) for group in groups for unit in (*group.units, *group.apart)]
    return float(min(max([18, *(wide(name[:60]) + 4 for name in names)]), 46))


def head_height(titles: list[str], narrow: float) -> float:
    """How tall a header must be for its longest title in a column ``narrow`` characters wide."""
    lines = max((sum(max(1, -(-wide(part) // max(int(narrow) - 1, 1))) for part in title.split("\n")) for title in titles), default=1)
    return 10.0 + 14.0 * min(lines, 6)
