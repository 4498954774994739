"""Call response (呼叫响应): how departments answered the calls of a period, and every call that was not answered in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from statistics import median_low

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.refusals import N_, Phrase
from app.queries.call_response import IN_TIME, LATE, MISSED, PENDING, CalledPart, called_parts
from app.queries.letterhead import Letterhead
from reports.listing import CODE, COUNT, MOMENT, RATE, SPAN, Content, Field, Headline, Listing, Part
from reports.listing_report import listing_report

TITLE = N_("Call response")
ANSWERS = {LATE: N_("Responded late"), MISSED: N_("Not responded"), IN_TIME: N_("Responded in time"), PENDING: N_("Not yet due")}
_UNITS = (
    Field(N_("Called unit"), share=30),
    Field(N_("Calls"), COUNT, 8),
    Field(N_("In time"), COUNT, 8),
    Field(N_("Late"), COUNT, 8),
    Field(N_("Not responded"), COUNT, 9),
    Field(N_("Response rate"), RATE, 10, strong=True),
    Field(N_("Median, hours"), SPAN, 9),
    Field(N_("Reported in on time"), COUNT, 9),
    Field(N_("Reported in late"), COUNT, 9),
    Field(N_("Did not report in"), COUNT, 9),
)
_CALLS = (
    Field(N_("Ticket"), CODE, 15, strong=True),
    Field(N_("Calling street-town"), share=16),
    Field(N_("Called unit"), share=20),
    Field(N_("Called"), MOMENT, 13),
    Field(N_("Response due"), MOMENT, 13),
    Field(N_("Responded"), MOMENT, 13),
    Field(N_("Answer"), share=12),
)
_EMPTY = N_("Nobody was called in this period.")


def build(session: Session, period: Period, head: Letterhead) -> Listing:
    """The list as its reader may see it."""
    parts = called_parts(session, period, head.as_of)
    amiss = [part for part in parts if part.answer in (LATE, MISSED)]
    judged = [part for part in parts if part.answer != PENDING]
    in_time = sum(part.answer == IN_TIME for part in parts)
    figures = (
        Headline(N_("Called departments"), COUNT, len(parts), Phrase(N_("one per call and department"))),
        Headline(N_("Response rate"), RATE, _share(in_time, len(judged)), Phrase(N_("%(n)s of %(d)s in time"), n=in_time, d=len(judged))),
        Headline(N_("Responded late"), COUNT, sum(part.answer == LATE for part in parts)),
        Headline(N_("Not responded"), COUNT, sum(part.answer == MISSED for part in parts), Phrase(N_("and past the limit"))),
    )
    total = _figures(None, parts)
    tables = (
        Part(
            N_("By department"),
            _UNITS,
            _by_unit(parts),
            _EMPTY,
            Phrase(N_("lowest response rate first")),
            total=[Phrase(N_("All together")), *total[1:]] if parts else (),
            bars=5,
        ),
        Part(
            N_("Not answered in time"),
            _CALLS,
            [[p.number, p.caller, p.unit, p.issued_at, p.due_at, p.responded_at, Phrase(ANSWERS[p.answer])] for p in amiss],
            N_("Every call was answered in time."),
            long=True,
        ),
    )
    notes = (
        Phrase(N_("A call belongs to the period of its response limit; withdrawn calls are left away.")),
        Phrase(N_("A return that was found right answers the call. Hours run from the call to the response, on the calendar.")),
    )
    return Listing(TITLE, head, period, figures, tables, notes)


def _by_unit(parts: Sequence[CalledPart]) -> list[list[Content]]:
    units: dict[int, list[CalledPart]] = {}
    for part in parts:
        units.setdefault(part.unit_id, []).append(part)
    rows = [_figures(some[0], some) for some in units.values()]
    return sorted(rows, key=lambda row: (row[5] if isinstance(row[5], Fraction) else 2, -int(str(row[1]))))


def _figures(first: CalledPart | None, parts: Sequence[CalledPart]) -> list[Content]:
    def count(answer: str) -> int:
        return sum(part.answer == answer for part in parts)

    judged = count(IN_TIME) + count(LATE) + count(MISSED)
    took = [part.took // timedelta(seconds=1) for part in parts if part.took is not None]
    arrivals = [sum(part.arrival == arrival for part in parts) for arrival in ("on_time", "late", "absent")]
    middle = Fraction(median_low(took), 3600) if took else None
    return [
        first.unit if first else None,
        len(parts),
        count(IN_TIME),
        count(LATE),
        count(MISSED),
        _share(count(IN_TIME), judged),
        middle,
        *arrivals,
    ]


def _share(n: int, d: int) -> Fraction | None:
    return Fraction(n, d) if d else None


REPORT = listing_report(
    "call_response", TITLE, N_("How fast departments answer calls, who came to the place, and every call left waiting."), build
)
