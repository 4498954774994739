"""Bulletins (通报): an evaluation's official sentences, one text per language, drafted from its figures and approved by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.columns import Option
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.domain.bulletin import APPROVED, DRAFT, STATES
from app.domain.refusals import N_
from app.entities.evaluation import Evaluation

LANGUAGES = (Option("zh", N_("Chinese")), Option("en", N_("English")))
TONES = {DRAFT: "warn", APPROVED: "ok"}


class Bulletin(Entity):
    """One text. Its figures are placeholders, filled from the evaluation whenever it is read; an approved text stays as it is."""

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("evaluation_id", "language"),)

    evaluation: Mapped[Evaluation] = column.link(
        "Evaluation", N_("Evaluation"), table="evaluation", required=True, listed=True, filtered=True, on_delete="CASCADE", derived=True
    )
    language: Mapped[str] = column.choice(LANGUAGES, N_("Language"), required=True, listed=True, filtered=True, look="text", derived=True)
    state: Mapped[str] = column.choice(
        tuple(Option(code, label, tone=TONES[code]) for code, label in STATES.items()),
        N_("State"),
        default=DRAFT,
        required=True,
        listed=True,
        filtered=True,
        derived=True,
    )
    text: Mapped[str] = column.long_text(N_("Text"), derived=True, lines=12)
    approved_at: Mapped[datetime | None] = column.moment(N_("Approved at"), listed=True, derived=True)
    approved_by: Mapped[str] = column.text(128, N_("Approved by"), listed=True, derived=True)

    def label(self) -> Any:
        """Period and language."""
        return f"{self.evaluation.period} · {self.language}" if self.evaluation else f"#{self.id}"


RESOURCE = Resource(
    Bulletin,
    singular=N_("Bulletin"),
    plural=N_("Bulletins"),
    area="evaluation",
    icon="newspaper",
    menu=False,
    natural_key=("evaluation", "language"),
    order="-id",
    allows=frozenset(),
    about=N_("The official sentences about each evaluation, in both languages."),
)
