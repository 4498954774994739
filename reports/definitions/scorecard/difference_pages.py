"""A correction's pages on paper: who gained or lost what against the revision before, line by line, and the tickets behind it."""

from __future__ import annotations

from app.domain.difference import DutyChange, UnitChange
from app.domain.refusals import N_
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard import difference_words as words_of
from reports.definitions.scorecard.difference_words import Changes
from reports.definitions.scorecard.group_pages import clipped
from reports.document import GAIN, INK, LOSS, QUIET, Block, Column, Heading, NewPage, Paragraphs, Table, Text
from reports.voice import Voice

MOST = 300
"""So many duties stand on paper; the workbook has them all."""


def pages(scorecard: Scorecard, voice: Voice) -> list[Block]:
    """The pages; none for a first list."""
    changes = words_of.changes_of(scorecard)
    if changes is None:
        return []
    title = voice(N_("What the revision changed"))
    blocks: list[Block] = [
        NewPage("difference", title),
        Heading(title),
        Paragraphs(tuple("\n".join((words_of.against(changes.found, voice), words_of.summed_up(changes.found, voice))).split("\n"))),
    ]
    for group in scorecard.groups:
        changed = [unit for unit in changes.found.units if unit.changed and unit.group == group.code]
        if changed:
            blocks += [Heading(voice.names(group.names)), _units(changed, changes, voice)]
    blocks.append(Heading(voice(N_("Duties that count differently")), _shown(changes, voice)))
    blocks.append(_duties(changes, voice) if changes.found.duties else Paragraphs((voice(N_("None.")),)))
    return blocks


def _shown(changes: Changes, voice: Voice) -> str:
    count = len(changes.found.duties)
    if count <= MOST:
        return ""
    return voice(N_("The first %(shown)s of %(count)s; the workbook has them all."), shown=MOST, count=count)


def _units(changed: list[UnitChange], changes: Changes, voice: Voice) -> Table:
    columns = (
        Column(voice.stacked(N_("Unit and line")), 32),
        Column(voice.stacked(N_("Score before")), 14, figures=True),
        Column(voice.stacked(N_("Score now")), 12, figures=True),
        Column(voice.stacked(N_("Difference")), 12, figures=True),
        Column(voice.stacked(N_("Rank")), 12, figures=True),
        Column(voice.stacked(N_("n/d")), 26, figures=True),
    )
    rows: list[tuple[Text | str, ...]] = []
    for unit in changed:
        rows += _unit(unit, changes, voice)
    return Table(columns, tuple(rows))


def _unit(unit: UnitChange, changes: Changes, voice: Voice) -> list[tuple[Text | str, ...]]:
    """The unit's total, then every line that changed."""
    scores = tuple(Text("—" if one is None else voice.decimal(one), strong=True) for one in (unit.score_before, unit.score_after))
    ranks = " → ".join("—" if one is None else str(one) for one in (unit.rank_before, unit.rank_after))
    beside = "" if unit.lines else voice.stacked(words_of.NONE_OF_ITS_OWN)
    rows: list[tuple[Text | str, ...]] = [
        (Text(clipped(voice.names(unit.names)), strong=True), *scores, _gain(unit.gained, voice, strong=True), ranks, Text(beside, QUIET))
    ]
    for line in unit.lines:
        before, after, gained = words_of.points_of(line)
        points = ("—" if one is None else voice.decimal(one) for one in (before, after))
        rows.append((Text(voice.told(line.title), QUIET), *points, _gain(gained, voice), "", changes.counted(unit.group, line, voice)))
    return rows


def _gain(value: object, voice: Voice, *, strong: bool = False) -> Text:
    if value is None:
        return Text("—", strong=strong)
    tone = GAIN if value > 0 else LOSS if value < 0 else INK  # type: ignore[operator]
    return Text(voice.change(value), tone, strong=strong)  # type: ignore[arg-type]


def _duties(changes: Changes, voice: Voice) -> Table:
    columns = (
        Column(voice.stacked(N_("Ticket")), 20, strong=True, whole=True),
        Column(voice.stacked(N_("Unit")), 20),
        Column(voice.stacked(N_("Why counted differently")), 18),
        Column(voice.stacked(N_("What is different")), 34),
        Column(voice.stacked(N_("How it was counted")), 34),
    )
    return Table(columns, tuple(_duty(duty, changes, voice) for duty in changes.found.duties[:MOST]))


def _duty(duty: DutyChange, changes: Changes, voice: Voice) -> tuple[Text | str, ...]:
    told = (words_of.kind_of(duty, voice), words_of.data_of(duty, voice), words_of.verdicts_of(duty, changes, voice))
    return (duty.ticket_no, clipped(voice.names(duty.unit), 50), *told)
