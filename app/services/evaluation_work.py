"""Working a period out: its tickets and duties collected, counted and scored; nothing is kept here (``app.services.evaluation``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectin_polymorphic

from app.core.clock import now
from app.core.runs import Progress, Silent
from app.core.undisturbed import undisturbed
from app.crud.tables import Alias
from app.domain.evaluation import Assessed, Manual, evaluate_group
from app.domain.facts import DUE, GROUPS, Fact
from app.domain.indicators.base import Marks, Verdict
from app.domain.period import MONTH, Period
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Group, Names, Past
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit
from app.entities.parameter import parameter
from app.entities.street_town import StreetTown
from app.entities.unit import Unit
from app.queries.facts import Ground, ground
from app.queries.manual_entries import manual_points
from app.queries.schemes import InForce, schemes_in_force
from app.queries.scores import evaluation_of

HISTORY = 5
"""How many earlier evaluations a trend shows."""


def _cut_off_days(period: Period) -> int:
    """How long after a period its books stay open; longer periods may be given longer."""
    usual = parameter("cutoff_days", "3")
    return int(usual if period.kind == MONTH else parameter("cutoff_days_long", usual))


def cut_off(period: Period, days: int) -> datetime:
    """The instant until which facts count: 09:00 on the ``days``-th day after the period."""
    zone = ZoneInfo(period.zone)
    return datetime.combine(period.after + timedelta(days=max(0, days - 1)), time(9), zone)


@dataclass(frozen=True, slots=True)
class Work:
    """One computation: what it stands on and what came out of it."""

    period: Period
    as_of: datetime
    ground: Ground
    schemes: Sequence[InForce]
    groups: Sequence[Group]
    marks: Sequence[Marks]

    @property
    def tickets(self) -> list[Any]:
        """The tickets of the period: those that are counted somewhere, and those that fell into it and belong to nobody."""
        counted = {mark.fact.ticket_id for mark in self.marks}
        return [t for t in self.ground.tickets.values() if t.id in counted or self.period.holds(t.due_at or t.reported_at)]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a period is worked out: today's, or those of an earlier revision that is corrected."""

    as_of: datetime
    opened: datetime | None
    schemes: Sequence[InForce]
    manual: Manual = field(default_factory=dict)
    """Points by hand that were decided after the entries were closed."""


def usual_terms(session: Session, period: Period) -> Terms:
    """The schemes in force, and everything until the cut-off or, before that, until now. Raises ``Refused`` where no scheme is in force."""
    days = _cut_off_days(period)
    before = evaluation_of(session, period.back().key)
    opened = before.as_of if before is not None else cut_off(period.back(), days)
    return Terms(min(cut_off(period, days), now()), opened, schemes_in_force(session, period))


@undisturbed()
def work_out(session: Session, period: Period, watch: Progress | None = None, terms: Terms | None = None) -> Work:
    """Collect, count and score a period; nothing is kept. Raises ``Refused`` where no scheme is in force."""
    watch = watch or Silent()
    watch.begin(Phrase(N_("Collecting facts")))
    terms = terms or usual_terms(session, period)
    as_of, schemes = terms.as_of, terms.schemes
    base = ground(session, period, as_of)
    period = replace(period, opened=terms.opened)
    watch.begin(Phrase(N_("Counting and scoring")), len(schemes))
    past = Earlier(_past(session, period), _rates(session, period.back()), _rates(session, period.year_before()))
    by_hand = {**manual_points(session, period.key), **terms.manual}
    groups: list[Group] = []
    marks: list[Marks] = []
    for number, used in enumerate(schemes, start=1):
        units = _assessed(session, used.group, base.facts, period, past)
        group, found = evaluate_group(used.group, used.names, used.scheme, base.facts, units, period, as_of, by_hand)
        groups.append(group)
        marks += [mark for mark in found if _belongs(mark, period)]
        watch.advance(number)
    return Work(period, as_of, base, schemes, groups, marks)


def _belongs(mark: Marks, period: Period) -> bool:
    """A duty of another month about which nothing is known says nothing about this one."""
    return period.holds(mark.fact.due_or_reported) or any(verdict is not Verdict.UNKNOWN for verdict in mark.verdicts.values())


