"""The seal of an evaluation: one SHA-256 over everything its figures depend on, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, cast

from app.domain.evaluation import Scheme
from app.domain.facts import Fact
from app.domain.period import Period
from app.domain.scorecard import MANUAL, Group, Line
from app.domain.scoring import bonus_room

FORM = 2
"""Raised whenever the canonical form changes, so that old seals are checked with the old form.

Form 1 wrote every field of a fact and of a scheme line, of those that there were then (``AT_FIRST``). Form 2 leaves out what
stands at its default, so that a field added later changes no seal of a duty that knows nothing of it.
"""

AT_FIRST: Mapping[type, frozenset[str]] = {
    Line: frozenset({"code", "name", "weight", "shape", "params", "na_policy", "target", "direction", "form"}),
    Fact: frozenset(
        {
            *("key", "ticket_id", "ticket_no", "group", "unit_id", "kind", "ordinal", "reported_at", "dispatched_at", "signed_at"),
            *("auto_signed", "response_due_at", "responded_at", "due_at", "completed_at", "completed", "on_time", "withdrawn_at"),
            *("returned", "reworks", "rating", "rated_at", "excluded", "unknown"),
        }
    ),
}


def snapshot_digest(
    *,
    period: Period,
    as_of: datetime,
    schemes: Mapping[str, Scheme | Mapping[str, Any]],
    list_version: str,
    calendar_version: str,
    facts: Iterable[Fact],
    groups: Iterable[Group] = (),
    form: int = FORM,
) -> str:
    """SHA-256 (hex) over one canonical JSON array: a head, then every fact in order of its key.

    ``schemes`` are the scheme versions by group code, or what was sealed of them (``sealed``). ``groups`` tell what else figures
    depend on. Neither the order of the input nor the machine's hash seed, locale or time zone has any influence; fractions are
    "n/d", instants ISO in UTC, and floating numbers are a ``TypeError`` because they cannot be sealed exactly.
    """
    beside = beside_duties(groups)
    head = {
        "form": form,
        "period": period,
        "as_of": as_of,
        "schemes": {code: sealed(scheme) if isinstance(scheme, Scheme) else scheme for code, scheme in schemes.items()},
        "list_version": list_version,
        "calendar_version": calendar_version,
        **({"beside": beside} if beside else {}),
    }
    digest = hashlib.sha256(b"[" + _json(head, form))
    for fact in sorted(facts, key=lambda fact: fact.key):
        digest.update(b"," + _json(fact, form))
    digest.update(b"]")
    return digest.hexdigest()


def sealed(scheme: Scheme) -> dict[str, Any]:
    """The part of a scheme version that figures depend on."""
    lines = {line.code: line for line in scheme.lines}
    return {
        "version": scheme.version,
        "full_marks": scheme.full_marks,
        "min_sample": scheme.min_sample,
        "ties": scheme.ties,
        "lines": lines,
        **({"bonus_cap": scheme.bonus_cap} if scheme.bonus_cap is not None and bonus_room(scheme.lines) else {}),
    }


def beside_duties(groups: Iterable[Group]) -> dict[str, Any]:
    """What figures depend on beside duties, by unit: its size, and what was entered by hand; nothing where there is neither."""
    found: dict[str, Any] = {}
    for group in groups:
        by_hand = [line for line in group.lines if line.shape == MANUAL]
        for unit in (*group.units, *group.apart):
            entries = {line.code: [score.points, score.note] for line in by_hand if (score := unit.lines[line.code]).note}
            if unit.size is not None or entries:
                found[f"{group.code}/{unit.unit_id}"] = [unit.size, entries]
    return found


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
"""One for all: what is written is written in one way."""


def _json(value: Any, form: int) -> bytes:
    return _WRITER.encode(canonical(value, form)).encode("ascii")


def canonical(value: Any, form: int = FORM) -> Any:
    """``value`` in the few shapes JSON writes in one way only: texts, whole numbers, truth values, lists, objects.

    Raises ``TypeError`` for floats and anything else without an exact written form, ``ValueError`` for an
    instant without a zone.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"an instant without a zone cannot be sealed: {value}")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): canonical(item, form) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(canonical(item, form) for item in value)
    if isinstance(value, (list, tuple)):
        return [canonical(item, form) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _told(value, form)
    raise TypeError(f"{type(value).__name__} has no exact written form")


def _told(value: Any, form: int) -> dict[str, Any]:
    found = {}
    for name, default in _written(cast(Any, type(value)), form):
        held = getattr(value, name)
        if held is not default and (default is MISSING or held != default):
            found[name] = held if held is None or type(held) in PLAIN else canonical(held, form)
    return found


PLAIN = frozenset({str, int, bool})


@cache
def _written(kind: Any, form: int) -> tuple[tuple[str, Any], ...]:
    """The fields that are written, and the default at which they are left out (form 1: none); what follows from others is not told."""
    own = [one for one in fields(kind) if one.init]
    if form == 1:
        return tuple((one.name, MISSING) for one in own if one.name in AT_FIRST.get(kind, (one.name,)))
    return tuple((one.name, one.default_factory() if one.default_factory is not MISSING else one.default) for one in own)
