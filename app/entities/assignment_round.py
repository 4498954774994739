"""Rounds (派遣轮次): each assignment of a ticket to one unit, with its own clock; a late round stays late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.dictionary_entry import dictionary
from app.entities.ticket import Ticket
from app.entities.unit import Unit

RETURNED = (
    Option("open", N_("Return requested"), tone="warn"),
    Option("approved", N_("Returned"), tone="neutral"),
    Option("rejected", N_("Return rejected"), tone="bad"),
    Option("lapsed", N_("Return lapsed"), tone="bad"),
    Option("cancelled", N_("Return taken back"), tone="neutral"),
)
KINDS = (
    Option("dispatch", N_("Dispatch"), tone="neutral"),
    Option("backstop", N_("Backstop"), tone="warn"),
    Option("escalation", N_("Escalation"), tone="warn"),
    Option("reopen", N_("Reopening"), tone="warn"),
)


class AssignmentRound(Entity):
    """One assignment."""

    __tablename__ = "assignment_round"
    __table_args__ = (
        UniqueConstraint("ticket_id", "ordinal"),
        Index("ix_assignment_round_unit_id_dispatched_at", "unit_id", "dispatched_at"),
        Index("ix_assignment_round_returned_return_due_at", "returned", "return_due_at"),
    )
    __logged__ = False

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    ordinal: Mapped[int] = column.number(N_("Round"), required=True, listed=True, derived=True)
    unit: Mapped[Unit] = column.link("Unit", N_("Unit"), table="unit", required=True, listed=True, filtered=True, derived=True)
    dispatched_at: Mapped[datetime | None] = column.moment(N_("Dispatched"), listed=True, filtered=True, derived=True, indexed=True)
    kind: Mapped[str] = column.choice(KINDS, N_("Kind of round"), default="dispatch", derived=True, filtered=True)
    sign_due_at: Mapped[datetime | None] = column.moment(N_("Signing due"), derived=True, filtered=True)
    signed_at: Mapped[datetime | None] = column.moment(N_("Signed"), listed=True, filtered=True, derived=True)
    auto_signed: Mapped[bool] = column.flag(N_("Signed automatically"), derived=True)
    contact_due_at: Mapped[datetime | None] = column.moment(N_("First contact due"), derived=True, indexed=True)
    contacted_at: Mapped[datetime | None] = column.moment(N_("First contact"), derived=True)
    started_at: Mapped[datetime | None] = column.moment(N_("Handling started"), derived=True)
    base_due_at: Mapped[datetime | None] = column.moment(N_("Originally due"), derived=True)
    due_at: Mapped[datetime | None] = column.moment(N_("Due"), listed=True, filtered=True, derived=True, indexed=True)
    disposed_at: Mapped[datetime | None] = column.moment(N_("Completion claimed"), derived=True, indexed=True)
    completed_at: Mapped[datetime | None] = column.moment(N_("Completed"), listed=True, filtered=True, derived=True, indexed=True)
    returned: Mapped[str] = column.choice(RETURNED, N_("Return"), listed=True, filtered=True, derived=True)
    returned_at: Mapped[datetime | None] = column.moment(N_("Return requested at"), derived=True, indexed=True)
    return_reason: Mapped[str] = column.choice(dictionary("return_reason"), N_("Reason for return"), derived=True, look="text")
    return_note: Mapped[str] = column.text(2000, N_("Grounds for return"), derived=True)
    return_due_at: Mapped[datetime | None] = column.moment(N_("Return to be decided by"), derived=True)
    withdrawn_at: Mapped[datetime | None] = column.moment(N_("Withdrawn"), derived=True)
    reworks: Mapped[int] = column.number(N_("Reworks"), derived=True, default=0)
    limit: Mapped[str] = column.text(12, N_("Limit"), derived=True)

    due_provisional: Mapped[bool] = mapped_column(default=False, nullable=False)
    disposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    completed: Mapped[bool | None] = mapped_column(nullable=True)
    on_time: Mapped[bool | None] = mapped_column(nullable=True)

    def label(self) -> Any:
        """Ticket number and round."""
        return f"{self.ticket.number} · {self.ordinal}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    AssignmentRound,
    singular=N_("Round"),
    plural=N_("Rounds"),
    area="tickets",
    icon="share-nodes",
    position=5,
    natural_key=("ticket", "ordinal"),
    order="-id",
    allows=frozenset(),
    recent="dispatched_at",
    path="rounds",
    clock=("due_at", "completed_at"),
    about=N_("Every assignment of a ticket to a unit, with its own clock."),
)
