"""One made-up ticket from report to archive: the parts put together in the order in which they happen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from app.demo.answering import Case
from app.demo.assignment import Assigned, assign
from app.demo.calling import Calling, call, wants_to_call
from app.demo.chance import Weighted, seeded
from app.demo.closing import Closed, Ending, close, completion, result_of
from app.demo.desk import Desk
from app.demo.district import Channel, channels
from app.demo.plan import Plan
from app.demo.rhythm import Report
from app.demo.wording import CALM, Told, Wordings
from app.domain.history import RoundHistory, TicketHistory

URGENCY = {
    "danger": Weighted((("at_once", 50), ("quickly", 47), ("within_limit", 3))),
    "pressing": Weighted((("at_once", 12), ("quickly", 76), ("within_limit", 12))),
    "brisk": Weighted((("at_once", 4), ("quickly", 72), ("within_limit", 24))),
    "plain": Weighted((("at_once", 1), ("quickly", 47), ("within_limit", 52))),
    "slow": Weighted((("quickly", 27), ("within_limit", 73))),
}
PATROL_HOURS, OFFICE_HOURS = range(7, 20), range(8, 18)
PATROLLED = frozenset({"01", "02", "03", "04", "05", "06", "07", "08"})
"""Classes of matters that a patrol can see."""

PROACTIVE_SHARE = 0.42
SHORTEST_CALL = timedelta(hours=1)


class Journeys:
    """Plans tickets one after another and numbers them."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self._desk = desk
        self._seed = seed
        self._words = Wordings()
        self._numbers: Counter[str] = Counter()
        self._written = 0
        everything = channels()
        self._channels = {
            (patrol, office): Weighted(
                (channel, channel.weight)
                for channel in everything
                if channel.hours == "day" or (channel.hours == "patrol" and patrol) or (channel.hours == "office" and office)
            )
            for patrol in (False, True)
            for office in (False, True)
        }

    def plan(self, report: Report) -> Plan:
        """The whole life of what was reported."""
        self._written += 1
        chance = seeded(self._seed, "ticket", self._written)
        channel = self._channel(report, chance)
        told = self._words.tell(report.matter, report.street_town, channel, chance)
        urgency = URGENCY[report.matter.urgency].pick(chance)
        assigned = assign(self._desk, report, urgency, channel.hours == "patrol", chance)
        result = result_of(told.nature, chance)
        completed, calling = self._handled(report, told, assigned, result, chance)
        due = assigned.turns[0].round.due_at
        ending = Ending(
            handled_at=calling.consulted_at if calling else assigned.started_at,
            completed_at=completed,
            result=result,
            late=due is not None and completed > due,
            calm=calling is None,
            ratable=bool(told.reporter_phone) and channel.hours != "patrol",
        )
        closed = close(self._desk, report, ending, chance)
        return Plan(
            history=self._history(report, channel, told, assigned, calling, ending, closed, chance),
            stages=_stages(assigned, calling, closed),
            decided=tuple(turn.decided_at for turn in assigned.turns),
            claims=closed.claims,
            judged_at=closed.reviewed_at,
        )

    def _handled(self, report: Report, told: Told, assigned: Assigned, result: str, chance: Random) -> tuple[datetime, Calling | None]:
        """When the ticket is completed, and the calls that were made on the way: only street-towns call."""
        desk, street_town, duty = self._desk, report.street_town, report.matter.duty
        own = assigned.turns[-1].unit == street_town
        calls = own and told.nature not in CALM and wants_to_call(desk, street_town, duty, chance)
        completed = completion(desk, report, assigned, calls, chance)
        if not calls or completed - assigned.started_at < SHORTEST_CALL:
            return completed, None
        case = Case(
            street_town=street_town,
            duty=duty,
            urgency=assigned.urgency,
            started_at=assigned.started_at,
            completed_at=completed,
            result=result,
            place=self._words.meeting_place(told, street_town, chance),
            progress=report.progress,
        )
        return completed, call(desk, case, chance)

    def _channel(self, report: Report, chance: Random) -> Channel:
        hour = self._desk.office.local(report.moment).hour
        patrol = hour in PATROL_HOURS and report.matter.top in PATROLLED
        return self._channels[patrol, hour in OFFICE_HOURS].pick(chance)

    def _number(self, channel: Channel, moment: datetime) -> str:
        """The source's own number: its prefix, the day, a running number of the day."""
        key = f"{channel.prefix}{self._desk.office.local(moment):%Y%m%d}"
        self._numbers[key] += 1
        return f"{key}-{self._numbers[key]:04d}"

    def _history(
        self,
        report: Report,
        channel: Channel,
        told: Told,
        assigned: Assigned,
        calling: Calling | None,
        ending: Ending,
        closed: Closed,
        chance: Random,
    ) -> TicketHistory:
        ids = self._desk.ids
        return TicketHistory(
            source_no=self._number(channel, report.moment),
            title=told.title,
            reported_at=report.moment,
            stage="archived",
            description=told.description,
            channel_id=ids.channels[channel.code],
            nature=told.nature,
            matter_id=ids.matters[report.matter.code],
            urgency=assigned.urgency,
            street_town_id=ids.street_towns[report.street_town],
            community_id=ids.communities[told.community],
            address=told.address,
            longitude=told.longitude,
            latitude=told.latitude,
            reporter_name=told.reporter_name,
            reporter_phone=told.reporter_phone,
            due_at=assigned.turns[0].round.due_at,
            completed_at=ending.completed_at,
            result=ending.result,
            opinion=self._words.opinion(report.matter, told, ending.result, chance),
            reworks=len(closed.claims) - 1,
            rating=closed.rating,
            rated_at=closed.rated_at,
            proactive=channel.hours != "day" and chance.random() < PROACTIVE_SHARE,
            fallback=assigned.fallback and told.nature != "thanks",
            rounds=_rounds(assigned, ending, closed),
            calls=calling.calls if calling else (),
        )


def _rounds(assigned: Assigned, ending: Ending, closed: Closed) -> tuple[RoundHistory, ...]:
    """The rounds; the last one is completed together with the ticket."""
    *returned, last = assigned.turns
    kept = replace(last.round, completed_at=ending.completed_at, reworks=len(closed.claims) - 1)
    return (*(turn.round for turn in returned), kept)


def _stages(assigned: Assigned, calling: Calling | None, closed: Closed) -> tuple[tuple[datetime, str], ...]:
    """Every change of stage in order of time."""
    found: list[tuple[datetime, str]] = []
    for turn in assigned.turns:
        if turn.round.dispatched_at and turn.round.signed_at:
            found += [(turn.round.dispatched_at, "dispatched"), (turn.round.signed_at, "signed")]
    found.append((assigned.started_at, "handling"))
    if calling:
        found += [(calling.calls[0].issued_at, "called"), (calling.consulting_at, "consulting"), (calling.consulted_at, "handling")]
    return (*found, *closed.stages)
