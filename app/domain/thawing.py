"""Frozen duties back as facts: what a kept evaluation wrote of them (``snapshot.canonical``), read again value for value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from app.domain.facts import Fact, Mark

_KNOWN = frozenset(one.name for one in fields(Fact))


def thawed(columns: Mapping[str, Any], more: Mapping[str, Any]) -> Fact:
    """The fact whose columns and further fields were kept; older evaluations kept fewer, and the others stand at their defaults."""
    values = {name: value for name, value in columns.items() if name in _KNOWN}
    values |= {name: _read(name, value) for name, value in more.items() if name in _KNOWN}
    values["unknown"] = frozenset(values.get("unknown") or ())
    return Fact(**values)


def _read(name: str, value: Any) -> Any:
    if name in ("received", "owed"):
        return None if value is None else Mark(**{one: _read(one, said) for one, said in value.items()})
    if name in ("calls", "earlier"):
        return tuple(datetime.fromisoformat(moment) for moment in value)
    if name.endswith(("_at", "_by")) and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
