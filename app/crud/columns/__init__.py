"""The kinds of column a table can declare, each knowing how to read, check, show and export its values."""

from __future__ import annotations

from app.crud.columns.base import Field, Origin, Reading, Rule
from app.crud.columns.choices import Choice, Option, Options
from app.crud.columns.links import Link, Links
from app.crud.columns.localized import Localized
from app.crud.columns.moments import Day, Moment
from app.crud.columns.numbers import Flag, Number
from app.crud.columns.texts import Text

__all__ = [
    "Choice",
    "Day",
    "Field",
    "Flag",
    "Link",
    "Links",
    "Localized",
    "Moment",
    "Number",
    "Option",
    "Options",
    "Origin",
    "Reading",
    "Rule",
    "Text",
]
