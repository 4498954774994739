"""The roles table: which role may do which kind of thing to what. Access is a decision and is taken here, nowhere else.

Verbs are the kit's (read, create, update, delete, import, export) and those of single doors (compute, publish, undo,
reset, unmask, work). ``work`` opens the doors of moves; which move is whose, the table of moves says (``app.domain.moves``).
Which *rows* somebody sees is another question: ``app.queries.scopes``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

READ = "read"
KEEP = "read create update delete import export"
LOOK = "read export"

MASTER = (
    "Unit Department Enterprise StreetTown CommandCentre Community Channel SourceSystem Matter "
    "ResponsibilityList ResponsibilityItem CalendarDay CalendarYear DictionaryEntry "
    "Partner TimeLimit ReminderRule"
)
JUDGEMENT = "Radar MutualAudit WhatIf"
"""What helps to judge figures and shows patterns across units; who is assessed does not read it."""
TICKETS = "Ticket AssignmentRound Call CalledUnit Consultation Suspension Extension SupervisionOrder Rating FollowUp Attachment"
SCHEMES = "Scheme SchemeVersion SchemeLine SchemeCase"
CYCLE = "Appeal Exclusion ExclusionReason ManualEntry Bulletin"

_Grant = tuple[str, str]

KEYS: _Grant = ("ApiKey", "read create")
"""Keys for one's own programs; whoever loses this grant has keys that open nothing. Keepers of accounts have none."""

EVERYBODY: tuple[_Grant, ...] = (("Desk Account.own Inbox Indicator", READ), ("OpenApi", "get"), ("SwaggerView", "show"))
"""What every signed-in person may do."""

PAPER: _Grant = ("Report", READ)
"""The shelf of reports, for those who may export anything that is printed."""

ROLES: Mapping[str, tuple[_Grant, ...]] = {
    "system_admin": (
        (MASTER, READ),
        ("DictionaryEntry", KEEP),
        ("Parameter", "read update"),
        ("Run", "read"),
        ("Batch", "read"),
        ("Mail", READ),
        ("DeliveryTarget IntakeSource", "read create update delete export"),
        ("Health", READ),
    ),
    "security_admin": (
        ("User", "read create update reset"),
        ("StaffProfile", "read create update"),
        ("Role Unit Department Enterprise StreetTown CommandCentre", READ),
    ),
    "auditor": (
        (JUDGEMENT, READ),
        (MASTER, LOOK),
        (TICKETS, READ),
        (SCHEMES, READ),
        ("Evaluation", LOOK),
        ("ChangeLog Batch Run User StaffProfile Role Parameter Mail DeliveryTarget IntakeSource Schedule", READ),
        PAPER,
        (CYCLE, LOOK),
    ),
    "district_admin": (
        KEYS,
        PAPER,
        (MASTER, KEEP),
        ("Parameter", "read update"),
        (TICKETS, LOOK),
        ("Ticket", "import"),
        (SCHEMES, READ),
        ("Evaluation", LOOK),
        (CYCLE, LOOK),
        ("Appeal", "decide"),
        ("Batch", "read undo"),
        ("Schedule", "read create update delete export run"),
        ("ChangeLog Run StaffProfile DeliveryTarget IntakeSource", READ),
    ),
    "command_centre": (
        (JUDGEMENT, READ),
        KEYS,
        (MASTER, READ),
        (TICKETS, LOOK),
        ("Ticket", "create import work"),
        PAPER,
        ("Evaluation", LOOK),
        (CYCLE, LOOK),
        ("Appeal", "decide"),
        (SCHEMES, READ),
        ("Batch", "read undo"),
        ("Run", READ),
    ),
    "evaluator": (
        (JUDGEMENT, READ),
        KEYS,
        (MASTER, READ),
        (TICKETS, LOOK),
        (SCHEMES, KEEP),
        ("SchemeVersion", "approve"),
        ("ManualEntry", KEEP),
        ("Evaluation", "read export compute publish restate"),
        PAPER,
        (CYCLE, LOOK),
        ("Schedule", "read create update delete export run"),
        ("ExclusionReason", KEEP),
        ("Exclusion", "exclude"),
        ("Appeal", "decide"),
        ("Batch Run DeliveryTarget", READ),
    ),
    "street_town": (
        KEYS,
        PAPER,
        (MASTER, READ),
        (TICKETS, LOOK),
        ("Ticket", "create work"),
        ("Evaluation", READ),
        (CYCLE, READ),
        ("Appeal", "file"),
    ),
    "department": (KEYS, PAPER, (MASTER, READ), (TICKETS, LOOK), ("Ticket", "work"), ("Evaluation", READ), (CYCLE, READ)),
    "department_lead": (
        KEYS,
        PAPER,
        (MASTER, READ),
        (TICKETS, LOOK),
        ("Ticket", "work"),
        ("Evaluation", READ),
        (CYCLE, READ),
        ("Appeal", "file"),
    ),
    "viewer": ((MASTER, READ), (TICKETS, READ), ("Evaluation", READ)),
}

EMERGENCY = "Admin"
"""FAB's all-powerful role: kept for emergencies, without members (reliability: nobody is alone)."""


def grants(role: str) -> set[tuple[str, str]]:
    """All (verb, subject) pairs of a role."""
    return {(verb, subject) for subjects, verbs in (*EVERYBODY, *ROLES[role]) for subject in subjects.split() for verb in verbs.split()}


def fab_roles() -> dict[str, list[list[str]]]:
    """The table as FAB wants it. FAB matches by prefix, so every pattern is anchored: ``Ticket`` must not open ``TicketEvent``."""
    found: dict[str, list[list[str]]] = {EMERGENCY: [["^.*$", "^.*$"]]}
    for role in ROLES:
        by_subject: dict[str, list[str]] = {}
        for verb, subject in sorted(grants(role)):
            by_subject.setdefault(subject, []).append(verb)
        found[role] = [[f"^{re.escape(subject)}$", f"^can_({'|'.join(verbs)})$"] for subject, verbs in sorted(by_subject.items())]
    return found


def subjects() -> set[str]:
    """Everything the table speaks of."""
    return {subject for role in ROLES for _, subject in grants(role)}
