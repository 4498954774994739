"""What one version of a scheme changes against another: lines that came, went or changed, and the version's own terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.evaluation import Scheme
from app.domain.refusals import N_
from app.domain.scorecard import Line

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

TERMS = {
    "full_marks": N_("Full marks"),
    "bonus_cap": N_("Bonus at most"),
    "min_sample": N_("Small sample below"),
    "ties": N_("Equal scores"),
}
"""What belongs to the version itself."""

PARTS = {
    "measure": N_("Indicator"),
    "names": N_("Name"),
    "section": N_("Section"),
    "weight": N_("Weight"),
    "rule": N_("Rule"),
    "target": N_("Target (%)"),
    "na_policy": N_("Where there is no figure"),
    "appeal": N_("Appeals"),
}
"""What belongs to a line. A rule is its shape with its parameters."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that differs; ``parts`` says in what."""

    kind: str
    code: str
    old: Line | None
    new: Line | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemeDifference:
    """Everything that differs: the terms by name, and the lines in the newer version's order, those that went last."""

    terms: tuple[str, ...]
    lines: tuple[LineChange, ...]


def difference(old: Scheme, new: Scheme) -> SchemeDifference:
    """What ``new`` changes against ``old``; the order of lines is no difference."""
    before, after = {line.code: line for line in old.lines}, {line.code: line for line in new.lines}
    found = [_compared(before.get(line.code), line) for line in new.lines]
    gone = [_compared(line, None) for line in old.lines if line.code not in after]
    terms = tuple(name for name in TERMS if getattr(old, name) != getattr(new, name))
    return SchemeDifference(terms, tuple(change for change in (*found, *gone) if change.parts))


def _compared(old: Line | None, new: Line | None) -> LineChange:
    kind = ADDED if old is None else REMOVED if new is None else CHANGED
    there = new or old
    assert there is not None
    if old is None or new is None:
        return LineChange(kind, there.code, old, new, tuple(PARTS))
    same: Mapping[str, bool] = {
        "measure": old.measured == new.measured,
        "rule": (old.shape, dict(old.params)) == (new.shape, dict(new.params)),
        **{name: getattr(old, name) == getattr(new, name) for name in ("names", "section", "weight", "target", "na_policy", "appeal")},
    }
    return LineChange(kind, there.code, old, new, tuple(part for part in PARTS if not same[part]))
