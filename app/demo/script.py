"""From plan to story: the moves that a planned ticket consists of, one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.demo.accounts import CENTRE
from app.demo.calling_steps import Stands, call_steps
from app.demo.closing import Claim
from app.demo.closing_steps import closing_steps
from app.demo.desk import Desk
from app.demo.incidents import ESCALATION, EXTENSION, GRANTED, MERGE, REFUSED, SPLIT, SUSPENSION, UNDECIDED, VOID, Incident, second_of
from app.demo.plan import Named, Plan, Story
from app.demo.scribe import Scribe
from app.demo.wording import Wordings
from app.domain.actors import SYSTEM, Actor

CONTACTED, NOTED, REFERRED = 0.9, 0.12, 0.012
SUPERVISED, ANSWERED = 0.4, 0.85
SIGNED_BY_LEAD = 0.5
"""How often a department's lead asks for more time in person."""

OWN_HANDS = 0.4
"""How often a sub-centre takes what its own patrol found in hand without the centre."""

AWAKE, CALLED_BACK = (8, 21), timedelta(minutes=45)
OVERDUE = timedelta(hours=20)
REPORTERS = {"patrol": "grid", "office": "staff"}
ONLINE = frozenset({"online", "system"})


def story_of(desk: Desk, plan: Plan, words: Wordings, chance: Random) -> Story:
    """Everything that happens on the ticket."""
    scribe = Scribe(desk, plan, words, chance)
    _registered_apart(scribe)
    handler = _assign(scribe)
    unit = plan.assigned.turns[-1].unit
    stands: list[Stands] = []
    started = plan.assigned.started_at
    scribe.add(started, handler, "start")
    first = plan.closed.claims[0]
    handler, unit, begun = _work(scribe, handler, unit, first.made_at)
    if plan.calling is not None:
        stands, begun = call_steps(scribe, handler, plan.calling, first.made_at)
    closing_steps(scribe, handler, unit, begun, stands)
    steps = scribe.ordered()
    if plan.incident is not None and plan.incident.ends:
        steps = tuple(step for step in steps if step.at <= plan.incident.at or step.action in (VOID, MERGE))
        steps = steps[: 1 + next(n for n, step in enumerate(steps) if step.action in (VOID, MERGE))]
    online = plan.channel.kind in ONLINE
    needs = tuple(filter(None, (plan.twin, plan.whole)))
    registrar = desk.staff.officer(chance) if plan.whole else desk.staff.registrar(online, chance)
    return Story(plan.source_no, _facts(desk, plan), registrar, steps, plan.channel.code, needs, plan.whole)


def _facts(desk: Desk, plan: Plan) -> dict[str, Any]:
    """The ticket as registered, by the columns of its table."""
    ids, told, report = desk.ids, plan.told, plan.report
    return {
        "title": told.title,
        "description": told.description,
        "urgency": plan.assigned.urgency,
        "nature": told.nature,
        "matter_id": None if plan.whole else ids.matters[report.matter.code],
        "street_town_id": ids.street_towns[report.street_town],
        "community_id": ids.communities[told.community],
        "address": told.address,
        "longitude": told.longitude,
        "latitude": told.latitude,
        "channel_id": ids.channels[plan.channel.code],
        "proactive": plan.proactive,
        "reporter_type": REPORTERS.get(plan.channel.hours, "system" if plan.channel.kind == "system" else "public"),
        "reporter_name": told.reporter_name,
        "reporter_phone": told.reporter_phone,
        "reported_at": report.moment,
    }


# --- to the unit that settles it ------------------------------------------------------------------------------


def _registered_apart(s: Scribe) -> None:
    """A second matter split off from a report has no matter yet."""
    if s.plan.whole:
        matter = s.desk.ids.matters[s.plan.report.matter.code]
        at = s.plan.assigned.turns[0].dispatched_at - timedelta(seconds=30)
        s.add(at, s.staff.officer(s.chance), "amend", matter=matter, reason=s.phrase("amend"))


