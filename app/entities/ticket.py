"""Tickets (工单): one citizen's matter from report to archive; written by services only, shown and searched by generated screens."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import CREATE, IMPORT, Resource
from app.crud.rules import PHONE
from app.domain.refusals import N_
from app.domain.workflow import ALL_STAGES, URGENCIES
from app.entities.channel import Channel
from app.entities.community import Community
from app.entities.dictionary_entry import dictionary
from app.entities.matter import Matter
from app.entities.source_system import SourceSystem
from app.entities.street_town import StreetTown
from app.entities.unit import Unit

STAGE = tuple(Option(stage.code, stage.name, tone=stage.code) for stage in ALL_STAGES)
ENDED = (Option("voided", N_("Void"), tone="neutral"), Option("merged", N_("Merged"), tone="neutral"))
REPORTERS = (
    Option("public", N_("Citizen")),
    Option("grid", N_("Grid worker")),
    Option("staff", N_("Staff member")),
    Option("device", N_("Device")),
    Option("system", N_("Other system")),
)
WAYS = (Option("up", N_("Upward backstop"), tone="warn"), Option("down", N_("Downward backstop"), tone="warn"))
URGENCY = tuple(Option(u.code, u.name, tone={"at_once": "bad", "quickly": "warn"}.get(u.code, "neutral")) for u in URGENCIES)

MATTER = N_("Matter and place")
SOURCE = N_("Source")
CITIZEN = N_("Citizen")
CLOCKS = N_("Times")
OUTCOME = N_("Outcome")


class Ticket(Entity):
    """A ticket. ``completed``/``on_time`` repeat an outcome whose moment the source does not know; ``unknown`` lists
    the moments and ledgers it never records (``app.domain.facts``); nothing is ever invented for them.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("source_id", "source_no"),
        Index("ix_ticket_stage_due_at", "stage", "due_at"),
        Index("ix_ticket_street_town_id_reported_at", "street_town_id", "reported_at"),
    )

    number: Mapped[str] = column.text(40, N_("Ticket no."), derived=True, required=True, unique=True, search=True, listed=True)
    title: Mapped[str] = column.text(200, N_("Title"), required=True, search=True, listed=True, group=MATTER)
    description: Mapped[str] = column.long_text(N_("Description"), group=MATTER, lines=5)
    urgency: Mapped[str] = column.choice(URGENCY, N_("Urgency"), default="within_limit", filtered=True, group=MATTER)
    nature: Mapped[str] = column.choice(dictionary("nature"), N_("Nature"), filtered=True, group=MATTER, look="text")
    matter: Mapped[Matter | None] = column.link("Matter", N_("Matter"), table="matter", filtered=True, group=MATTER)
    street_town: Mapped[StreetTown | None] = column.link(
        "StreetTown", N_("Street-town"), table="unit", listed=True, filtered=True, group=MATTER
    )
    community: Mapped[Community | None] = column.link("Community", N_("Community"), table="community", filtered=True, group=MATTER)
    address: Mapped[str] = column.text(300, N_("Place"), search=True, group=MATTER)
    longitude: Mapped[Decimal | None] = column.number(N_("Longitude"), places=6, least=-180, most=180, group=MATTER)
    latitude: Mapped[Decimal | None] = column.number(N_("Latitude"), places=6, least=-90, most=90, group=MATTER)

    channel: Mapped[Channel | None] = column.link("Channel", N_("Channel"), table="channel", listed=True, filtered=True, group=SOURCE)
    source: Mapped[SourceSystem | None] = column.link(
        "SourceSystem", N_("Source system"), table="source_system", filtered=True, group=SOURCE, derived=True
    )
    source_no: Mapped[str] = column.text(80, N_("Source no."), search=True, filtered=True, group=SOURCE, derived=True)
    proactive: Mapped[bool] = column.flag(N_("Found before complaint"), filtered=True, group=SOURCE)

    reporter_type: Mapped[str] = column.choice(REPORTERS, N_("Reported by"), default="public", filtered=True, group=CITIZEN, look="text")
    reporter_name: Mapped[str] = column.text(60, N_("Reporter"), personal="name", group=CITIZEN)
    reporter_phone: Mapped[str] = column.text(30, N_("Reporter's telephone"), personal="phone", group=CITIZEN, rules=[PHONE])

    stage: Mapped[str] = column.choice(
        STAGE, N_("Stage"), derived=True, listed=True, filtered=True, group=OUTCOME, look="stage", indexed=True
    )
    unit: Mapped[Unit | None] = column.link(
        "Unit", N_("Handling unit"), table="unit", listed=True, filtered=True, group=OUTCOME, derived=True
    )
    rounds: Mapped[int] = column.number(N_("Rounds"), derived=True, default=0, filtered=True, group=OUTCOME)
    result: Mapped[str] = column.choice(dictionary("result"), N_("Result"), derived=True, filtered=True, group=OUTCOME)
    opinion: Mapped[str] = column.long_text(N_("Completion opinion"), derived=True, group=OUTCOME)
    rating: Mapped[str] = column.choice(dictionary("rating"), N_("Citizen's rating"), derived=True, filtered=True, group=OUTCOME)
    reworks: Mapped[int] = column.number(N_("Reworks"), derived=True, default=0, group=OUTCOME)
    fallback: Mapped[bool] = column.flag(N_("Backstop"), derived=True, filtered=True, group=OUTCOME)
    fallback_way: Mapped[str] = column.choice(WAYS, N_("Way of the backstop"), derived=True, filtered=True, group=OUTCOME)
    ended: Mapped[str] = column.choice(ENDED, N_("Void or merged"), derived=True, filtered=True, group=OUTCOME)
    merged_into: Mapped[Any] = column.link("Ticket", N_("Merged into"), table="ticket", derived=True, group=OUTCOME, on_delete="SET NULL")
    split_from: Mapped[Any] = column.link("Ticket", N_("Split from"), table="ticket", derived=True, group=OUTCOME, on_delete="SET NULL")
    suspended: Mapped[bool] = column.flag(N_("Suspended"), derived=True, filtered=True, group=OUTCOME)
    returns: Mapped[int] = column.number(N_("Returns"), derived=True, default=0, filtered=True, group=OUTCOME)
    ping_pong: Mapped[int] = column.number(N_("Comings back"), derived=True, default=0, filtered=True, group=OUTCOME)
    extensions_granted: Mapped[int] = column.number(N_("Extensions"), derived=True, default=0, filtered=True, group=OUTCOME)
    calls: Mapped[int] = column.number(N_("Calls"), derived=True, default=0, filtered=True, group=OUTCOME)
    reopenings: Mapped[int] = column.number(N_("Reopenings"), derived=True, default=0, filtered=True, group=OUTCOME)
    waiver: Mapped[str] = column.text(300, N_("Archived without ratings because"), derived=True, group=OUTCOME)
    frequent: Mapped[bool] = column.flag(N_("Frequent matter"), derived=True, filtered=True, group=OUTCOME)
    recurrent: Mapped[bool] = column.flag(N_("Recurrent matter"), derived=True, filtered=True, group=OUTCOME)
    hard: Mapped[bool] = column.flag(N_("Hard matter"), derived=True, filtered=True, group=OUTCOME)

    reported_at: Mapped[datetime] = column.moment(N_("Reported"), required=True, listed=True, filtered=True, indexed=True, group=CLOCKS)
    due_at: Mapped[datetime | None] = column.moment(N_("Due"), derived=True, listed=True, filtered=True, indexed=True, group=CLOCKS)
    completed_at: Mapped[datetime | None] = column.moment(N_("Completed"), derived=True, filtered=True, indexed=True, group=CLOCKS)
    rated_at: Mapped[datetime | None] = column.moment(N_("Rated"), derived=True, indexed=True, group=CLOCKS)

    next_due_at: Mapped[datetime | None] = column.moment(N_("Next clock runs out"), derived=True, filtered=True, indexed=True, group=CLOCKS)
    claimed_at: Mapped[datetime | None] = column.moment(N_("Completion claimed"), derived=True, filtered=True, indexed=True, group=CLOCKS)
    reviewed_at: Mapped[datetime | None] = column.moment(N_("Reviewed"), derived=True, group=CLOCKS)
    window_ends_at: Mapped[datetime | None] = column.moment(N_("Rating window ends"), derived=True, group=CLOCKS)
    archived_at: Mapped[datetime | None] = column.moment(N_("Archived"), derived=True, filtered=True, group=CLOCKS)

    next_clock: Mapped[str] = mapped_column(String(20), default="", nullable=False)
    lookup_code: Mapped[str] = mapped_column(String(16), default="", nullable=False)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    completed: Mapped[bool | None] = mapped_column(nullable=True)
    on_time: Mapped[bool | None] = mapped_column(nullable=True)
    voided: Mapped[bool] = mapped_column(default=False, nullable=False)
    due_provisional: Mapped[bool] = mapped_column(default=False, nullable=False)
    unknown: Mapped[list[str]] = mapped_column(JSON, default=list, nullable=False)
    list_version: Mapped[str] = mapped_column(String(20), default="", nullable=False)
    calendar_version: Mapped[str] = mapped_column(String(40), default="", nullable=False)
    fingerprint: Mapped[str] = mapped_column(String(64), default="", nullable=False)

    def label(self) -> Any:
        """Its number."""
        return self.number


RESOURCE = Resource(
    Ticket,
    singular=N_("Ticket"),
    plural=N_("Tickets"),
    area="tickets",
    icon="list-ul",
    position=1,
    natural_key=("number",),
    order="-reported_at",
    listed=("number", "title", "stage", "street_town", "unit", "channel", "reported_at", "due_at"),
    related=(
        "AssignmentRound.ticket",
        "Call.ticket",
        "Suspension.ticket",
        "Extension.ticket",
        "Rating.ticket",
        "SupervisionOrder.ticket",
        "FollowUp.ticket",
        "Consultation.ticket",
        "Attachment.ticket",
    ),
    tabs="stage",
    recent="reported_at",
    recent_days=90,
    allows=frozenset({CREATE, IMPORT}),
    importer="ledger",
    clock=("next_due_at", "archived_at"),
    about=N_("Every matter, from report to archive."),
    empty=N_("No tickets fit. Widen the period, or clear the filters."),
)
