"""What can be done from a row of the desk: the one main verb, pressed at once or said on the ticket's page, and verbs for several rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from app.core.languages import Words
from app.domain import rights
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_
from app.entities.ticket import Ticket
from app.queries.desk import Queue
from app.queries.standing import Viewer

OWED: Mapping[str, str] = {
    "sign_call": N_("To sign"),
    "respond": N_("To respond"),
    "report_in": N_("To report in"),
    "finish": N_("To finish"),
    "return_call": N_("Return asked"),
}
"""What a called department owes next."""

PRESSED: Mapping[str, str] = {"sign": "s", "sign_call": "s", "start": "h", "respond": "r", "take_review": "r", "archive": "a"}
"""Moves for which one press is enough, with the key that presses them."""

SAID: Mapping[str, tuple[str, str]] = {
    "to_dispatch": ("dispatch", ""),
    "returns": ("approve_return", N_("Decide")),
    "requests": ("", N_("Decide")),
    "call_returns": ("accept_call_return", N_("Decide")),
    "to_verify": ("complete", N_("Verify")),
    "reviewing": ("pass_review", N_("Decide")),
    "orders": ("answer_order", N_("Answer")),
    "follow_up": ("follow_up", ""),
}
"""Queues whose verb needs something to be said: the move that the ticket's page opens, and another word than its name."""

ASKED: Mapping[str, tuple[str, str]] = {
    "sign": (N_("Sign %(count)s tickets"), N_("Your unit answers for them from now on; each signing is recorded with its time.")),
    "start": (N_("Start handling %(count)s tickets"), N_("Each goes on to the stage “Handling”.")),
    "sign_call": (N_("Sign %(count)s calls"), N_("The street-towns see that your unit has taken note.")),
    "respond": (N_("Respond to %(count)s calls"), N_("Your unit takes these calls and reports in at the time and place asked for.")),
    "take_review": (N_("Start review of %(count)s tickets"), N_("You take them under review; decide on each afterwards.")),
    "archive": (N_("Archive %(count)s tickets"), N_("Ratings still awaited count as missing. Afterwards the ticket can only be reopened.")),
    "dispatch": (N_("Dispatch %(count)s tickets"), N_("All of them go to the same unit; its clocks start at once.")),
}
"""For several tickets at once: the question, and what it leads to."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A row's main verb. Where ``press`` it is done at once, otherwise ``href`` leads to what has to be said."""

    action: str
    name: str
    press: bool = False
    href: str = ""
    key: str = ""
    confirm: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class Bulk:
    """A verb for several rows. ``unit`` is where they go: nothing, a unit to be picked (0), or the own one."""

    action: str
    name: str
    question: str
    consequence: str
    verb: str
    unit: int | None = None


def verb_of(queue: Queue, ticket: Ticket, viewer: Viewer, step: str, writer: Words) -> Verb | None:
    """The main verb of a row in this queue, if there is one."""
    action, name = _action(queue, ticket, viewer, step)
    if action in PRESSED:
        asked = _asked(action, writer, "1") if action == "archive" else None
        return Verb(action, writer(BY_ACTION[action].name), press=True, key=PRESSED[action], confirm=asked)
    if not action and not name:
        return None
    said = writer(name) if name else writer(BY_ACTION[action].name)
    return Verb(action, said, href=url_for("TicketScreen.show", pk=ticket.id, open=action or None))


def _action(queue: Queue, ticket: Ticket, viewer: Viewer, step: str) -> tuple[str, str]:
    if queue.code in SAID:
        return SAID[queue.code]
    if queue.code == "in_hand":
        return _in_hand(ticket, viewer), ""
    if queue.code == "called":
        return ("" if step == "return_call" else step), ""
    if queue.code == "to_rate":
        return ("rate_department" if viewer.actor.unit_type == "street_town" else "rate_street_town"), N_("Give rating")
    return (queue.moves[0] if queue.moves else ""), ""


def _in_hand(ticket: Ticket, viewer: Viewer) -> str:
    """What comes next in the stage: start, conclude the consultation, complete what is one's own, claim what others verify."""
    if ticket.stage == "handling":
        own = rights.VERIFY in viewer.rights and ticket.street_town_id in viewer.units
        return "complete" if own else "claim_done"
    return "start" if ticket.stage == "signed" else "conclude"


def bulk_of(queue: Queue, viewer: Viewer, writer: Words) -> tuple[Bulk, ...]:
    """The verbs for several rows of this queue."""
    found = []
    for action in queue.moves:
        unit = (0 if viewer.is_centre else viewer.actor.unit_id) if action == "dispatch" else None
        name = N_("Take on by the own unit") if unit else BY_ACTION[action].name
        found.append(Bulk(action, writer(name), *_asked(action, writer), unit=unit))
    return tuple(found)


def _asked(action: str, writer: Words, count: str = "{count}") -> tuple[str, str, str]:
    question, consequence = ASKED[action]
    return writer(question, count=count), writer(consequence), writer(BY_ACTION[action].name)
