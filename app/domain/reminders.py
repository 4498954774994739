"""Reminders: which clocks warn, whom, and when a warning may be spoken."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.refusals import N_

BEFORE_DUE, DUE, OVERDUE, UNSIGNED = "before_due", "due", "overdue", "unsigned"
CALL_UNANSWERED, UNRATED, ORDER_UNANSWERED, UNVERIFIED, UNDECIDED = (
    "call_unanswered",
    "unrated",
    "order_unanswered",
    "unverified",
    "undecided",
)

EVENTS: Mapping[str, str] = {
    BEFORE_DUE: N_("Before a ticket is due"),
    DUE: N_("When a ticket is due"),
    OVERDUE: N_("While a ticket is overdue"),
    UNSIGNED: N_("Not signed in time"),
    CALL_UNANSWERED: N_("A call not answered in time"),
    UNRATED: N_("A rating still awaited"),
    ORDER_UNANSWERED: N_("A supervision order not answered in time"),
    UNVERIFIED: N_("A claimed completion not verified"),
    UNDECIDED: N_("A request not decided"),
}

HANDLERS, LEADS, STREET_TOWN, CENTRE = "handlers", "leads", "street_town", "centre"

RECIPIENTS: Mapping[str, str] = {
    HANDLERS: N_("Who works at the unit"),
    LEADS: N_("The unit's lead"),
    STREET_TOWN: N_("Sub-centre of the place"),
    CENTRE: N_("Command centre"),
}