def notes(work: Work) -> Iterable[Phrase]:
    """What a reader of the figures must know."""
    facts = [mark.fact for mark in work.marks]
    by_report = len({f.ticket_id for f in facts if f.due_at is None and f.lacks(DUE)})
    if by_report:
        yield Phrase(
            N_("%(count)d tickets come from a ledger without due times; they are attributed to the month in which they were reported."),
            count=by_report,
        )
    stray = len({t.id for t in work.tickets} - {f.ticket_id for f in facts})
    if stray:
        yield Phrase(N_("%(count)d tickets name neither a street-town nor a handling unit; they count in no unit's figures."), count=stray)
    flagged = len({f.ticket_id for f in facts if f.completed_at is None and f.completed})
    if flagged:
        yield Phrase(N_("Of %(count)d tickets the source tells the outcome but not its time."), count=flagged)
    unclear = len({f.ticket_id for f in facts if f.done_by(work.as_of) is None})
    if unclear:
        yield Phrase(N_("Of %(count)d tickets the source does not tell the outcome; they count in no completion figure."), count=unclear)


Rates = Mapping[tuple[str, int], Mapping[str, Fraction]]
"""By group and unit: each figure's rate in another evaluation."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a period is compared with: the trend, and the figures of the period before and of the same one a year ago."""

    past: Mapping[str, Sequence[tuple[str, Mapping[int, EvaluationUnit]]]]
    before: Rates
    year_before: Rates


def _rates(session: Session, period: Period) -> Rates:
    """The rates of that period's evaluation, where it was evaluated."""
    found: dict[tuple[str, int], dict[str, Fraction]] = defaultdict(dict)
    evaluation = evaluation_of(session, period.key)
    if evaluation is not None:
        lines = select(EvaluationGroup.code, EvaluationUnit.unit_id, EvaluationLine.indicator, EvaluationLine.n, EvaluationLine.d)
        lines = lines.join(EvaluationUnit, EvaluationUnit.group_id == EvaluationGroup.id)
        lines = lines.join(EvaluationLine, EvaluationLine.unit_result_id == EvaluationUnit.id)
        for group, unit_id, code, n, d in session.execute(
            lines.where(EvaluationGroup.evaluation_id == evaluation.id, EvaluationLine.d > 0)
        ):
            found[group, unit_id][code] = Fraction(n, d)
    return found


def _past(session: Session, period: Period) -> dict[str, list[tuple[str, dict[int, EvaluationUnit]]]]:
    """Earlier evaluations per group, oldest first."""
    keys = [period.back(n).key for n in range(HISTORY, 0, -1)]
    found: dict[str, list[tuple[str, dict[int, EvaluationUnit]]]] = {group: [] for group in GROUPS}
    for key in keys:
        earlier = evaluation_of(session, key)
        if earlier is None:
            continue
        for group in session.execute(select(EvaluationGroup).where(EvaluationGroup.evaluation_id == earlier.id)).scalars():
            found.setdefault(group.code, []).append((key, {unit.unit_id: unit for unit in group.units}))
    return found


def _assessed(session: Session, group: str, facts: Sequence[Fact], period: Period, earlier: Earlier) -> dict[int, Assessed]:
    """The units of a group: those valid in the period, and those that owed something in it anyway."""
    owing = {fact.unit_id for fact in facts if fact.group == group}
    valid = (Unit.type == group) & (Unit.valid_from.is_(None) | (Unit.valid_from < period.after))
    valid &= Unit.valid_to.is_(None) | (Unit.valid_to >= period.first)
    rows = list(session.execute(select(Unit).where(valid).options(selectin_polymorphic(Unit, [StreetTown]))).scalars())
    missing = owing - {unit.id for unit in rows}
    rows += session.execute(select(Unit).where(Unit.id.in_(missing))).scalars() if missing else []
    codes: dict[int, str] = {}
    for row_id, name in session.execute(
        select(Alias.row_id, Alias.name).where(Alias.entity == "unit", Alias.kind == "code").order_by(Alias.id.desc())
    ):
        codes[row_id] = name
    return {unit.id: _one(unit, codes.get(unit.id, unit.code), group, earlier) for unit in rows}


def _one(unit: Any, source_code: str, group: str, earlier: Earlier) -> Assessed:
    history = []
    for key, results in earlier.past.get(group, ()):
        result = results.get(unit.id)
        history.append(Past(key, result.score if result else None, result.rank if result else None))
    return Assessed(
        unit.code,
        Names(unit.name_zh, unit.name_en),
        source_code,
        tuple(history),
        earlier.before.get((group, unit.id), {}),
        earlier.year_before.get((group, unit.id), {}),
        getattr(unit, "size", None),
    )
