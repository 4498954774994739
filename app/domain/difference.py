"""What a later revision changed: per unit its score and rank, per line its integers, per duty what is new, gone, changed or excluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.domain.facts import Fact
from app.domain.indicators.base import Marks
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Group, LineScore, Names, UnitScore

ADDED, GONE, CHANGED, EXCLUDED, RESTORED = "added", "gone", "changed", "excluded", "restored"
KINDS: Mapping[str, str] = {
    ADDED: N_("New in the figures"),
    GONE: N_("No longer in the figures"),
    CHANGED: N_("Data corrected"),
    EXCLUDED: N_("Excluded"),
    RESTORED: N_("Exclusion withdrawn"),
}
"""Why a duty counts differently."""

FIELDS: Mapping[str, str] = {
    "reported_at": N_("Reported"),
    "dispatched_at": N_("Dispatched"),
    "signed_at": N_("Signed"),
    "response_due_at": N_("Response due"),
    "responded_at": N_("Responded"),
    "contact_due_at": N_("First contact due"),
    "contacted_at": N_("First contact"),
    "appointment_at": N_("Report in at"),
    "reported_in_at": N_("Reported in"),
    "returned_at": N_("Return requested at"),
    "extended_at": N_("Extended"),
    "paused_at": N_("Suspended"),
    "due_at": N_("Due"),
    "completed_at": N_("Completed"),
    "completed": N_("Completed"),
    "on_time": N_("In time"),
    "withdrawn_at": N_("Taken back"),
    "reopened_at": N_("Reopened"),
    "rated_at": N_("Rated"),
    "rating": N_("Rating"),
    "solved_at": N_("Followed up"),
    "solved": N_("Outcome told by the citizen"),
    "returned": N_("Return"),
    "reworks": N_("Rework"),
    "unit_id": N_("Unit"),
    "excluded": N_("Excluded"),
}
"""How the parts of a duty are called; what is not named here is called other data."""
OTHER = N_("Other data")


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line of one unit, before and after; ``None`` where the line, or the unit, was not there."""

    code: str
    title: Phrase
    before: LineScore | None
    after: LineScore | None


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit, before and after; ``lines`` are only those whose integers or points differ."""

    group: str
    code: str
    names: Names
    score_before: Decimal | None
    score_after: Decimal | None
    rank_before: int | None
    rank_after: int | None
    lines: tuple[LineChange, ...]

    @property
    def gained(self) -> Decimal | None:
        """Points gained (+) or lost (−), where there is a score on both sides."""
        return None if self.score_before is None or self.score_after is None else self.score_after - self.score_before

    @property
    def moved(self) -> int | None:
        """Places gained (+) or lost (−)."""
        return None if self.rank_before is None or self.rank_after is None else self.rank_before - self.rank_after

    @property
    def changed(self) -> bool:
        """Whether anything at all differs."""
        return bool(self.lines) or self.score_before != self.score_after or self.rank_before != self.rank_after


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One part of a duty, before and after."""

    name: str
    label: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class DutyChange:
    """One duty that counts differently, or whose data differ: why, what of it, and its verdict per indicator before and after."""

    key: str
    ticket_id: int
    ticket_no: str
    group: str
    unit_id: int
    unit: Names
    kind: str
    fields: tuple[FieldChange, ...]
    verdicts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two revisions of one period's evaluation side by side."""

    revision_before: int
    revision_after: int
    hash_before: str
    hash_after: str
    reason: str
    units: tuple[UnitChange, ...]
    duties: tuple[DutyChange, ...]

    @property
    def empty(self) -> bool:
        """Whether the two say the same."""
        return not self.duties and not any(unit.changed for unit in self.units)


def unit_changes(before: Iterable[Group], after: Iterable[Group]) -> tuple[UnitChange, ...]:
    """Every unit of both revisions, in the order of the later ranking; those that are gone stand last."""
    old, new = _units(before), _units(after)
    return tuple(_unit_change(key, old.get(key), new.get(key)) for key in (*new, *(key for key in old if key not in new)))


_Place = tuple[Group, UnitScore]


def _units(groups: Iterable[Group]) -> dict[tuple[str, str], _Place]:
    return {(group.code, unit.code): (group, unit) for group in groups for unit in (*group.units, *group.apart)}


def _unit_change(key: tuple[str, str], old: _Place | None, new: _Place | None) -> UnitChange:
    present = new or old
    assert present is not None
    titles = {line.code: line.title for place in (old, new) if place for line in place[0].lines}
    ours, theirs = (place[1].lines if place else {} for place in (old, new))
    lines = [LineChange(code, title, ours.get(code), theirs.get(code)) for code, title in titles.items()]
    return UnitChange(
        group=key[0],
        code=key[1],
        names=present[1].names,
        score_before=old[1].score if old else None,
        score_after=new[1].score if new else None,
        rank_before=old[1].rank if old else None,
        rank_after=new[1].rank if new else None,
        lines=tuple(line for line in lines if _counted(line.before) != _counted(line.after)),
    )


def _counted(score: LineScore | None) -> tuple[int, int, int, Fraction | None] | None:
    return None if score is None else (score.n, score.d, score.excluded, score.points)


def duty_changes(before: Iterable[Marks], after: Iterable[Marks], names: Mapping[int, Names]) -> tuple[DutyChange, ...]:
    """The duties that differ between two revisions, in order of ticket and key; ``names`` are the units'."""
    old = {mark.fact.key: mark for mark in before}
    new = {mark.fact.key: mark for mark in after}
    found = [_duty_change(old.get(key), new.get(key), names) for key in old.keys() | new.keys() if _differs(old.get(key), new.get(key))]
    return tuple(sorted(found, key=lambda one: (one.ticket_no, one.key)))


def _differs(old: Marks | None, new: Marks | None) -> bool:
    """An exclusion that touches no figure of the duty is no difference."""
    if old is None or new is None or old.verdicts != new.verdicts:
        return True
    return replace(old.fact, excluded={}) != replace(new.fact, excluded={})


def _duty_change(old: Marks | None, new: Marks | None, names: Mapping[int, Names]) -> DutyChange:
    present = new or old
    assert present is not None
    fact = present.fact
    changed = _fields(old.fact, new.fact) if old and new else ()
    said = {code: mark.value for code, mark in (old.verdicts if old else {}).items()}
    says = {code: mark.value for code, mark in (new.verdicts if new else {}).items()}
    return DutyChange(
        key=fact.key,
        ticket_id=fact.ticket_id,
        ticket_no=fact.ticket_no,
        group=fact.group,
        unit_id=fact.unit_id,
        unit=names.get(fact.unit_id, Names("")),
        kind=_kind(old, new, {one.name for one in changed}),
        fields=changed,
        verdicts=tuple((code, said.get(code, ""), says.get(code, "")) for code in {**said, **says} if said.get(code) != says.get(code)),
    )


def _kind(old: Marks | None, new: Marks | None, names: set[str]) -> str:
    if old is None or new is None:
        return ADDED if old is None else GONE
    if names == {"excluded"}:
        return EXCLUDED if len(new.fact.excluded) >= len(old.fact.excluded) else RESTORED
    return CHANGED


def _fields(old: Fact, new: Fact) -> tuple[FieldChange, ...]:
    pairs = ((one.name, getattr(old, one.name), getattr(new, one.name)) for one in fields(Fact))
    return tuple(FieldChange(name, FIELDS.get(name, OTHER), was, now) for name, was, now in pairs if was != now)
