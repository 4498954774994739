"""A year of the demo district's tickets: planned, walked through the machine move by move, and kept as services keep them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now, stopped_at
from app.core.runs import Progress
from app.demo.district import rows
from app.demo.plan import Named, Story
from app.demo.tickets import PER_MONTH, District, Ids, stories
from app.demo.walk import Life, walk
from app.domain.actors import Actor
from app.domain.period import month_holding
from app.domain.rulebook import Rulebook
from app.domain.tellings import tellings
from app.entities.account import Account
from app.entities.channel import Channel
from app.entities.command_centre import CommandCentre
from app.entities.community import Community
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.parameter import parameter
from app.entities.partner import Partner
from app.entities.source_system import SourceSystem
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.queries.people import actor_of
from app.queries.rulebook import Ground, ground_of, rulebook_of
from app.services.case_bulk import CHUNK, Kept, keep_new
from app.services.notices import after_move
from app.services.registration import set_numbers

MONTHS = 12
REMEMBERED = timedelta(days=2)
"""How old a move may be and still be news."""

LIST = "2025-1"
WORKING_ROLES = ("command_centre", "street_town", "department", "department_lead")


def load_tickets(session: Session, progress: Progress, per_month: int = PER_MONTH) -> dict[str, int]:
    """A year of tickets up to now, numbered as the product numbers them; how many, of how many moves, and how many were refused."""
    district = district_of(session)
    until = now()
    period = month_holding(until, district.calendar.zone)
    months = [period.back(n) for n in range(MONTHS - 1, 0, -1)] + [period]
    book = Book(session, district, until)
    for story in stories(district, months, until, per_month=per_month):
        book.enter(story)
        progress.advance(len(book.ids))
    book.close()
    book.tell()
    return {"tickets": len(book.ids), "moves": book.moves, "refused": book.refused}


def district_of(session: Session) -> District:
    """The demo district as its rows are: keys, calendar, rules, and the accounts that work."""

    def codes(entity: Any) -> dict[str, int]:
        return dict(session.execute(select(entity.code, entity.id)).all())

    ground = ground_of(session)
    ids = Ids(
        codes(StreetTown),
        codes(Community),
        codes(Department),
        codes(Matter),
        codes(Channel),
        codes(Partner),
        next(iter(codes(CommandCentre).values())),
    )
    return District(ids, ground.calendar, RulesByMatter(session, ground), _working(session))


def _working(session: Session) -> Sequence[Actor]:
    actors = [actor_of(account) for account in session.execute(select(Account).order_by(Account.id)).scalars()]
    return tuple(actor for actor in actors if actor.has_role(*WORKING_ROLES))


class RulesByMatter:
    """Rulebooks, read once per matter."""

    def __init__(self, session: Session, ground: Ground) -> None:
        self.session, self.ground = session, ground
        self._known: dict[int | None, Rulebook] = {}

    def __call__(self, matter_id: int | None) -> Rulebook:
        if matter_id not in self._known:
            ticket = SimpleNamespace(matter_id=matter_id, list_version=LIST)
            self._known[matter_id] = rulebook_of(self.session, ticket, self.ground)
        return self._known[matter_id]


@dataclass(slots=True)
class Book:
    """The register as it is written: numbers given, tickets waiting to be written, ids of those that are."""

    session: Session
    district: District
    until: datetime
    prefix: str = ""
    days: Counter[date] = field(default_factory=Counter)
    numbers: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, Kept] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    recent: list[Life] = field(default_factory=list)
    moves: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.prefix = parameter("ticket_prefix", "GL")
        ids = {source.code: source.id for source in self.session.execute(select(SourceSystem)).scalars()}
        self.sources = {row["channel"]: ids[row["source_system"]] for row in rows("channel_mix")}

    def enter(self, story: Story) -> Life | None:
        """Walk a story and put it down; nothing for a matter that has not been split off yet."""
        if story.whole and story.source_no not in self.numbers:
            return None
        if any(needed not in self.ids for needed in story.needs):
            self.write()
        reported_at = story.facts["reported_at"]
        number = self._number(story.source_no, reported_at)
        life = walk(story, self.district.rules_of, self.until, lambda named: self._link(named, reported_at))
        self.moves += len(life.happened)
        self.refused += len(life.refused)
        origin = {
            "number": number,
            "source_id": self.sources[story.channel],
            "source_no": story.source_no,
            "list_version": LIST,
            "calendar_version": self.district.calendar.version,
            "split_from_id": self.ids[story.whole] if story.whole else None,
        }
        if life.case.live and life.happened[-1][0].happened_at > self.until - REMEMBERED:
            self.recent.append(life)
        self.waiting[story.source_no] = Kept(story.facts, origin, life.case, life.happened)
        if len(self.waiting) >= CHUNK:
            self.write()
        return life

    def write(self) -> None:
        """Write what waits."""
        made = keep_new(self.session, list(self.waiting.values()))
        self.ids |= dict(zip(self.waiting, made, strict=True))
        self.waiting.clear()

    def close(self) -> None:
        """Write the rest; whoever registers next goes on after the numbers given here."""
        self.write()
        set_numbers(self.session, self.prefix, self.days)

    def tell(self) -> None:
        """What the newest moves told those who have accounts, at the time, so that their inboxes are not empty."""
        told = {actor.unit_id for actor in self.district.accounts}
        for life in sorted(self.recent, key=lambda life: life.happened[-1][0].happened_at):
            happening, who = life.happened[-1]
            if any(telling.centre or told.intersection(telling.units) for telling in tellings(life.case, happening)):
                ticket = self.session.get_one(Ticket, self.ids[life.story.source_no])
                with stopped_at(happening.happened_at):
                    after_move(self.session, ticket, life.case, happening, who)

    def _number(self, source_no: str, reported_at: datetime) -> str:
        if source_no not in self.numbers:
            day = reported_at.astimezone(ZoneInfo(self.district.calendar.zone)).date()
            self.days[day] += 1
            self.numbers[source_no] = f"{self.prefix}{day:%Y%m%d}-{self.days[day]:04d}"
        return self.numbers[source_no]

    def _link(self, named: Named, reported_at: datetime) -> int | str:
        """Another ticket's id; or the number of a matter now split off, which has that of the whole report's day."""
        return self.ids[named.source_no] if named.what == "id" else self._number(named.source_no, reported_at)
