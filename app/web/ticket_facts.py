"""A ticket's facts as its page shows them: matter, place, citizen (masked), source, the duty in force, and related tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.crud.cells import cell_of
from app.crud.columns.links import label_of
from app.crud.resource import READ, resource_of
from app.domain.refusals import N_
from app.domain.rulebook import Rulebook
from app.domain.scorecard import Names
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what stands behind it: pieces of text, some of which lead somewhere."""

    label: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A word beside the title."""

    text: str
    tone: str
    sign: str = ""
    href: str = ""


def tags_of(ticket: Ticket, writer: Words) -> list[Tag]:
    """What sets this ticket apart."""
    found: list[Tag] = []
    if ticket.ended == "merged" and ticket.merged_into is not None:
        href = url_for("TicketScreen.show", pk=ticket.merged_into_id)
        found.append(Tag(writer(N_("Merged into %(number)s"), number=ticket.merged_into.number), "neutral", "code-merge", href))
    elif ticket.ended:
        found.append(Tag(_option(ticket, "ended", writer), "neutral", "ban"))
    if ticket.suspended:
        found.append(Tag(writer(N_("Suspended")), "neutral", "pause"))
    if ticket.fallback:
        found.append(
            Tag(_option(ticket, "fallback_way", writer) if ticket.fallback_way else writer(N_("Backstop")), "warn", "shield-halved")
        )
    for name in ("frequent", "recurrent", "hard"):
        if getattr(ticket, name):
            found.append(Tag(writer(resource_of("Ticket").fields[name].label), "neutral"))
    if ticket.proactive:
        found.append(Tag(writer(N_("Found before complaint")), "neutral"))
    return found


def _option(ticket: Ticket, name: str, writer: Words) -> str:
    column = resource_of("Ticket").fields[name]
    return column.text(column.value_of(ticket), writer)


def facts_of(session: Session, ticket: Ticket, rules: Rulebook, writer: Words) -> list[Fact]:
    """The facts that are known, in a fixed order."""
    fields = resource_of("Ticket").fields

    def plain(name: str) -> tuple[tuple[str, str], ...]:
        cell = cell_of(ticket, fields[name], writer)
        return () if cell.text == NOTHING else ((cell.text, ""),)

    place = (*plain("address"), *((label_of(row, writer), "") for row in (ticket.community, ticket.street_town) if row is not None))
    citizen = (*plain("reporter_name"), *plain("reporter_phone"), *(plain("reporter_type") if ticket.reporter_type != "public" else ()))
    source = (*plain("channel"), *plain("source"), *(plain("source_no") if ticket.source_no != ticket.number else ()))
    found = [
        Fact(writer(N_("Category")), _matter(session, rules, writer)),
        Fact(writer(N_("Nature")), plain("nature")),
        Fact(writer(N_("Place")), place),
        Fact(writer(N_("Citizen")), citizen),
        Fact(writer(N_("Source")), source),
        Fact(writer(N_("Responsibility list")), _duty(session, ticket, rules, writer)),
        Fact(writer(N_("Result")), plain("result")),
        Fact(writer(N_("Completion opinion")), plain("opinion")),
        Fact(writer(N_("Citizen's rating")), plain("rating")),
        Fact(writer(N_("Archived without ratings because")), plain("waiver")),
        Fact(writer(N_("Related tickets")), _related(session, ticket, writer)),
    ]
    return [fact for fact in found if fact.pieces]


def _matter(session: Session, rules: Rulebook, writer: Words) -> tuple[tuple[str, str], ...]:
    """From the widest matter down to the ticket's own."""
    if not rules.matters:
        return ()
    rows = {row.id: row for row in session.execute(select(Matter).where(Matter.id.in_(rules.matters))).scalars()}
    path = [label_of(rows[matter], writer) for matter in reversed(rules.matters) if matter in rows]
    return ((" › ".join(path), ""),)


def _duty(session: Session, ticket: Ticket, rules: Rulebook, writer: Words) -> tuple[tuple[str, str], ...]:
    """Version and number of the item in force, which leads to the item."""
    if not ticket.list_version:
        return ()
    version = writer(N_("version %(code)s"), code=ticket.list_version)
    duty = rules.duty
    if duty is None:
        return ((version, ""), (writer(N_("no item covers this matter")), ""))
    item = writer(N_("item %(number)s"), number=duty.number)
    statement = select(ResponsibilityItem.id).join(ResponsibilityList, ResponsibilityList.id == ResponsibilityItem.list_version_id)
    found = session.execute(statement.where(ResponsibilityList.code == duty.version, ResponsibilityItem.number == duty.number)).scalar()
    href = url_for("ResponsibilityItemScreen.show", pk=found) if found and may(READ, "ResponsibilityItem") else ""
    return ((version, ""), (item, href), (writer.names(Names(duty.name_zh, duty.name_en)), ""))


def _related(session: Session, ticket: Ticket, writer: Words) -> tuple[tuple[str, str], ...]:
    """What was split off, split from or merged into this one, as far as the reader may see it."""
    entity: Any = Ticket
    mine = [entity.split_from_id == ticket.id, entity.merged_into_id == ticket.id]
    mine += [entity.id == other for other in (ticket.split_from_id, ticket.merged_into_id) if other]
    rows = session.execute(select(Ticket).where(or_(*mine)).order_by(entity.id).limit(20)).scalars()
    return tuple((f"{_relation(row, ticket, writer)} {row.number}", url_for("TicketScreen.show", pk=row.id)) for row in rows)


def _relation(row: Ticket, ticket: Ticket, writer: Words) -> str:
    if row.split_from_id == ticket.id:
        return writer(N_("split off:"))
    if row.merged_into_id == ticket.id:
        return writer(N_("merged in:"))
    return writer(N_("split from:")) if row.id == ticket.split_from_id else writer(N_("merged into:"))
