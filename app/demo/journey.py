"""One made-up ticket from report to archive: the parts put together in the order in which they happen."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from app.demo.answering import Case
from app.demo.assignment import Assigned, assign
from app.demo.calling import Calling, call, wants_to_call
from app.demo.chance import Weighted, seeded
from app.demo.closing import Ending, close, completion, result_of
from app.demo.desk import Desk
from app.demo.district import Channel, channels, matters
from app.demo.incidents import ESCALATION, MERGE, SPLIT, Incident, incident, second_of
from app.demo.plan import Plan, Story
from app.demo.rhythm import Report
from app.demo.script import story_of
from app.demo.wording import CALM, Told, Wordings

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
ALIKE = timedelta(days=12)
"""How far apart two reports of one matter in one street-town may be and still be about the same thing."""


class Journeys:
    """Plans tickets one after another, numbers them, and writes their stories."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self._desk = desk
        self._seed = seed
        self._words = Wordings()
        self._numbers: Counter[str] = Counter()
        self._written = 0
        self._alike: dict[tuple[str, str], deque[Plan]] = defaultdict(lambda: deque(maxlen=4))
        self._matters = {matter.code: matter for matter in matters()}
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

    def stories(self, report: Report) -> Iterator[Story]:
        """What becomes of a report: one ticket, or two where a second matter is found in it."""
        self._written += 1
        chance = seeded(self._seed, "ticket", self._written)
        plan = self._plan(report, chance)
        self._alike[report.matter.code, report.street_town].append(plan)
        yield story_of(self._desk, plan, self._words, chance)
        if plan.incident is not None and plan.incident.kind == SPLIT:
            yield story_of(self._desk, self._second(plan, plan.incident, chance), self._words, chance)

    def tried(self, report: Report) -> Story:
        """One ticket that may be thrown away again: nothing else will ever speak of it."""
        self._written += 1
        chance = seeded(self._seed, "ticket", self._written)
        return story_of(self._desk, self._plan(report, chance), self._words, chance)

    def _plan(self, report: Report, chance: Random) -> Plan:
        """The whole life of what was reported."""
        channel = self._channel(report, chance)
        told = self._words.tell(report.matter, report.street_town, channel, chance)
        urgency = URGENCY[report.matter.urgency].pick(chance)
        assigned = assign(self._desk, report, urgency, channel.hours == "patrol", chance)
        assigned = replace(assigned, fallback=assigned.fallback and told.nature != "thanks")
        proactive = channel.hours != "day" and chance.random() < PROACTIVE_SHARE
        twin = self._twin(report, assigned)
        plan = self._lived(self._number(channel, report.moment), report, channel, told, assigned, proactive, twin, chance)
        return plan

    def _lived(
        self,
        number: str,
        report: Report,
        channel: Channel,
        told: Told,
        assigned: Assigned,
        proactive: bool,
        twin: Plan | None,
        chance: Random,
    ) -> Plan:
        """From the start of the work to the end."""
        desk = self._desk
        result = result_of(told.nature, chance)
        completed, calling = self._handled(report, told, assigned, result, chance)
        own = assigned.turns[-1].unit == report.street_town
        between = incident(desk, assigned, own, calling is not None, completed, twin is not None, chance)
        if result == "unsolved" and (assigned.fallback or (between is not None and between.kind == ESCALATION)):
            result = "partly"  # what stands on a backstop is worked until it is settled
        ending = Ending(
            handled_at=calling.consulted_at if calling else assigned.started_at,
            completed_at=completed,
            result=result,
            late=completed > assigned.turns[0].due_at,
            calm=calling is None and between is None,
            ratable=bool(told.reporter_phone) and channel.hours != "patrol" and not proactive,
        )
        return Plan(
            source_no=number,
            report=report,
            channel=channel,
            told=told,
            assigned=assigned,
            calling=calling,
            incident=between,
            ending=ending,
            closed=close(desk, report, ending, chance),
            opinion=self._words.opinion(report.matter, told, result, chance),
            proactive=proactive,
            twin=twin.source_no if twin is not None and between is not None and between.kind == MERGE else "",
        )

    def _twin(self, report: Report, assigned: Assigned) -> Plan | None:
        """An earlier ticket that is still being worked on and could be about the same thing."""
        for plan in self._alike[report.matter.code, report.street_town]:
            ended = plan.incident is not None and plan.incident.ends
            near = report.moment - ALIKE < plan.report.moment < report.moment
            if near and not ended and plan.closed.claims[0].made_at > assigned.started_at:
                return plan
        return None

    def _second(self, whole: Plan, split: Incident, chance: Random) -> Plan:
        """The second matter of a report, on its own way from when it was split off."""
        report, desk = whole.report, self._desk
        title, code = second_of(report.moment)
        moved = replace(report, moment=desk.office.after(split.at, timedelta(minutes=5)), matter=self._matters[code])
        assigned = assign(desk, moved, whole.assigned.urgency, True, chance)
        told = replace(whole.told, title=title)
        plan = self._lived(f"{whole.source_no}-2", moved, whole.channel, told, assigned, whole.proactive, None, chance)
        return replace(plan, report=replace(moved, moment=report.moment), whole=whole.source_no)

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
            matter=report.matter.code,
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
