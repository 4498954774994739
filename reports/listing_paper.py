"""A list on paper: head, headline figures, tables with bars beside them, how to read it."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from reports.document import Bar, Block, Cards, Column, Cover, Figure, Heading, NewPage, Paper, Paragraphs, Ranked, Table, Text, Together
from reports.listing import CODE, LONG, MOMENT, Field, Headline, Listing, Part
from reports.listing_cells import FIGURES, about, as_of, origin, spoken, title
from reports.voice import Voice

ROWS, BARS = 300, 15
"""So many rows of a long list and bars of a chart are printed; the workbook has them all."""
_CELL = 120


def paper(listing: Listing, voice: Voice) -> Paper:
    """The whole paper."""
    leading = Voice(voice.writers[:1])
    head = title(listing, voice)
    blocks: list[Block] = [
        NewPage("top", leading(listing.title)),
        Cover(
            state=voice.sentence(listing.head.scope),
            title=head,
            subtitle=about(listing, voice),
            left="",
            middle="",
            right=as_of(listing, voice),
        ),
    ]
    if listing.figures:
        blocks.append(Cards(tuple(_figure(one, voice) for one in listing.figures)))
    for part in listing.parts:
        blocks += _part(part, voice)
    if listing.notes:
        blocks += [Heading(voice(N_("How to read this list"))), Paragraphs(tuple(t for note in listing.notes for t in voice.phrases(note)))]
    return Paper(
        title=f"{head.replace(chr(10), ' ')} {about(listing, voice)}",
        subject=voice.sentence(listing.head.scope).replace("\n", " "),
        author=voice.names(listing.head.district) or voice.names(listing.head.product),
        language=voice.languages[0],
        footer_left=origin(listing, leading),
        footer_middle=leading(N_("as of %(moment)s"), moment=voice.moment(listing.head.as_of)),
        page_text=leading(N_("Page %(page)s of %(pages)s"), page="%(page)d", pages="%(pages)d"),
        made_at=listing.head.as_of,
        blocks=tuple(blocks),
    )


def _figure(one: Headline, voice: Voice) -> Figure:
    note = voice.sentence(one.note) if one.note is not None else ""
    return Figure(voice.stacked(one.label), spoken(one.value, one.kind, voice).split("\n")[0], note)


def _part(part: Part, voice: Voice) -> list[Block]:
    shown = part.rows[:ROWS] if part.long else part.rows
    said = [voice.sentence(part.note).replace("\n", " ")] if part.note is not None else []
    if len(shown) < len(part.rows):
        said.append(voice(N_("the first %(shown)s of %(count)s; the workbook has them all"), shown=len(shown), count=len(part.rows)))
    heading = Heading(voice(part.title), " · ".join(said))
    if not part.rows:
        return [heading, Paragraphs(tuple(voice.each(part.empty)))]
    columns = tuple(_column(one, voice) for one in part.fields)
    rows = tuple(tuple(_cell(content, one, voice) for content, one in zip(row, part.fields, strict=True)) for row in shown)
    total = tuple(_cell(content, one, voice) for content, one in zip(part.total, part.fields, strict=True)) if part.total else ()
    table = Table(columns, rows, tuple("" if content is None else cell for content, cell in zip(part.total, total, strict=True)))
    if part.bars < 0:
        return [heading, table]
    return [Together((heading, _bars(part, voice))), table]


def _column(one: Field, voice: Voice) -> Column:
    return Column(voice.stacked(one.title), one.share, figures=one.kind in FIGURES, strong=one.strong, whole=one.kind in (CODE, MOMENT))


def _cell(content: object, one: Field, voice: Voice) -> Text | str:
    said = spoken(content, one.kind, voice)  # type: ignore[arg-type]
    longest = _CELL * 2 if one.kind == LONG else _CELL
    return said if len(said) <= longest else said[: longest - 1] + "…"


def _bars(part: Part, voice: Voice) -> Ranked:
    """The first rows as bars from zero."""
    kind = part.fields[part.bars].kind
    found = []
    for row in part.rows[:BARS]:
        value = row[part.bars]
        size = (
            float(value * 100 if isinstance(value, Fraction) and kind == "rate" else value) if isinstance(value, (int, Fraction)) else 0.0
        )
        found.append(Bar(spoken(row[0], "text", voice, stacked=False), size, spoken(value, kind, voice)))
    return Ranked(tuple(found), 0.0, 100.0 if kind == "rate" else max([1.0, *(bar.value for bar in found)]))
