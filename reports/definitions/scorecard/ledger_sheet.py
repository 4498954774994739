"""The evidence: every ticket once, and for each group's line whether it counted, with the unit where it could be several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.domain.refusals import N_
from app.domain.scorecard import Evidence, Group, Scorecard
from reports.definitions.scorecard import labels, sentences
from reports.definitions.scorecard.sheet_heads import head_height, open_sheet
from reports.sheets import Cell, Sheet, Stream, Value
from reports.voice import Voice

HEAD_ROW = 4
_OWN = (
    (N_("Ticket"), 20, "text"),
    (N_("Source"), 12, "text"),
    (N_("Number at the source"), 18, "text"),
    (N_("Reported"), 17, "moment"),
    (N_("Due"), 17, "moment"),
    (N_("Completed"), 17, "moment"),
    (N_("Street-town"), 16, "text"),
    (N_("Handled by"), 24, "text"),
    (N_("Matter"), 22, "text"),
    (N_("Outcome"), 14, "text"),
)


def sheet(scorecard: Scorecard, name: str, voice: Voice) -> Sheet:
    """The sheet; its rows are made while the file is written, so that 100,000 tickets need no memory."""
    titles = [voice.stacked(title) for title, _, _ in _OWN]
    widths: list[float] = [width for _, width, _ in _OWN]
    looks = [look for _, _, look in _OWN]
    for group in scorecard.groups:
        titles.append("\n".join((voice.named(group.names), voice(N_("Units")))))
        widths.append(18)
        titles += [f"{voice.names(group.names)}\n{voice.told(line.title)}" for line in group.lines]
        widths += [14] * len(group.lines)
        looks += ["text"] * (1 + len(group.lines))
    made = Sheet(name=name, widths=tuple(widths), head=HEAD_ROW, fixed=1, filtered=True, pages_wide=2)
    message = N_(
        "%(count)s tickets, each once. “Counted” stands in numerator and denominator, “denominator only” in the denominator;"
        " all other marks count nowhere."
    )
    how = voice.stacked(message, count=scorecard.tickets)
    title = sentences.DOT.join((voice(N_("Evidence ledger")), voice.month(scorecard.period)))
    open_sheet(made, title, scorecard, voice, how)
    made.add(*(Cell(title, "head") for title in titles), height=head_height(titles[10:], 14))
    made.stream = Stream(tuple(looks), lambda: rows(scorecard, voice))
    return made


def rows(scorecard: Scorecard, voice: Voice) -> Iterator[list[Value]]:
    """One row per ticket, in the ledger's own order."""
    words = {mark: voice(text) for mark, text in labels.MARKS.items()}
    outcomes = {outcome: voice(text) for outcome, text in labels.OUTCOMES.items()}
    names = {(group.code, unit.code): voice.names(unit.names) for group in scorecard.groups for unit in (*group.units, *group.apart)}
    for ticket in scorecard.evidence():
        row: list[Value] = [
            ticket.ticket_no,
            ticket.source,
            ticket.source_no,
            _local(voice, ticket.reported_at),
            _local(voice, ticket.due_at),
            _local(voice, ticket.completed_at),
            voice.names(ticket.street_town),
            voice.names(ticket.handler),
            voice.names(ticket.matter),
            outcomes.get(ticket.outcome, ticket.outcome),
        ]
        for group in scorecard.groups:
            row += _marks(group, ticket, words, names)
        yield row


def _marks(group: Group, ticket: Evidence, words: dict[str, str], names: dict[tuple[str, str], str]) -> Iterable[Value]:
    units = list(dict.fromkeys(unit for code, unit, _ in ticket.marks if code == group.code))
    found: list[Value] = ["、".join(names.get((group.code, unit), unit) for unit in units)]
    for line in group.lines:
        said = [(unit, mark) for unit in units if (mark := ticket.marks.get((group.code, unit, line.measured)))]
        if len(units) == 1 or not said:
            found.append(words.get(said[0][1], said[0][1]) if said else "")
        else:
            found.append("；".join(f"{names.get((group.code, unit), unit)}：{words.get(mark, mark)}" for unit, mark in said))
    return found


def _local(voice: Voice, instant: datetime | None) -> datetime | None:
    """An instant on the city's clock, to the second, as a sheet stores it."""
    return None if instant is None else voice.first.local(instant).replace(tzinfo=None, microsecond=0)