def _assign(s: Scribe) -> Actor:
    """Dispatches, signatures, and wishes to return; whoever signed last handles the ticket."""
    handler, previous = SYSTEM, None
    turns = s.plan.assigned.turns
    for ordinal, turn in enumerate(turns, 1):
        due = {"due_at": turn.due_at} if turn.set_by_hand else {}
        unit = s.desk.ids.unit(turn.unit)
        backstop = s.plan.assigned.fallback and ordinal == len(turns) and turn.unit == s.plan.report.street_town
        if previous is not None:
            officer = s.staff.officer(s.chance)
            s.add(turn.dispatched_at, officer, "approve_return", **({} if backstop else {"unit": unit, **due}))
        if backstop:
            s.add(turn.dispatched_at, s.staff.officer(s.chance), "backstop", reason=s.phrase("backstop"), **due)
        elif previous is None:
            _dispatch(s, turn.dispatched_at, turn.unit, {"unit": unit, **due})
        handler = s.staff.clerk(turn.unit, s.chance)
        s.add(turn.signed_at, handler, "sign")
        if turn.asked_at is not None and turn.decided_at is not None:
            s.add(turn.asked_at, handler, "request_return", reason=turn.reason, note=s.phrase("return_note"))
            _keep(s, turn.returned, turn.decided_at, handler)
        previous = turn
    return handler


def _dispatch(s: Scribe, at: datetime, unit: str, said: dict[str, Any]) -> None:
    """By the rules of the responsibility list, by an officer, or by the sub-centre for itself."""
    own = s.plan.channel.hours == "patrol" and unit == s.plan.report.street_town
    if own and s.often(OWN_HANDS):
        s.add(at, s.staff.clerk(unit, s.chance), "dispatch", **said)
    elif s.plan.assigned.by_hand:
        s.add(at, s.staff.officer(s.chance), "dispatch", **said, note=s.phrase("dispatch_note"))
    else:
        s.add(at, SYSTEM, "dispatch", **said)


def _keep(s: Scribe, decision: str, at: datetime, handler: Actor) -> None:
    """A return that does not come off."""
    if decision == "rejected":
        s.add(at, s.staff.officer(s.chance), "reject_return", note=s.phrase("return_kept"))
    elif decision == "lapsed":
        s.add(at, SYSTEM, "lapse_return")
    elif decision == "cancelled":
        s.add(at, handler, "cancel_return")


# --- work -------------------------------------------------------------------------------------------------------


def _work(s: Scribe, handler: Actor, unit: str, end: datetime) -> tuple[Actor, str, datetime]:
    """What is done and asked for between start and claim; who holds the ticket then, and the last moment that was used."""
    start, incident = s.plan.assigned.started_at, s.plan.incident
    if s.plan.told.reporter_phone and s.often(CONTACTED):
        _contact(s, handler, min(end, incident.at if incident else end))
    if s.often(NOTED):
        s.add(s.by_day(s.between(start, end, 0.1, 0.4), start), handler, "note", note=s.phrase("note"))
    if s.desk.ids.partners and incident is None and s.often(REFERRED):
        partners = sorted(s.desk.ids.partners.values())
        partner = partners[int(s.chance.random() * len(partners))]
        s.add(s.by_day(s.between(start, end, 0.2, 0.5), start), handler, "refer", partner=partner, note=s.phrase("refer"))
    floor = start
    if incident is not None:
        handler, unit, floor = _come_between(s, incident, handler, unit)
    if s.plan.calling is None and (incident is None or incident.kind == EXTENSION):
        _supervise(s, handler, end)
    return handler, unit, floor


def _contact(s: Scribe, handler: Actor, end: datetime) -> None:
    """The citizen is called back soon after the signature, unless it is night or the unit wants to return the ticket."""
    last, start = s.plan.assigned.turns[-1], s.plan.assigned.started_at
    since = last.signed_at if last.asked_at is None and AWAKE[0] <= s.desk.office.local(last.signed_at).hour < AWAKE[1] else start
    at = s.between(since, since + CALLED_BACK)
    s.add(at if at < end else s.between(min(since, end), end), handler, "contact", note=s.phrase("contact"))


