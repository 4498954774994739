"""A scorecard as plain figures: what the JSON file and the REST answer carry, digit for digit what paper and sheets print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from app.domain.refusals import Phrase
from app.domain.rounding import half_up
from app.domain.scorecard import Group, Line, LineScore, Names, Scorecard, UnitScore

Tellers = Mapping[str, Callable[[Phrase], str]]
"""By language, who says a sentence in it."""


def figures(scorecard: Scorecard, tellers: Tellers | None = None) -> dict[str, Any]:
    """The scorecard in plain types (dicts, lists, strings, integers, booleans, ``None``).

    ``groups`` say what is scored and how; ``units`` are all units in one list: each group's ranked ones, best first, then those apart.
    Counts are integers; points, scores and weights decimal strings with two places, rounded half up;
    rates and targets decimal strings in percent, with two places; a figure of form ``duration`` has no rate, but ``mean``, and its
    comparisons are in seconds like it. Full seconds are integers; a size (area × population) is the exact fraction. Instants are
    ISO 8601 in UTC. What does not apply is ``None`` and says ``why``, never 0 (domain handbook §2.5). Sentences are English; each
    language of ``tellers`` says them too, under their name with the language behind it (``why_zh``).
    """
    told = tellers or {}
    return {
        "period": {
            "key": scorecard.period.key,
            "kind": scorecard.period.kind,
            "first": scorecard.period.first.isoformat(),
            "after": scorecard.period.after.isoformat(),
            "zone": scorecard.period.zone,
        },
        "district": _names(scorecard.district),
        "product": _names(scorecard.product),
        "state": scorecard.state,
        "revision": scorecard.revision,
        "as_of": _instant(scorecard.as_of),
        "computed_at": _instant(scorecard.computed_at),
        "published_at": _instant(scorecard.published_at),
        "published_by": scorecard.published_by,
        "list_version": scorecard.list_version,
        "calendar_version": scorecard.calendar_version,
        "snapshot_hash": scorecard.snapshot_hash,
        "url": scorecard.url,
        "demo": scorecard.demo,
        "tickets": scorecard.tickets,
        "excluded": scorecard.excluded,
        "reason": scorecard.reason,
        **_told("notes", scorecard.notes, told),
        "groups": [_group(group) for group in scorecard.groups],
        "units": [_unit(group, unit, told) for group in scorecard.groups for unit in (*group.units, *group.apart)],
        "checks": [
            {"code": c.code, "title": c.title, "severity": c.severity, "count": c.count, **_told("note", c.note, told)}
            for c in scorecard.checks
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "code": group.code,
        "names": _names(group.names),
        "scheme": _names(group.scheme),
        "scheme_version": group.scheme_version,
        "full_marks": _figure(group.full_marks),
        "min_sample": group.min_sample,
        "ties": group.ties,
        "bonus_cap": _figure(group.bonus_cap),
        "ranked": len(group.units),
        "apart": len(group.apart),
        "lines": [_line(line) for line in group.lines],
        "total": {line.code: _total(line, *group.total[line.code]) for line in group.lines if line.code in group.total},
    }


def _total(line: Line, n: int, d: int) -> dict[str, Any]:
    return {"n": n, "d": d, **_measured(line, Fraction(n, d) if d else None)}


def _measured(line: Line, value: Fraction | None) -> dict[str, Any]:
    """A rate in percent, or, of a duration, its mean in seconds."""
    return {"rate": None, "mean": _figure(value)} if line.form == "duration" else {"rate": _rate(value)}


def _line(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "weight": _figure(line.weight),
        "shape": line.shape,
        "params": dict(sorted(line.params.items())),
        "na_policy": line.na_policy,
        "target": _figure(line.target),
        "direction": line.direction,
        "form": line.form,
        "parts": line.parts,
        "measure": line.measured,
        "names": None if line.names is None else _names(line.names),
        "section": line.section,
        "appeal": line.appeal,
    }


def _unit(group: Group, unit: UnitScore, told: Tellers) -> dict[str, Any]:
    return {
        "group": group.code,
        "source_code": unit.source_code,
        "code": unit.code,
        "names": _names(unit.names),
        "score": None if unit.score is None else str(half_up(unit.score)),
        "uncapped": _figure(unit.uncapped),
        "rank": unit.rank,
        "previous_rank": unit.previous_rank,
        "moved": unit.moved,
        "size": None if unit.size is None else str(unit.size),
        "margin": _figure(unit.margin),
        "noise": unit.noise,
        **_told("apart", unit.apart, told),
        "indicators": {line.code: _score(line, unit.lines[line.code], told) for line in group.lines if line.code in unit.lines},
        "history": [
            {"period": past.key, "score": None if past.score is None else str(half_up(past.score)), "rank": past.rank}
            for past in unit.history
        ],
    }


def _score(line: Line, score: LineScore, told: Tellers) -> dict[str, Any]:
    compared = _figure if line.form == "duration" else _rate
    return {
        "n": score.n,
        "d": score.d,
        **_measured(line, score.rate),
        "median": score.median,
        "p90": score.p90,
        "weight": _figure(score.weight),
        "full": _figure(score.full),
        "points": _figure(score.points),
        "lost": _figure(score.lost),
        "rank": score.rank,
        **_told("why", score.why, told),
        "pending": score.pending,
        "unknown": score.unknown,
        "excluded": score.excluded,
        "small": score.small,
        "note": score.note,
        "low": _rate(score.low),
        "high": _rate(score.high),
        "previous": compared(score.previous),
        "year_before": compared(score.year_before),
    }


def _names(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}


def _figure(value: Fraction | None) -> str | None:
    return None if value is None else str(half_up(value))


def _rate(value: Fraction | None) -> str | None:
    return None if value is None else str(half_up(value * 100))


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _told(name: str, said: Phrase | tuple[Phrase, ...] | None, tellers: Tellers) -> dict[str, Any]:
    """One sentence, or several, in English under ``name`` and in every further language beside it."""
    says: dict[str, Callable[[Phrase], str]] = {name: str} | {f"{name}_{language}": tell for language, tell in tellers.items()}
    if isinstance(said, tuple):
        return {key: [tell(one) for one in said] for key, tell in says.items()}
    return {key: None if said is None else tell(said) for key, tell in says.items()}
