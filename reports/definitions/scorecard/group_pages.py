"""The pages that compare: the cover with the first group's ranking, and an opening page for each further group."""

from __future__ import annotations

from fractions import Fraction

from app.domain.refusals import N_
from app.domain.scorecard import Group, Line, Scorecard, UnitScore
from reports.definitions.scorecard import figures, labels, sentences
from reports.document import (
    QUIET,
    Bar,
    Block,
    Bookmark,
    Cards,
    Column,
    Cover,
    Figure,
    Heading,
    NewPage,
    Paragraphs,
    Ranked,
    Signatures,
    Table,
    Text,
    Together,
)
from reports.voice import Voice

BARS = 20
"""Rankings longer than this show their first units as bars; the table has them all."""
RATES_ACROSS, LONG_NAME = 8, 24
"""So many rates across the page, and one less where names are long and need the room."""
NAME = 80
NOISE = "≈"
BY_CHANCE = N_("≈ The gap to the next better place is no larger than chance alone could make it; the order of the two says little.")


def cover(scorecard: Scorecard, group: Group, voice: Voice) -> list[Block]:
    """The first page: what this is, the headline figures, the first group's ranking, who signs."""
    title = sentences.title(scorecard, voice)
    blocks: list[Block] = [
        NewPage("cover", clipped(title.split("\n")[0])),
        Cover(
            state=sentences.state(scorecard, voice, "\n"),
            title=title,
            subtitle=f"{voice.month(scorecard.period)} · {voice.names(group.names)}",
            left=_made(scorecard, voice),
            middle=sentences.versions(scorecard, group, voice, "\n"),
            right=sentences.cut_off(scorecard, voice),
            scan=scorecard.url,
            scan_label=voice.stacked(N_("Scan to verify")),
        ),
        Cards(cards(scorecard, group, voice)),
        *ranking(group, voice),
    ]
    signatures = Signatures(tuple(voice(label) for label in (N_("Prepared by:"), N_("Checked by:"), N_("Issued by:"))))
    signed = Together((Paragraphs(sentences.summary(scorecard, group, voice)), signatures))
    return [*blocks, signed, *beside(group, voice), *apart(group, voice)]


def opening(scorecard: Scorecard, group: Group, voice: Voice) -> list[Block]:
    """A further group's ranking, following on: a short table before it leaves no page empty."""
    name = voice.names(group.names)
    about = voice.month(scorecard.period) + sentences.DOT + sentences.versions(scorecard, group, voice)
    head = (
        Bookmark(f"group-{group.code}", clipped(name)),
        Heading(name, about),
        Cards(cards(scorecard, group, voice)),
        Paragraphs(sentences.summary(scorecard, group, voice)),
    )
    return [
        Together(head),
        *ranking(group, voice),
        *beside(group, voice),
        *apart(group, voice),
    ]


def _made(scorecard: Scorecard, voice: Voice) -> str:
    if scorecard.published_at is None:
        return voice.stacked(N_("Computed %(moment)s"), moment=voice.moment(scorecard.computed_at))
    return voice.stacked(N_("Published %(moment)s"), moment=voice.moment(scorecard.published_at))


def cards(scorecard: Scorecard, group: Group, voice: Voice) -> tuple[Figure, ...]:
    """What the group was about, and its weightiest rates with n/d."""
    first = Figure(
        voice.stacked(N_("Units ranked")),
        voice.number(len(group.units)),
        voice.stacked(N_("from %(count)s tickets"), count=scorecard.tickets),
    )
    rates = [
        Figure(
            voice.sentence(line.title),
            figures.rate_text(voice, line, figures.total_rate(group, line.code)),
            sentences.counted(line, *group.total[line.code], voice, " / "),
        )
        for line in figures.heaviest(group, 3)
    ]
    return (first, *rates)


def ranking(group: Group, voice: Voice) -> list[Block]:
    """Bars, then the table of places with the rate of every line that earns points."""
    if not group.units:
        return [Paragraphs((voice(N_("No unit of this group has a score.")),))]
    shown = group.units[:BARS]
    values = figures.scores(group)
    start = figures.axis_start(min(values[: len(shown)]), group.full_marks)
    end = max([group.full_marks, *values])
    axis = voice(N_("axis from %(start)s to %(end)s"), start=str(start), end=voice.marks(end))
    more = voice(N_("the first %(shown)s of %(count)s"), shown=len(shown), count=len(group.units)) if len(shown) < len(group.units) else ""
    axes = sentences.DOT.join(filter(None, (axis, more)))
    bars = tuple(
        Bar(voice.names(unit.names), float(unit.score or 0), voice.decimal(unit.score or Fraction(0)), (unit.rank or 9) <= 3)
        for unit in shown
    )
    blocks: list[Block] = [
        Together((Heading(voice(N_("Ranking by total score")), axes), Ranked(bars, float(start), float(end)))),
        Heading(voice(N_("Table of places")), voice(N_("rates in percent over n/d; weights in brackets"))),
    ]
    tables = [places(group, lines, voice) for lines in _chunks(group, figures.scored(group), voice)]
    return [*blocks, *tables, *([Paragraphs(tuple(voice.each(BY_CHANCE)), QUIET)] if any(unit.noise for unit in group.units) else [])]