def _come_between(s: Scribe, incident: Incident, handler: Actor, unit: str) -> tuple[Actor, str, datetime]:
    """The incident's own moves."""
    officer, at = s.staff.officer(s.chance), incident.at
    if incident.kind == VOID:
        s.add(at, officer, "void", reason="duplicate" if s.often(0.5) else "withdrawn", note=s.phrase("void"))
    elif incident.kind == MERGE:
        s.add(at, officer, "merge", into=Named(s.plan.twin, "id"), note=s.phrase("merge"))
    elif incident.kind == SPLIT:
        made = {"made": Named(f"{s.plan.source_no}-2", "number")}
        s.add(at, officer, "split", "", made, title=second_of(s.plan.report.moment)[0])
    elif incident.kind == EXTENSION:
        asks = s.staff.lead(unit, s.chance, handler) if s.often(SIGNED_BY_LEAD) else handler
        return handler, unit, _extension(s, incident, asks, officer)
    elif incident.kind == SUSPENSION:
        return handler, unit, _suspension(s, incident, handler, officer)
    elif incident.kind == ESCALATION:
        return _escalation(s, at, handler, officer)
    return handler, unit, s.plan.assigned.started_at


def _extension(s: Scribe, wish: Incident, handler: Actor, officer: Actor) -> datetime:
    """A wish that nobody decided on ends with the claim."""
    s.add(wish.at, handler, "request_extension", wanted_at=wish.until, reason=s.phrase("extension"))
    if wish.outcome == GRANTED and wish.decided_at is not None:
        s.add(wish.decided_at, officer, "approve_extension")
    elif wish.outcome == REFUSED and wish.decided_at is not None:
        s.add(wish.decided_at, officer, "reject_extension", note=s.phrase("extension_refused"))
    return wish.at if wish.outcome == UNDECIDED or wish.decided_at is None else wish.decided_at


def _suspension(s: Scribe, wish: Incident, handler: Actor, officer: Actor) -> datetime:
    """The clock ends what its holder does not end before."""
    assert wish.decided_at is not None and wish.until is not None and wish.over_at is not None
    reasons = ("parts", "weather", "procedure")
    kind = int(s.chance.random() * len(reasons))
    s.add(wish.at, handler, "request_suspension", reason=reasons[kind], until=wish.until, note=s.words.nth("suspension", kind))
    if wish.outcome == REFUSED:
        s.add(wish.decided_at, officer, "reject_suspension", note=s.phrase("suspension_refused"))
        return wish.decided_at
    s.add(wish.decided_at, officer, "approve_suspension")
    if wish.over_at < wish.until:
        s.add(wish.over_at, handler, "resume")
        return wish.over_at
    over = wish.until + timedelta(seconds=20 + int(s.chance.random() * 50))
    s.add(over, SYSTEM, "resume_on_time")
    return over


def _escalation(s: Scribe, at: datetime, handler: Actor, officer: Actor) -> tuple[Actor, str, datetime]:
    """The centre takes over, signs and works."""
    s.add(at, handler, "escalate", reason=s.phrase("escalate"))
    signed = at + timedelta(seconds=60 + int(s.chance.random() * 480))
    s.add(signed, officer, "sign")
    begun = s.between(signed, s.plan.closed.claims[0].made_at, 0.05, 0.2)
    s.add(begun, officer, "start")
    return officer, CENTRE, begun


def _supervise(s: Scribe, handler: Actor, end: datetime) -> None:
    """An order of the centre where a unit is long overdue."""
    due = s.plan.assigned.turns[0].due_at
    begin = max(due + timedelta(hours=4), s.plan.assigned.started_at)
    if end - begin < OVERDUE or not s.often(SUPERVISED, "supervised") or _reworked(s.plan.closed.claims):
        return
    at = s.desk.office.next_open(s.between(begin, end, 0.05, 0.3))
    answered = s.later(at, ((0, 20), (0.7, 240), (1, 420)))
    if at >= end:
        return
    s.add(at, s.staff.officer(s.chance), "supervise", note=s.phrase("order"))
    if answered < end and s.often(ANSWERED):
        unit = s.plan.assigned.turns[-1].unit
        s.add(answered, s.staff.lead(unit, s.chance, handler), "answer_order", answer=s.phrase("order_answer"))


def _reworked(claims: tuple[Claim, ...]) -> bool:
    return len(claims) > 1
