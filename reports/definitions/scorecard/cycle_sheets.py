"""The sheets of the cycle: what units appealed and what came of it, and what a revision changed against the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain import appeals
from app.domain.difference import KINDS, Difference, DutyChange, UnitChange
from app.domain.refusals import N_
from app.domain.scorecard import AppealEntry, Scorecard
from reports.definitions.scorecard import labels
from reports.definitions.scorecard.sheet_heads import open_sheet
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


def difference_sheet(scorecard: Scorecard, found: Difference, name: str, voice: Voice) -> Sheet:
    """Who gained or lost what against the revision before, and the duties that count differently, each with why."""
    made = Sheet(name=name, widths=(26, 22, 13, 13, 13, 11, 11, 26), head=3, fixed=1)
    how = voice.stacked(N_("Against revision %(number)s: %(reason)s"), number=found.revision_before, reason=found.reason or "—")
    open_sheet(made, voice(N_("What the revision changed")), scorecard, voice, how)
    heads = (N_("Unit"), N_("Line"), N_("Score before"), N_("Score now"), N_("Difference"), N_("Rank before"), N_("Rank now"), N_("n/d"))
    made.add(*(Cell(voice.stacked(title), "head") for title in heads), height=34 if voice.both else 20)
    for unit in found.units:
        if unit.changed:
            _unit(made, unit, voice)
    made.add(Cell("", "bare"))
    made.add(Cell(voice(N_("Duties that count differently")), "section"), height=24)
    made.add(*(Cell(voice.stacked(title), "head") for title in (N_("Ticket"), N_("Unit"), N_("Why counted differently"))), height=20)
    for duty in found.duties:
        made.add(*_duty(duty, voice))
    if not found.duties:
        made.add(Cell(voice(N_("None.")), "bare"))
    return made


def _unit(made: Sheet, unit: UnitChange, voice: Voice) -> None:
    scores = [_figure(value, "points") for value in (unit.score_before, unit.score_after)]
    gained = _figure(unit.gained, "change")
    ranks = [_figure(value, "rank") for value in (unit.rank_before, unit.rank_after)]
    made.add(Cell(voice.names(unit.names), "strong"), Cell(voice(N_("Total")), "strong"), *scores, gained, *ranks, Cell("", "text"))
    for line in unit.lines:
        old, new = line.before, line.after
        points = [None if score is None else score.points for score in (old, new)]
        lost = None if points[0] is None or points[1] is None else points[1] - points[0]
        counted = " → ".join("—" if score is None else f"{score.n}/{score.d}" for score in (old, new))
        cells = [_figure(points[0], "points"), _figure(points[1], "points"), _figure(lost, "change")]
        made.add(Cell("", "text"), Cell(voice.told(line.title), "wrap"), *cells, Cell("", "text"), Cell("", "text"), Cell(counted, "text"))


def _duty(duty: DutyChange, voice: Voice) -> list[Cell]:
    why = "; ".join(
        f"{voice(change.label)}: {_said(change.before, voice)} → {_said(change.after, voice)}" for change in duty.fields
    ) or "; ".join(f"{code}: {_verdict(old, voice)} → {_verdict(new, voice)}" for code, old, new in duty.verdicts)
    kind = voice(KINDS.get(duty.kind, duty.kind))
    return [Cell(duty.ticket_no, "strong"), Cell(voice.names(duty.unit), "text"), Cell(f"{kind} · {why}" if why else kind, "bare")]


def _figure(value: Value, look: str) -> Cell:
    return Cell("—", "none") if value is None else Cell(value, look)


def _verdict(mark: str, voice: Voice) -> str:
    return voice(labels.MARKS.get(mark, mark)) if mark else "—"


def _said(value: Any, voice: Voice) -> str:
    if isinstance(value, datetime):
        return voice.moment(value)
    return voice.first.any(value)


def _local(voice: Voice, instant: datetime | None) -> datetime | None:
    return None if instant is None else voice.first.local(instant).replace(tzinfo=None, microsecond=0)
