"""Appeals (申诉): a unit contests one line of its own scorecard in a preliminary list; what was asked, heard and decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.appeals import KINDS, STATES
from app.domain.refusals import N_
from app.entities.evaluation import Evaluation
from app.entities.unit import Unit

TONES = {"open": "warn", "withdrawn": "neutral", "upheld": "ok", "partly": "ok", "rejected": "neutral"}


class Appeal(Entity):
    """One appeal.

    ``tickets`` are the tickets it names, ``granted`` those that were decided for it; ``value`` is what was decided
    for a line that is set by hand. ``effect`` is what upholding it would change, as it was told when it was filed.
    """

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("evaluation_id", "unit_id", "line"),)
    __logged__ = False

    evaluation: Mapped[Evaluation] = column.link(
        "Evaluation", N_("Evaluation"), table="evaluation", required=True, listed=True, filtered=True, on_delete="CASCADE", derived=True
    )
    unit: Mapped[Unit] = column.link("Unit", N_("Unit"), table="unit", required=True, listed=True, filtered=True, derived=True)
    group: Mapped[str] = column.text(20, N_("Group"), derived=True, hidden=True)
    line: Mapped[str] = column.text(40, N_("Line"), required=True, listed=True, filtered=True, derived=True)
    kind: Mapped[str] = column.choice(
        tuple(Option(code, label) for code, label in KINDS.items()), N_("Kind"), required=True, listed=True, filtered=True, derived=True
    )
    state: Mapped[str] = column.choice(
        tuple(Option(code, label, tone=TONES[code]) for code, label in STATES.items()),
        N_("State"),
        default="open",
        required=True,
        listed=True,
        filtered=True,
        derived=True,
    )
    text: Mapped[str] = column.text(2000, N_("Grounds"), derived=True)
    filed_at: Mapped[datetime] = column.moment(N_("Filed"), required=True, listed=True, filtered=True, derived=True)
    filed_by: Mapped[str] = column.text(128, N_("Filed by"), derived=True)
    decided_at: Mapped[datetime | None] = column.moment(N_("Decided"), listed=True, filtered=True, derived=True)

    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    nodes: Mapped[list[str]] = mapped_column(JSON, nullable=False, default=list)
    tickets: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    granted: Mapped[list[int]] = mapped_column(JSON, nullable=False, default=list)
    value: Mapped[str] = mapped_column(nullable=False, default="")
    effect: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)

    def label(self) -> Any:
        """Period, unit and line."""
        return f"{self.evaluation.period} · {self.line}" if self.evaluation else f"#{self.id}"


RESOURCE = Resource(
    Appeal,
    singular=N_("Appeal"),
    plural=N_("Appeals"),
    area="evaluation",
    icon="gavel",
    position=12,
    natural_key=("evaluation", "unit", "line"),
    order="-id",
    tabs="state",
    allows=frozenset(),
    about=N_("What units contested in preliminary lists, who heard it, and what was decided."),
    empty=N_("Nobody has appealed. A unit appeals a line from its own scorecard while a preliminary list is open."),
)
