"""A month of a made-up district in which every figure counts something, and as many older tickets behind it as wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, select, text, update

from app.core.transaction import transaction
from app.domain.indicators import all_indicators
from app.domain.period import month_of
from app.entities.assignment_round import AssignmentRound
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.department import Department
from app.entities.exclusion import Exclusion
from app.entities.exclusion_reason import ExclusionReason
from app.entities.extension import Extension
from app.entities.follow_up import FollowUp
from app.entities.matter import Matter
from app.entities.rating import Rating
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.entities.street_town import StreetTown
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket
from app.services.foundation import lay_foundation

MONTH = month_of("2026-10")
STAMP = datetime(2026, 11, 1, tzinfo=UTC)
STAMPS = {"version": 1, "created_at": STAMP, "changed_at": STAMP}
TOWNS, DEPARTMENTS, MATTERS = 10, 40, 12
LIST = "2026-1"
MADE = (Ticket, AssignmentRound, Call, CalledUnit, Rating, FollowUp, Suspension, Extension, Exclusion)


def build(rows: int) -> None:
    """A month of ``rows`` tickets: 10 street-towns, 40 departments, two thirds with the street-towns, every ninth with a call."""
    upgrade()
    lay_foundation()
    with transaction() as session:
        towns = [StreetTown(code=f"S{n:02d}", name_zh=f"街道{n:02d}") for n in range(TOWNS)]
        departments = [Department(code=f"D{n:02d}", name_zh=f"部门{n:02d}") for n in range(DEPARTMENTS)]
        matters = [Matter(code=f"M{n:02d}", name_zh=f"事项{n:02d}", level=1) for n in range(MATTERS)]
        listed = ResponsibilityList(code=LIST, name_zh="责任清单", effective_from=date(2026, 1, 1), state="approved")
        session.add_all([*towns, *departments, *matters, listed])
        session.flush()
        for n in range(0, MATTERS, 3):
            session.add(ResponsibilityItem(list_version=listed, number=str(n), matter=matters[n], name_zh="事项", lead=departments[n]))
        _show_every_figure(session)
        reason = session.execute(select(ExclusionReason.id).order_by(ExclusionReason.id).limit(1)).scalar_one()
        month = _Month(rows, [u.id for u in towns], [u.id for u in departments], [m.id for m in matters], reason)
        for number in range(1, rows + 1):
            month.ticket(number)
        for entity in MADE:
            session.execute(insert(entity), month.kept[entity])
    with transaction() as session:
        session.execute(text("ANALYZE"))


def _show_every_figure(session: Any) -> None:
    """The schemes of the foundation once more, with every figure that counts the group's duties."""
    session.execute(update(Scheme).where(Scheme.group == "enterprise").values(active=False))
    for scheme in session.execute(select(Scheme).where(Scheme.active.is_(True))).scalars():
        version = SchemeVersion(scheme=scheme, number=99, effective_from=date(2018, 1, 2), state="approved", full_marks=100)
        session.add(version)
        shown = [code for code, measure in all_indicators().items() if scheme.group in measure.counts]
        for place, code in enumerate(shown):
            session.add(SchemeLine(scheme_version=version, position=place, indicator=code, weight=100 if code == "DONE" else 0))


