"""Number series: the last number given out in each, raised in one statement so that no number is given twice."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column


class NumberSeries(Model):
    """A series, for example the tickets of one day."""

    __tablename__ = "number_series"
    __table_args__: Any = {}

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
