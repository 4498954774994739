"""A list as a workbook: a summary sheet with a native chart, and a sheet with filter and frozen head for each long table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.domain.refusals import N_
from reports.listing import LONG, MOMENT, Content, Field, Listing, Part
from reports.listing_cells import about, as_of, moment_look, origin, stored, title
from reports.render import palette
from reports.sheets import Area, Book, Cell, Chart, Series, Sheet, Stream, at, sheet_names
from reports.voice import Voice

CHARTED = 25
_WIDTHS = {"text": 20.0, LONG: 44.0, MOMENT: 17.0}
_STREAMED = 200
"""Longer tables are written row by row, so that many rows need no memory."""


def workbook(listing: Listing, voice: Voice) -> Book:
    """The whole workbook."""
    long = [part for part in listing.parts if part.long]
    names = sheet_names([voice(N_("Summary")), *(voice(part.title) for part in long)])
    short = [part for part in listing.parts if not part.long]
    sheets = [_summary(listing, names[0], short, voice)] if short or not long else []
    sheets += [_list(listing, name, part, voice) for name, part in zip(names[1:], long, strict=True)]
    return Book(
        title=f"{title(listing, voice).replace(chr(10), ' ')} {about(listing, voice)}",
        subject=" ".join(voice.phrases(listing.head.scope)),
        author=voice.names(listing.head.district) or voice.names(listing.head.product),
        made_at=listing.head.as_of,
        header_right=as_of(listing, Voice(voice.writers[:1])),
        page_text=voice(N_("Page %(page)s of %(pages)s"), page="&P", pages="&N"),
        sheets=tuple(sheets),
    )


def _open(sheet: Sheet, listing: Listing, heading: str, voice: Voice) -> None:
    sheet.add(Cell(f"{heading} · {about(listing, voice)}", "title"), height=28)
    parts = [" ".join(voice.phrases(listing.head.scope)), as_of(listing, voice).replace("\n", " "), origin(listing, voice)]
    sheet.add(Cell(" · ".join(filter(None, parts)), "version"), height=16)


def _summary(listing: Listing, name: str, parts: Sequence[Part], voice: Voice) -> Sheet:
    columns = max([3, *(len(part.fields) for part in parts)])
    widths = [max([_width(part.fields[i]) for part in parts if i < len(part.fields)] or [14.0]) for i in range(columns)]
    widths[0] = max(widths[0], 26.0)
    made = Sheet(name=name, widths=tuple(widths))
    _open(made, listing, title(listing, voice).replace("\n", " "), voice)
    for one in listing.figures:
        value, look = stored(one.value, one.kind, voice)
        note = " ".join(voice.phrases(one.note)) if one.note is not None else ""
        made.add(Cell(voice(one.label), "text"), Cell(value, "total_figure" if look == "figure" else look), Cell(note, "bare"), height=18)
    charts = []
    for part in parts:
        made.add(Cell("", "bare"))
        made.add(Cell(voice(part.title), "section"), height=24)
        first = _table(made, part, voice)
        if part.bars >= 0 and part.rows:
            charts.append((part, first))
    for remark in listing.notes:
        made.add(Cell(" ".join(voice.phrases(remark)), "caption"))
    place = made.next_row + 1
    for part, first in charts:
        made.charts.append(_chart(made, part, first, at(1, place), voice))
        place += int(made.charts[-1].height / 0.53) + 2
    return made


def _list(listing: Listing, name: str, part: Part, voice: Voice) -> Sheet:
    made = Sheet(name=name, widths=tuple(_width(one) for one in part.fields), head=4, fixed=1, filtered=True)
    _open(made, listing, voice(part.title), voice)
    how = " ".join(voice.phrases(part.note)) if part.note is not None else voice(N_("%(count)s rows"), count=len(part.rows))
    made.add(Cell(how, "caption"), height=16)
    if len(part.rows) > _STREAMED:
        made.add(*_heads(part, voice), height=34 if voice.both else 20)
        made.stream = Stream(
            tuple(moment_look(one.kind) for one in part.fields),
            lambda: ([stored(content, one.kind, voice)[0] for content, one in zip(row, part.fields, strict=True)] for row in part.rows),
        )
        return made
    _table(made, part, voice)
    return made


def _table(made: Sheet, part: Part, voice: Voice) -> int:
    """Head, rows and total; the first row's number."""
    made.add(*_heads(part, voice), height=34 if voice.both else 20)
    first = made.next_row
    for row in part.rows:
        made.add(*_cells(row, part.fields, voice, ""))
    if not part.rows:
        made.add(Cell(voice(part.empty), "bare"))
    elif part.total:
        made.add(*_cells(part.total, part.fields, voice, "total_"), height=18)
    return first


def _heads(part: Part, voice: Voice) -> list[Cell]:
    return [Cell(voice.stacked(one.title), "head") for one in part.fields]


def _cells(row: Sequence[Content], fields: Sequence[Field], voice: Voice, prefix: str) -> list[Cell]:
    found = []
    for content, one in zip(row, fields, strict=True):
        value, look = stored(content, one.kind, voice)
        if prefix:
            value, look = (
                ("" if content is None else value),
                {"figure": "total_figure", "rate": "total_rate", "hours": "total_hours"}.get(look, "total_text"),
            )
        elif one.strong and look == "text":
            look = "strong"
        found.append(Cell(value, look))
    return found


def _width(one: Field) -> float:
    return _WIDTHS.get(one.kind, 13.0)


def _chart(made: Sheet, part: Part, first: int, place: str, voice: Voice) -> Chart:
    count = min(len(part.rows), CHARTED)
    column, kind = part.bars + 1, part.fields[part.bars].kind
    values = [float(value) for row in part.rows[:count] if isinstance(value := row[part.bars], (int, Fraction))]
    end = 100.0 if kind == "rate" else max([1.0, *values])
    title_text = f"{voice(part.title)} · {voice(part.fields[part.bars].title)}"
    series = (Series(voice(part.fields[part.bars].title), Area(made.name, column, first, column, first + count - 1), palette.BLUE),)
    form = "0" if kind == "count" else "0.0"
    return Chart(
        "bars",
        title_text,
        place,
        16.0,
        max(5.0, 0.62 * count + 2.2),
        Area(made.name, 1, first, 1, first + count - 1),
        series,
        0.0,
        end * 1.08,
        form,
    )