@dataclass
class _Month:
    """The rows of the tickets, by their table."""

    rows: int
    towns: list[int]
    departments: list[int]
    matters: list[int]
    reason: int

    def __post_init__(self) -> None:
        self.kept: dict[Any, list[dict[str, Any]]] = {entity: [] for entity in MADE}
        self.chance = Random(4)  # noqa: S311 - figures, not secrets

    def ticket(self, n: int) -> None:
        """One ticket with everything that happened to it; its number says what that was."""
        chance = self.chance
        at = MONTH.start + timedelta(seconds=n * 2_592_000 // self.rows)
        street, department = chance.choice(self.towns), chance.choice(self.departments)
        due = at + timedelta(hours=8 if n % 4 else 48)
        done = at + timedelta(seconds=chance.randrange(600, 200_000)) if n % 20 else None
        held = street if n % 3 else department
        given_back = n % 40 == 2
        self.kept[Ticket].append(
            {
                **{"id": n, "number": f"T{n:08d}", "title": "路灯不亮", "reported_at": at, "due_at": due, "completed_at": done},
                **{
                    "street_town_id": street,
                    "unit_id": held,
                    "rounds": 2 if given_back else 1,
                    "stage": "archived" if done else "handling",
                },
                **{"matter_id": chance.choice(self.matters), "address": f"中山路{chance.randrange(4000)}号", "reporter_phone": ""},
                **{"list_version": LIST, "proactive": n % 25 == 0, "reworks": 1 if n % 35 == 0 else 0, "calls": 1 if n % 9 == 1 else 0},
                **{"result": ("solved", "solved", "explained", "partly")[n % 4] if done else "", "suspended": n % 200 == 0, **STAMPS},
            }
        )
        if given_back:
            self._round(n, 1, chance.choice(self.departments), at, due, None)
            at += timedelta(minutes=40)
        self._round(n, 2 if given_back else 1, held, at, due, done)
        self._requests(n, at, due)
        if n % 9 == 1:
            self._call(n, at, street, due, done)
        if done:
            self._citizen(n, 2 if given_back else 1, done)
        if n % 100 == 7:
            entered = {"ticket_id": n, "indicator": "*" if n % 200 == 7 else "DONE_OT", "reason_id": self.reason, "entered_at": STAMP}
            self.kept[Exclusion].append({**entered, **STAMPS})

    def _round(self, n: int, ordinal: int, unit: int, at: datetime, due: datetime, done: datetime | None) -> None:
        """The first of two rounds was given back with approval; every 50th ticket was refused that."""
        signed = at + timedelta(seconds=self.chance.randrange(30, 900))
        back = "approved" if n % 40 == 2 and ordinal == 1 else "rejected" if n % 50 == 3 else ""
        said = {"returned": back, "returned_at": signed if back else None, "kind": "dispatch", "dispatched_at": at, "signed_at": signed}
        limits = {"sign_due_at": at + timedelta(minutes=10), "contact_due_at": at + timedelta(hours=24), "due_at": due}
        met = {"contacted_at": signed if n % 10 else None, "completed_at": done, "reworks": 1 if n % 35 == 0 else 0}
        key = {"id": n + self.rows * (ordinal - 1) * 1000, "ticket_id": n, "unit_id": unit, "ordinal": ordinal}
        self.kept[AssignmentRound].append(
            {**key, **said, **limits, **met, "withdrawn_at": signed if back == "approved" else None, **STAMPS}
        )

    def _requests(self, n: int, at: datetime, due: datetime) -> None:
        last = 2 if n % 40 == 2 else 1
        asked = {"ticket_id": n, "ordinal": 1, "round": last, "state": "approved", **STAMPS}
        if n % 60 == 0:
            stopped = {"from_at": at + timedelta(hours=1), "to_at": None if n % 200 == 0 else at + timedelta(hours=2)}
            self.kept[Suspension].append({**asked, "reason": "construction", **stopped})
        if n % 30 == 1:
            self.kept[Extension].append({**asked, "decided_at": due - timedelta(hours=1)})

    def _call(self, n: int, at: datetime, street: int, due: datetime, done: datetime | None) -> None:
        chance = self.chance
        called, issued = chance.choice(self.departments), at + timedelta(hours=1)
        meeting = issued + timedelta(hours=2)
        self.kept[Call].append(
            {"id": n, "ticket_id": n, "street_town_id": street, "ordinal": 1, "issued_at": issued, "appointment_at": meeting, **STAMPS}
        )
        limit = {"sign_due_at": issued + timedelta(hours=1), "response_due_at": issued + timedelta(hours=4), "due_at": due}
        answer = {"responded_at": issued + timedelta(seconds=chance.randrange(60, 20_000)), "finished_at": done}
        came = {"reported_in_at": meeting + timedelta(minutes=chance.randrange(-20, 40)) if n % 5 else None}
        self.kept[CalledUnit].append({"call_id": n, "unit_id": called, "role": "lead", **limit, **answer, **came, **STAMPS})
        if done:
            for kind, one, other in (("street_department", street, called), ("department_street", called, street)):
                self._mutual(n, kind, one, other, f"1.{called}", done)

    def _mutual(self, n: int, kind: str, rater: int, rated: int, part: str, done: datetime) -> None:
        given, to_department = n % 7 > 0, kind == "street_department"
        whole, partly = ("solved", "partly") if to_department else ("accurate", "partly")
        word = whole if self.chance.random() < 0.7 else partly
        self._rating(n, kind, 1, part=part, rater_id=rater, rated_id=rated, state="given" if given else "missed",
                     due_at=done + timedelta(days=2), submitted_at=done + timedelta(hours=3) if given else None,
                     revealed_at=done + timedelta(hours=5) if given else None,
                     arrival=("on_time" if n % 4 else "late") if given and to_department else "",
                     effect=word if given and to_department else "", accuracy=word if given and not to_department else "")  # fmt: skip

    def _citizen(self, n: int, last: int, done: datetime) -> None:
        if n % 2:
            word = ("satisfied", "basic", "fair", "satisfied", "dissatisfied")[n % 5]
            self._rating(n, "public", last, state="given", satisfaction=word, submitted_at=done + timedelta(hours=1))
        if n % 8 == 3:
            asked = {
                "ticket_id": n,
                "ordinal": 1,
                "round": last,
                "made_at": done + timedelta(hours=20),
                "made_by": "回访员",
                "reached": True,
            }
            self.kept[FollowUp].append({**asked, "solved": ("solved", "partly", "unsolved")[n % 3], **STAMPS})

    def _rating(self, n: int, kind: str, turn: int, **said: Any) -> None:
        nothing = {"part": "", "rater_id": None, "rated_id": None, "due_at": None, "revealed_at": None, "arrival": "", "effect": ""}
        words = {"accuracy": "", "satisfaction": ""}
        self.kept[Rating].append({"ticket_id": n, "kind": kind, "round": turn, "token": "", **nothing, **words, **said, **STAMPS})


def age(rows: int, older: int) -> None:
    """Copies of the month, one month further back each time, until ``older`` tickets lie behind it."""
    with transaction() as session:
        for step in range(1, -(-older // rows) + 1):
            for entity in MADE:
                session.execute(text(_copied(entity.__table__, rows, step)))
        session.execute(text("ANALYZE"))


def _copied(table: Any, rows: int, step: int) -> str:
    """The rows of the first month once more: ``step`` times further on in number and back in time, what was open closed."""
    shift, days = rows * step, 31 * step
    values = []
    for column in table.columns:
        name = f'"{column.name}"'
        if column.name in ("id", "ticket_id", "call_id"):
            values.append(f"{name} + {shift}" if column.name != "id" or table.name in ("ticket", "assignment_round", "call") else "NULL")
        elif column.name == "number":
            values.append(f"'O' || (id + {shift})")
        elif column.name in ("completed_at", "finished_at"):
            values.append(f"strftime('%Y-%m-%d %H:%M:%S.000000', COALESCE({name}, due_at), '-{days} days')")
        elif str(column.type) == "DATETIME":
            values.append(f"strftime('%Y-%m-%d %H:%M:%S.000000', {name}, '-{days} days')")
        else:
            values.append(name)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    first = {"ticket": "id", "called_unit": "call_id"}.get(table.name, "ticket_id")
    return f"INSERT INTO {table.name} ({names}) SELECT {', '.join(values)} FROM {table.name} WHERE {first} <= {rows}"  # noqa: S608