def beside(group: Group, voice: Voice) -> list[Block]:
    """The rates that are shown and earn no points, in a table of their own."""
    lines = [line for line in group.lines if not line.weight]
    if not lines or not group.units:
        return []
    heading = Heading(voice(N_("Shown beside the score")), voice(N_("rates in percent over n/d; these lines earn no points")))
    return [heading, *(places(group, chunk, voice) for chunk in _chunks(group, lines, voice))]


def _chunks(group: Group, lines: list[Line], voice: Voice) -> list[tuple[Line, ...]]:
    """The lines in as few tables as fit across the page, of about equal width."""
    longest = max((len(part) for unit in group.units for part in voice.named(unit.names).split("\n")), default=0)
    tables = -(-len(lines) // (RATES_ACROSS - (longest > LONG_NAME))) or 1
    each = -(-len(lines) // tables) or 1
    return [tuple(lines[i : i + each]) for i in range(0, len(lines), each)] or [()]


def places(group: Group, lines: tuple[Line, ...], voice: Voice) -> Table:
    """One row per ranked unit; under each rate its n/d."""
    columns = [
        Column(voice.stacked(N_("Rank")), 5.2, strong=True),
        Column(voice.stacked(N_("Moved")), 6.4),
        Column(voice.named(group.names), 22),
        Column(voice.stacked(N_("Score")), 8, figures=True, strong=True),
        *(Column(_weighted(line, voice), 10, figures=True) for line in lines),
    ]
    rows: list[tuple[Text | str, ...]] = [
        (
            f"{unit.rank} {NOISE}" if unit.noise else str(unit.rank),
            sentences.movement(unit, voice),
            Text(clipped(voice.named(unit.names)), goto=unit_key(group, unit)),
            voice.decimal(unit.score or Fraction(0)),
            *(_rate(unit, line, voice) for line in lines),
        )
        for unit in group.units
    ]
    total: tuple[Text | str, ...] = ("", "", voice.stacked(N_("All units")), "", *(_total(group, line, voice) for line in lines))
    return Table(tuple(columns), tuple(rows), total)


def _weighted(line: Line, voice: Voice) -> str:
    if not line.weight:
        return voice.sentence(line.title)
    return f"{voice.sentence(line.title)}{' ' if voice.languages == ('en',) else chr(10)}({voice.marks(line.weight)})"


def _rate(unit: UnitScore, line: Line, voice: Voice) -> Text:
    leading = Voice(voice.writers[:1])
    score = unit.lines[line.code]
    if score.rate is None:
        return Text(voice.stacked(labels.NOT_APPLICABLE), tone="quiet", note=sentences.left_out(score, leading))
    return Text(figures.rate_text(voice, line, score.rate, ""), note=sentences.fraction(line, score, voice))


def _total(group: Group, line: Line, voice: Voice) -> Text:
    n, d = group.total[line.code]
    return Text(figures.rate_text(voice, line, figures.total_rate(group, line.code), ""), note=sentences.counted(line, n, d, voice))


def apart(group: Group, voice: Voice) -> list[Block]:
    """The units that are listed, not ranked, each with its reason."""
    if not group.apart:
        return []
    columns = (Column(voice.stacked(N_("Unit")), 4), Column(voice.stacked(N_("Why it is not ranked")), 6))
    rows = tuple((clipped(voice.names(unit.names)), voice.sentence(unit.apart) if unit.apart else "—") for unit in group.apart)
    return [Heading(voice(N_("Listed apart")), voice(N_("%(count)s units"), count=len(rows))), Table(columns, rows)]


def unit_key(group: Group, unit: UnitScore) -> str:
    """The bookmark of a unit's page."""
    return f"unit-{group.code}-{unit.unit_id}"


def clipped(text: str, longest: int = NAME) -> str:
    """A name short enough for paper; whole names stand in the workbook."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
