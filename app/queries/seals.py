"""Proving that evaluations are what they were when they were sealed: their duties, their verdicts, their results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evaluation import Scheme
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Group, UnitScore
from app.domain.snapshot import FORM, sealed, snapshot_digest
from app.entities.evaluation import Evaluation
from app.entities.evaluation_result import EvaluationGroup
from app.queries.frozen_evaluation import Frozen, frozen, scheme_of, worked_again
from app.queries.frozen_facts import frozen_verdicts
from app.queries.scores import period_of


def all_flaws(session: Session) -> tuple[int, list[Phrase]]:
    """How many evaluations there are, and what is wrong with any of them."""
    rows = session.execute(select(Evaluation).order_by(Evaluation.first, Evaluation.revision)).scalars().all()
    cut_offs: dict[str, list[datetime]] = {}
    for row in rows:
        cut_offs.setdefault(row.period, []).append(row.as_of)
    return len(rows), [flaw for row in rows for flaw in flaws(session, row, cut_offs.get(period_of(row).back().key, ()))]


def flaws(session: Session, evaluation: Evaluation, openings: Sequence[datetime] = ()) -> list[Phrase]:
    """What of an evaluation no longer agrees with what was sealed: nothing, or one sentence for each thing that does not.

    ``openings`` are the cut-offs of the period before, for evaluations that did not keep theirs.
    """
    kept = frozen(session, evaluation)
    found: list[Phrase] = []
    if evaluation.snapshot_hash not in _seals(session, evaluation, kept, openings):
        found.append(Phrase(N_("%(period)s: what was frozen no longer matches the seal %(seal)s"), **_which(evaluation)))
    groups, marks = worked_again(kept)
    for was, now in zip(kept.groups, groups, strict=True):
        found += [
            Phrase(N_("%(period)s: the result kept for %(unit)s is not what its duties give"), period=evaluation.period, unit=names)
            for names in _differing(was, now)
        ]
    told = {mark.fact.key: {code: verdict.value for code, verdict in mark.verdicts.items()} for mark in marks}
    changed = sum(1 for key, said in frozen_verdicts(session, evaluation.id) if told.get(key, {}) != said)
    if changed:
        found.append(
            Phrase(N_("%(period)s: %(count)d duties are marked otherwise than they count"), period=evaluation.period, count=changed)
        )
    return found


def _which(evaluation: Evaluation) -> dict[str, Any]:
    return {"period": evaluation.label(), "seal": evaluation.snapshot_hash[:16]}


def _seals(session: Session, evaluation: Evaluation, kept: Frozen, openings: Sequence[datetime]) -> Iterator[str]:
    """The seals this content may carry: of today's form and of the first, and, where it was not kept, with every possible opening."""
    rows = session.execute(select(EvaluationGroup).where(EvaluationGroup.evaluation_id == evaluation.id)).scalars()
    written = {row.code: row.sealed for row in rows}
    plain: dict[str, Any] = {group.code: written.get(group.code) or sealed(_as_written(scheme_of(group))) for group in kept.groups}
    opened = [evaluation.opened] if evaluation.opened is not None else [None, *openings]
    for form in range(FORM, 0, -1):
        for instant in opened:
            yield snapshot_digest(
                period=replace(kept.period, opened=instant),
                as_of=kept.as_of,
                schemes=plain,
                list_version=evaluation.list_version,
                calendar_version=evaluation.calendar_version,
                facts=kept.facts,
                groups=kept.groups,
                form=form,
            )


def _as_written(scheme: Scheme) -> Scheme:
    """A scheme as it was before its lines were told what their figures mean: so it was sealed."""
    return replace(scheme, lines=tuple(replace(line, form="rate", direction=1, parts=1) for line in scheme.lines))


def _differing(was: Group, now: Group) -> Iterator[Any]:
    fresh = {unit.unit_id: unit for unit in (*now.units, *now.apart)}
    for unit in (*was.units, *was.apart):
        if _said(unit) != _said(fresh[unit.unit_id]):
            yield unit.names


def _said(unit: UnitScore) -> tuple[Any, ...]:
    lines = {code: (one.n, one.d, one.full, one.points, one.pending, one.excluded, one.small, one.rank) for code, one in unit.lines.items()}
    return unit.raw, unit.score, unit.rank, lines
