"""Called units: one department's part in a call, with its own clocks for responding, reporting in and finishing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.assignment_round import RETURNED
from app.entities.call import Call
from app.entities.dictionary_entry import dictionary
from app.entities.unit import Unit

ROLES = (Option("lead", N_("Lead"), tone="neutral"), Option("support", N_("Support"), tone="neutral"))
ARRIVAL = (
    Option("on_time", N_("Reported in on time"), tone="ok"),
    Option("late", N_("Reported in late"), tone="warn"),
    Option("absent", N_("Did not report in"), tone="bad"),
)
EFFECT = (
    Option("solved", N_("Settled"), tone="ok"),
    Option("partly", N_("Partly settled"), tone="warn"),
    Option("unsolved", N_("Not settled"), tone="bad"),
)


class CalledUnit(Entity):
    """One department in one call."""

    __tablename__ = "called_unit"
    __table_args__ = (
        UniqueConstraint("call_id", "unit_id"),
        Index("ix_called_unit_unit_id_response_due_at", "unit_id", "response_due_at"),
        Index("ix_called_unit_returned_return_due_at", "returned", "return_due_at"),
    )
    __logged__ = False

    call: Mapped[Call] = column.link("Call", N_("Call"), table="call", required=True, listed=True, on_delete="CASCADE", derived=True)
    unit: Mapped[Unit] = column.link("Unit", N_("Called unit"), table="unit", required=True, listed=True, filtered=True, derived=True)
    role: Mapped[str] = column.choice(ROLES, N_("Part"), default="lead", listed=True, filtered=True, derived=True)
    sign_due_at: Mapped[datetime | None] = column.moment(N_("Signing due"), derived=True)
    signed_at: Mapped[datetime | None] = column.moment(N_("Signed"), listed=True, derived=True)
    response_due_at: Mapped[datetime | None] = column.moment(N_("Response due"), derived=True, filtered=True, indexed=True)
    responded_at: Mapped[datetime | None] = column.moment(N_("Responded"), listed=True, derived=True)
    reported_in_at: Mapped[datetime | None] = column.moment(N_("Reported in"), listed=True, derived=True)
    reported_by: Mapped[str] = column.text(60, N_("Who came"), derived=True)
    reported_place: Mapped[str] = column.text(300, N_("Where"), derived=True)
    limit: Mapped[str] = column.text(12, N_("Limit"), derived=True)
    due_at: Mapped[datetime | None] = column.moment(N_("Due"), listed=True, derived=True, filtered=True, indexed=True)
    finished_at: Mapped[datetime | None] = column.moment(N_("Finished"), listed=True, derived=True, filtered=True)
    opinion: Mapped[str] = column.text(2000, N_("Consultation opinion"), derived=True)
    finish_note: Mapped[str] = column.text(2000, N_("What was done"), derived=True)
    returned: Mapped[str] = column.choice(RETURNED, N_("Return"), derived=True, filtered=True)
    returned_at: Mapped[datetime | None] = column.moment(N_("Return requested at"), derived=True, indexed=True)
    return_reason: Mapped[str] = column.choice(dictionary("return_reason"), N_("Reason for return"), derived=True, look="text")
    return_note: Mapped[str] = column.text(2000, N_("Grounds for return"), derived=True)
    return_due_at: Mapped[datetime | None] = column.moment(N_("Return to be decided by"), derived=True)
    withdrawn_at: Mapped[datetime | None] = column.moment(N_("Withdrawn"), derived=True)
    accuracy: Mapped[str] = column.choice(dictionary("rate_accuracy"), N_("Call accuracy"), derived=True, filtered=True)
    arrival: Mapped[str] = column.choice(ARRIVAL, N_("Report-in"), derived=True, filtered=True)
    effect: Mapped[str] = column.choice(EFFECT, N_("Effect"), derived=True, filtered=True)

    def label(self) -> Any:
        """The call and the unit."""
        return f"{self.call.label()} · {self.unit.label()}" if self.call and self.unit else f"#{self.id}"


RESOURCE = Resource(
    CalledUnit,
    singular=N_("Called unit"),
    plural=N_("Called units"),
    area="tickets",
    icon="bell-concierge",
    natural_key=("call", "unit"),
    order="-id",
    allows=frozenset(),
    menu=False,
    path="called-units",
    clock=("due_at", "finished_at"),
)
