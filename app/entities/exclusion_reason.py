"""Reasons for excluding a ticket from figures (剔除原因): the code list, and from which figures each may take one out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Mapped

from app.crud import declare as column
from app.crud.entity import Entity
from app.crud.resource import Resource
from app.crud.rules import CODE
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, Refused


def codes_of(text: str) -> tuple[str, ...]:
    """``DONE, SIGN10`` as codes, in capitals."""
    return tuple(part.strip().upper() for part in text.replace("，", ",").split(",") if part.strip())


def _indicators_are_known(values: Mapping[str, Any], _row: Any) -> None:
    for code in codes_of(values.get("indicators") or ""):
        if code not in all_indicators():
            raise Refused("unknown-indicator", N_("There is no indicator %(line)s."), field="indicators", line=code)


class ExclusionReason(Entity):
    """A reason. ``indicators`` are the figures it may take a ticket out of; none named means all of them."""

    __tablename__ = "exclusion_reason"

    code: Mapped[str] = column.text(40, N_("Code"), required=True, unique=True, fixed=True, search=True, listed=True, rules=[CODE])
    name: Any = column.localized(80, N_("Name"), required=True, search=True, listed=True)
    indicators: Mapped[str] = column.text(
        400,
        N_("Only for these indicators"),
        listed=True,
        help=N_("Codes with commas between; empty: for all indicators."),
        example="DONE, DONE_OT",
    )
    basis: Mapped[str] = column.text(400, N_("Basis"))
    position: Mapped[int] = column.number(N_("Position in lists"), default=100, least=0, most=9999)
    active: Mapped[bool] = column.flag(N_("In use"), default=True, listed=True, filtered=True)

    def allows(self, indicator: str) -> bool:
        """Whether it may take a ticket out of ``indicator`` (``*`` for all of them)."""
        named = codes_of(self.indicators or "")
        return not named or indicator in named


RESOURCE = Resource(
    ExclusionReason,
    singular=N_("Exclusion reason"),
    plural=N_("Exclusion reasons"),
    area="evaluation",
    icon="filter-circle-xmark",
    position=60,
    order="position",
    rules=(_indicators_are_known,),
    path="exclusion-reasons",
    about=N_("Why a ticket may be taken out of figures, and out of which ones."),
)
