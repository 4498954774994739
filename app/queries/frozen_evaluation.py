"""A frozen evaluation worked out again from nothing but what was frozen with it: to prove it, and to see what an exclusion would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.evaluation import Assessed, Manual, Scheme, evaluate_group
from app.domain.facts import Fact
from app.domain.indicators.base import Marks
from app.domain.period import Period
from app.domain.scorecard import BASIC, MANUAL, Group, Line, LineScore, UnitScore
from app.entities.evaluation import Evaluation
from app.queries.frozen_facts import frozen_facts
from app.queries.frozen_groups import groups_of
from app.queries.scores import period_of

Wish = tuple[int, int, str]
"""A ticket, a unit and an indicator (or ``*``): what is to be taken out of the figures."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """What an evaluation kept: its period, its cut-off, its result, and the duties it stands on."""

    period: Period
    as_of: datetime
    groups: tuple[Group, ...]
    facts: tuple[Fact, ...]

    def group(self, code: str) -> Group:
        """One group; ``KeyError`` when there is none."""
        return {group.code: group for group in self.groups}[code]


def frozen(session: Session, evaluation: Evaluation) -> Frozen:
    """Everything an evaluation stands on, as it was kept."""
    period = replace(period_of(evaluation), opened=evaluation.opened)
    return Frozen(period, evaluation.as_of, groups_of(session, evaluation.id), tuple(frozen_facts(session, evaluation.id)))


def scheme_of(group: Group) -> Scheme:
    """The scheme version a frozen group was scored by."""
    return Scheme(group.scheme, group.scheme_version, group.lines, group.full_marks, group.min_sample, group.ties, group.bonus_cap)


def worked_again(
    kept: Frozen, wishes: Mapping[Wish, str] | None = None, manual: Manual | None = None, only: str = ""
) -> tuple[list[Group], list[Marks]]:
    """The groups (or ``only`` one of them) and verdicts as they come out of the frozen duties.

    ``wishes`` are further exclusions with their reason codes; ``manual`` replaces points that were entered by hand.
    """
    facts = _with_wishes(kept.facts, wishes or {})
    groups: list[Group] = []
    marks: list[Marks] = []
    for group in kept.groups:
        if only and group.code != only:
            continue
        units = {unit.unit_id: assessed(unit) for unit in (*group.units, *group.apart)}
        entries = {**by_hand(group), **(manual or {})}
        found, told = evaluate_group(group.code, group.names, scheme_of(group), facts, units, kept.period, kept.as_of, entries)
        groups.append(found)
        marks += told
    return groups, marks


def _with_wishes(facts: Sequence[Fact], wishes: Mapping[Wish, str]) -> list[Fact]:
    if not wishes:
        return list(facts)
    by_pair: dict[tuple[int, int], dict[str, str]] = {}
    for (ticket, unit, indicator), reason in wishes.items():
        by_pair.setdefault((ticket, unit), {})[indicator] = reason
    return [
        replace(fact, excluded={**fact.excluded, **more}) if (more := by_pair.get((fact.ticket_id, fact.unit_id))) else fact
        for fact in facts
    ]


def assessed(unit: UnitScore) -> Assessed:
    """A unit as it was assessed: its names, history, earlier rates and size of then."""
    before = {code: line.previous for code, line in unit.lines.items() if line.previous is not None}
    year = {code: line.year_before for code, line in unit.lines.items() if line.year_before is not None}
    return Assessed(unit.code, unit.names, unit.source_code, unit.history, before, year, unit.size)


def by_hand(group: Group) -> dict[tuple[int, str], tuple[Fraction, str]]:
    """What was entered by hand, read off the points it became."""
    return {
        (unit.unit_id, line.code): (entered, unit.lines[line.code].note)
        for line in group.lines
        if line.shape == MANUAL
        for unit in (*group.units, *group.apart)
        if (entered := _entered(line, unit.lines[line.code])) is not None
    }


def _entered(line: Line, score: LineScore) -> Fraction | None:
    if score.points is None:
        return None
    if line.section == BASIC:
        return score.points * line.weight / score.full if score.full else None
    return abs(score.points)
