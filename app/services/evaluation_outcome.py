"""What decided appeals mean for figures: exclusions of the tickets that were granted, and points by hand that were adjusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.scorecard import Group, Line
from app.entities.appeal import Appeal
from app.entities.exclusion import Exclusion
from app.entities.exclusion_reason import ExclusionReason
from app.queries.appeals import steps_of, wishes_of
from app.queries.frozen_evaluation import Wish


def line_in(groups: Iterable[Group], group: str, code: str) -> Line | None:
    """A line of a group's scheme; nothing where there is none."""
    return next((line for one in groups if one.code == group for line in one.lines if line.code == code), None)


def wishes_of_appeals(session: Session, groups: Sequence[Group], appeals: Sequence[Appeal]) -> dict[Wish, str]:
    """Everything that upheld appeals take out, with the reason each exclusion carries."""
    rows = session.execute(
        select(Exclusion.appeal_id, ExclusionReason.code)
        .join(ExclusionReason, ExclusionReason.id == Exclusion.reason_id)
        .where(Exclusion.appeal_id.in_([appeal.id for appeal in appeals]))
    )
    reasons = {row.appeal_id: row.code for row in rows}
    found: dict[Wish, str] = {}
    for appeal in appeals:
        line = line_in(groups, appeal.group, appeal.line)
        if line is not None:
            found |= wishes_of(appeal.unit_id, line, appeal.granted, reasons.get(appeal.id, "appeal"))
    return found


def manual_of(session: Session, appeals: Iterable[Appeal]) -> dict[tuple[int, str], tuple[Fraction, str]]:
    """Points that were adjusted on lines entered by hand; their note is the opinion that decided it."""
    adjusted = [appeal for appeal in appeals if appeal.value]
    last = {step.appeal_id: step.opinion for appeal in adjusted for step in steps_of(session, appeal.id)}
    return {(appeal.unit_id, appeal.line): (Fraction(appeal.value), last.get(appeal.id, "")) for appeal in adjusted}
