"""The sheets of the cycle: what units appealed and what came of it, and what a revision changed against the one before."""

from __future__ import annotations

from datetime import datetime

from app.domain import appeals
from app.domain.difference import DutyChange, UnitChange
from app.domain.refusals import N_
from app.domain.scorecard import AppealEntry, Scorecard
from reports.definitions.scorecard import difference_words as words_of
from reports.definitions.scorecard import sentences
from reports.definitions.scorecard.difference_words import Changes
from reports.definitions.scorecard.sheet_heads import add_line, open_sheet
from reports.sheets import Cell, Sheet, Value
from reports.voice import Voice


def appeals_sheet(scorecard: Scorecard, name: str, voice: Voice) -> Sheet:
    """Every appeal once: who contested what, with which tickets, how it was decided, and the unit's score before and after."""
    titles = (
        (N_("Unit"), 22), (N_("Line"), 22), (N_("Kind"), 12), (N_("State"), 13), (N_("Filed"), 17), (N_("Decided on"), 17),
        (N_("Tickets named"), 26), (N_("Granted"), 26), (N_("Grounds"), 40), (N_("Opinion"), 40),
        (N_("Score before"), 11), (N_("Score now"), 11),
    )  # fmt: skip
    made = Sheet(name=name, widths=tuple(float(width) for _, width in titles), head=4, fixed=1, filtered=bool(scorecard.appeals))
    how = voice.stacked(N_("What units contested, who decided it, and what it changed."))
    open_sheet(made, voice(N_("Appeals")), scorecard, voice, how)
    made.add(*(Cell(voice.stacked(title), "head") for title, _ in titles), height=34 if voice.both else 20)
    for one in scorecard.appeals:
        made.add(*_appeal(one, voice))
    if not scorecard.appeals:
        made.add(Cell(voice(N_("Nobody has appealed.")), "bare"))
    return made


def _appeal(one: AppealEntry, voice: Voice) -> list[Cell]:
    before, after = one.score
    return [
        Cell(voice.names(one.unit), "strong"),
        Cell(voice.told(one.title), "wrap"),
        Cell(voice(appeals.KINDS.get(one.kind, one.kind)), "text"),
        Cell(voice(appeals.STATES.get(one.state, one.state)), "text"),
        Cell(_local(voice, one.filed_at), "moment"),
        Cell(_local(voice, one.decided_at) or "—", "moment"),
        Cell("、".join(one.tickets) or "—", "wrap"),
        Cell("、".join(one.granted) or "—", "wrap"),
        Cell(one.text or "—", "wrap"),
        Cell(one.opinion or "—", "wrap"),
        Cell("—", "none") if before is None else Cell(before, "points"),
        Cell("—", "none") if after is None else Cell(after, "points"),
    ]


def difference_sheet(scorecard: Scorecard, changes: Changes, name: str, voice: Voice) -> Sheet:
    """Who gained or lost what against the revision before, and the duties that count differently, each with why."""
    made = Sheet(name=name, widths=(24, 28, 22, 16, 16, 13, 13, 36), head=4, fixed=1)
    title = sentences.DOT.join((voice(N_("What the revision changed")), voice.month(scorecard.period)))
    open_sheet(made, title, scorecard, voice, words_of.against(changes.found, voice))
    heads = (N_("Unit"), N_("Line"), N_("Score before"), N_("Score now"), N_("Difference"), N_("Rank before"), N_("Rank now"), N_("n/d"))
    made.add(*(Cell(voice.stacked(head), "head") for head in heads), height=34 if voice.both else 20)
    for unit in changes.found.units:
        if unit.changed:
            _unit(made, unit, changes, voice)
    add_line(made, words_of.summed_up(changes.found, voice), "caption")
    made.add(Cell("", "bare"))
    made.add(Cell(voice(N_("Duties that count differently")), "section"), height=24)
    spans = (
        (N_("Ticket"), 1),
        (N_("Unit"), 1),
        (N_("Why counted differently"), 1),
        (N_("What is different"), 3),
        (N_("How it was counted"), 2),
    )
    made.add(*(Cell(voice.stacked(head), "head", across=across) for head, across in spans), height=34 if voice.both else 20)
    for duty in changes.found.duties:
        made.add(*_duty(duty, changes, voice))
    if not changes.found.duties:
        made.add(Cell(voice(N_("None.")), "bare"))
    return made


def _unit(made: Sheet, unit: UnitChange, changes: Changes, voice: Voice) -> None:
    scores = [_figure(value, "points") for value in (unit.score_before, unit.score_after)]
    ranks = [_figure(value, "rank") for value in (unit.rank_before, unit.rank_after)]
    beside = Cell("" if unit.lines else voice.stacked(words_of.NONE_OF_ITS_OWN), "wrap_center")
    made.add(
        Cell(voice.names(unit.names), "strong"), Cell(voice(N_("Total")), "strong"), *scores, _figure(unit.gained, "change"), *ranks, beside
    )
    for line in unit.lines:
        before, after, gained = words_of.points_of(line)
        cells = [_figure(before, "points"), _figure(after, "points"), _figure(gained, "change")]
        counted = Cell(changes.counted(unit.group, line, voice), "text")
        made.add(Cell("", "text"), Cell(voice.told(line.title), "wrap_center"), *cells, Cell("", "text"), Cell("", "text"), counted)


def _duty(duty: DutyChange, changes: Changes, voice: Voice) -> list[Cell]:
    return [
        Cell(duty.ticket_no, "strong"),
        Cell(voice.names(duty.unit), "wrap_center"),
        Cell(words_of.kind_of(duty, voice), "wrap_center"),
        Cell(words_of.data_of(duty, voice), "wrap_center", across=3),
        Cell(words_of.verdicts_of(duty, changes, voice), "wrap_center", across=2),
    ]


def _figure(value: Value, look: str) -> Cell:
    return Cell("—", "none") if value is None else Cell(value, look)


def _local(voice: Voice, instant: datetime | None) -> datetime | None:
    return None if instant is None else voice.first.local(instant).replace(tzinfo=None, microsecond=0)
