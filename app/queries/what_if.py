"""What if: a past evaluation under a scheme that is only tried, worked out from the duties that were frozen with it; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.evaluation import COMPUTED, Scheme, evaluate_group
from app.domain.facts import Fact
from app.domain.refusals import N_, NotFound
from app.domain.scorecard import MANUAL, Group
from app.domain.trial import UnitMove, moves
from app.entities.evaluation import Evaluation
from app.queries.frozen_evaluation import assessed, by_hand, frozen
from app.queries.relisting import Relisted, relisted


@dataclass(frozen=True, slots=True)
class Trial:
    """The evaluated ranking, the one that was tried, and every unit's way from one to the other.

    ``provisional``: the evaluation is not published yet, its figures may still change.
    """

    published: Group
    tried: Group
    units: tuple[UnitMove, ...]
    relisted: Relisted | None
    provisional: bool


def what_if(session: Session, evaluation: Evaluation, group: str, scheme: Scheme, list_version: str = "") -> Trial:
    """``evaluation``'s group under ``scheme``, and, where one is named, under another version of the responsibility list.

    Duties, cut-off and entries by hand are those that were frozen; an entry that is more than the line's weight now counts as the
    weight. Raises ``Refused`` where the scheme cannot be scored, ``NotFound`` where the evaluation has no such group.
    """
    kept = frozen(session, evaluation)
    known = {one.code: one for one in kept.groups}
    if group not in known:
        raise NotFound(N_("The evaluation has no such group."))
    before = known[group]
    facts: list[Fact] = list(kept.facts)
    other = relisted(session, evaluation.id, facts, list_version) if list_version else None
    units = {unit.unit_id: assessed(unit) for unit in (*before.units, *before.apart)}
    tried, _ = evaluate_group(
        before.code,
        before.names,
        scheme,
        other.facts if other is not None else facts,
        units,
        kept.period,
        kept.as_of,
        _entries(before, scheme),
    )
    return Trial(before, tried, moves(before, tried), other, evaluation.state == COMPUTED)


def _entries(before: Group, scheme: Scheme) -> dict[tuple[int, str], tuple[Fraction, str]]:
    """Entries by hand on lines that are entered by hand still, never more than their weight."""
    most = {line.code: line.weight for line in scheme.lines if line.shape == MANUAL}
    return {(unit, code): (min(points, most[code]), note) for (unit, code), (points, note) in by_hand(before).items() if code in most}
