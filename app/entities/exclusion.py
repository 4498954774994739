"""Exclusions (剔除): a ticket taken out of one figure or of all, by a rule or after an appeal, with reason, proof and name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.indicators import all_indicators
from app.domain.refusals import N_
from app.entities.exclusion_reason import ExclusionReason
from app.entities.ticket import Ticket
from app.entities.unit import Unit

ALL = "*"
RULE, APPEAL = "rule", "appeal"
ORIGINS = (Option(RULE, N_("By rule"), tone="neutral"), Option(APPEAL, N_("After an appeal"), tone="warn"))


def indicator_options() -> list[Option]:
    """All figures together, and each by itself."""
    return [Option(ALL, N_("All indicators")), *(Option(i.code, i.name) for i in all_indicators().values())]


class Exclusion(Entity):
    """One exclusion; without ``unit`` it holds for every unit that had the ticket. Withdrawn ones stay readable."""

    __tablename__ = "exclusion"

    ticket: Mapped[Ticket] = column.link(
        "Ticket", N_("Ticket"), table="ticket", required=True, listed=True, on_delete="CASCADE", derived=True
    )
    indicator: Mapped[str] = column.choice(
        indicator_options, N_("Indicator"), default=ALL, required=True, listed=True, filtered=True, look="text", derived=True
    )
    unit: Mapped[Unit | None] = column.link("Unit", N_("Only for unit"), table="unit", listed=True, filtered=True, derived=True)
    reason: Mapped[ExclusionReason] = column.link(
        "ExclusionReason", N_("Reason"), table="exclusion_reason", required=True, listed=True, filtered=True, derived=True
    )
    origin: Mapped[str] = column.choice(ORIGINS, N_("Entered"), default=RULE, required=True, listed=True, filtered=True, derived=True)
    basis: Mapped[str] = column.text(400, N_("Rule"), derived=True)
    note: Mapped[str] = column.text(1000, N_("Note"), derived=True)
    entered_at: Mapped[datetime] = column.moment(N_("Entered at"), required=True, listed=True, filtered=True, derived=True)
    entered_by: Mapped[str] = column.text(128, N_("Entered by"), listed=True, derived=True)
    withdrawn_at: Mapped[datetime | None] = column.moment(N_("Withdrawn at"), listed=True, filtered=True, derived=True)
    withdrawn_by: Mapped[str] = column.text(128, N_("Withdrawn by"), derived=True)

    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id", ondelete="SET NULL"), index=True)

    def label(self) -> Any:
        """Ticket and figure."""
        return f"{self.ticket.number} · {self.indicator}" if self.ticket else f"#{self.id}"


RESOURCE = Resource(
    Exclusion,
    singular=N_("Exclusion"),
    plural=N_("Exclusions"),
    area="evaluation",
    icon="filter-circle-xmark",
    position=14,
    natural_key=("ticket", "indicator"),
    order="-id",
    allows=frozenset(),
    about=N_("Tickets taken out of figures, each with its reason, its rule or appeal, and who entered it."),
    empty=N_("No ticket is excluded. One is excluded from the page of the figure it counts in."),
)
