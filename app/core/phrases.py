"""Phrases on paper: a sentence to be spoken later, kept as JSON in tables and files, values and all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.domain.refusals import Phrase
from app.domain.scorecard import Names


def to_json(phrase: Phrase | None) -> dict[str, Any] | None:
    """A phrase as JSON."""
    if phrase is None:
        return None
    return {"m": phrase.message, "v": {key: _value(value) for key, value in phrase.values.items()}}


def from_json(data: Mapping[str, Any] | None) -> Phrase | None:
    """The phrase that ``to_json`` wrote."""
    if data is None:
        return None
    return Phrase(data["m"], **{key: _restored(value) for key, value in data.get("v", {}).items()})


def _value(value: Any) -> Any:
    if isinstance(value, Phrase):
        return {"phrase": to_json(value)}
    if isinstance(value, Names):
        return {"names": [value.zh, value.en]}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (Decimal, Fraction)):
        return {"exact": str(value)}
    if isinstance(value, (list, tuple)):
        return {"list": [_value(item) for item in value]}
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kind, inner = next(iter(value.items()))
    if kind == "phrase":
        return from_json(inner)
    if kind == "names":
        return Names(*inner)
    if kind == "moment":
        return datetime.fromisoformat(inner)
    if kind == "day":
        return date.fromisoformat(inner)
    if kind == "list":
        return [_restored(item) for item in inner]
    return Fraction(inner) if "/" in inner else Decimal(inner)
