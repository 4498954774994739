"""Evaluating a period: compute (provisional), publish (frozen). Figures are decided in ``app.domain``; here they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.phrases import to_json
from app.core.runs import Progress, Silent
from app.core.transaction import transaction
from app.crud.tables import Alias
from app.domain.evaluation import COMPUTED, PUBLISHED, Assessed, evaluate_group, moved
from app.domain.facts import DUE, GROUPS, Fact
from app.domain.indicators.base import Marks, Verdict
from app.domain.period import MONTH, Period, period_of
from app.domain.refusals import N_, NotFound, Phrase, Refused
from app.domain.scorecard import Group, LineScore, Names, Past
from app.domain.snapshot import snapshot_digest
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.evaluation_result import EvaluationGroup, EvaluationLine, EvaluationUnit
from app.entities.parameter import parameter
from app.entities.unit import Unit
from app.queries.calendar import city_zone, working_calendar
from app.queries.facts import Ground, ground
from app.queries.quality import BLOCKING, checks
from app.queries.schemes import InForce, list_in_force, schemes_in_force
from app.queries.scores import definitions, evaluation_of
from app.services.evaluation_keeping import forget, keep_ground, keep_groups

HISTORY = 5
"""How many earlier evaluations a trend shows."""


def compute(key: str, *, public_url: str = "", progress: Progress | None = None) -> Evaluation:
    """Compute the evaluation of the period ``key`` and keep it as provisional; an earlier provisional one is replaced.

    Longer periods are counted from facts like months, never from the months' figures. A published one is returned as it is: it is
    frozen. Raises ``Refused`` where no scheme is in force or the period has not begun.
    """
    watch = progress or Silent()
    with transaction() as session:
        period = period_of(key, city_zone())
        present = evaluation_of(session, period.key)
        if present is not None and present.state != COMPUTED:
            return present
        if period.start > now():
            raise Refused("not-begun", N_("%(month)s has not begun yet."), month=period.key)
        return _compute(session, period, present, public_url, watch)


def publish(month: str, *, public_url: str = "", progress: Progress | None = None) -> Evaluation:
    """Publish a month: computed once more, then frozen with facts, versions and hash. Publishing twice changes nothing.

    Raises ``Refused`` where a check forbids it, and where nobody had any duty: a ranking of nothing ranks nobody.
    """
    with transaction() as session:
        evaluation = compute(month, public_url=public_url, progress=progress)
        if evaluation.state == PUBLISHED:
            return evaluation
        if not _has_facts(session, evaluation):
            raise Refused("empty", N_("%(month)s has no tickets to evaluate; nothing was published."), month=evaluation.period, status=409)
        bad = [check for check in evaluation.checks if check["severity"] == BLOCKING and check["count"]]
        if bad:
            raise Refused(
                "blocked",
                N_("Not published: %(problems)s. Correct the data first."),
                problems=[Phrase(N_("%(title)s (%(count)d)"), title=Phrase(check["title"]), count=check["count"]) for check in bad],
                status=409,
            )
        evaluation.state = moved(evaluation.state, PUBLISHED)
        evaluation.published_at, evaluation.published_by = now(), current_actor().name
        session.flush()
        return evaluation


def _has_facts(session: Session, evaluation: Evaluation) -> bool:
    return session.execute(select(EvaluationFact.id).where(EvaluationFact.evaluation_id == evaluation.id).limit(1)).first() is not None


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


def work_out(session: Session, period: Period, watch: Progress | None = None) -> Work:
    """Collect, count and score a period; nothing is kept. Raises ``Refused`` where no scheme is in force."""
    watch = watch or Silent()
    watch.begin(Phrase(N_("Collecting facts")))
    days = _cut_off_days(period)
    as_of = min(cut_off(period, days), now())
    schemes = schemes_in_force(session, period)
    base = ground(session, period, as_of)
    before = evaluation_of(session, period.back().key)
    period = replace(period, opened=before.as_of if before is not None else cut_off(period.back(), days))
    watch.begin(Phrase(N_("Counting and scoring")), len(schemes))
    past = _past(session, period)
    groups: list[Group] = []
    marks: list[Marks] = []
    for number, used in enumerate(schemes, start=1):
        units = _assessed(session, used.group, base.facts, period, past)
        group, found = evaluate_group(used.group, used.names, used.scheme, base.facts, units, period, as_of)
        groups.append(group)
        marks += [mark for mark in found if _belongs(mark, period)]
        watch.advance(number)
    return Work(period, as_of, base, schemes, groups, marks)


def _compute(session: Session, period: Period, present: Evaluation | None, public_url: str, watch: Progress) -> Evaluation:
    work = work_out(session, period, watch)
    watch.begin(Phrase(N_("Keeping the result")))
    if present is not None:
        forget(session, present.id)
    evaluation = present or Evaluation(period=period.key, kind=period.kind, first=period.first, after=period.after, revision=1)
    _describe(session, evaluation, work, public_url)
    session.add(evaluation)
    session.flush()
    keep_groups(session, evaluation.id, work.groups)
    keep_ground(session, evaluation.id, work.tickets, work.marks)
    return evaluation


def _belongs(mark: Marks, period: Period) -> bool:
    """A duty of another month about which nothing is known says nothing about this one."""
    return period.holds(mark.fact.due_or_reported) or any(verdict is not Verdict.UNKNOWN for verdict in mark.verdicts.values())


def _describe(session: Session, evaluation: Evaluation, work: Work, public_url: str) -> None:
    """The evaluation's own row: versions, hash, notes, checks, definitions."""
    calendar = working_calendar(session)
    evaluation.zone, evaluation.state = work.period.zone, COMPUTED
    evaluation.as_of, evaluation.computed_at = work.as_of, now()
    evaluation.list_version = list_in_force(session, work.period)
    evaluation.calendar_version = calendar.version
    evaluation.tickets = len(work.tickets)
    evaluation.snapshot_hash = snapshot_digest(
        period=work.period,
        as_of=work.as_of,
        schemes={used.group: used.scheme for used in work.schemes},
        list_version=evaluation.list_version,
        calendar_version=calendar.version,
        facts=[mark.fact for mark in work.marks],
    )
    evaluation.header = {
        "district_zh": parameter("district.zh"),
        "district_en": parameter("district.en"),
        "product_zh": parameter("product.zh", "一线处置"),
        "product_en": parameter("product.en", "Frontline"),
        "url": f"{public_url}/evaluations/{work.period.key}" if public_url else "",
        "demo": parameter("demo") == "1",
    }
    evaluation.notes = [to_json(note) for note in _notes(work)]
    evaluation.checks = [
        {"code": c.code, "title": c.title, "severity": c.severity, "count": c.count, "note": to_json(c.note)}
        for c in checks(work.tickets, work.period, calendar, now())
    ]
    evaluation.definitions = definitions()


def _notes(work: Work) -> Iterable[Phrase]:
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


def _assessed(session: Session, group: str, facts: Sequence[Fact], period: Period, past: Mapping[str, Any]) -> dict[int, Assessed]:
    """The units of a group: those valid in the period, and those that owed something in it anyway."""
    owing = {fact.unit_id for fact in facts if fact.group == group}
    valid = (Unit.type == group) & (Unit.valid_from.is_(None) | (Unit.valid_from < period.after))
    valid &= Unit.valid_to.is_(None) | (Unit.valid_to >= period.first)
    rows = list(session.execute(select(Unit).where(valid)).scalars())
    missing = owing - {unit.id for unit in rows}
    rows += session.execute(select(Unit).where(Unit.id.in_(missing))).scalars() if missing else []
    codes: dict[int, str] = {}
    for row_id, name in session.execute(
        select(Alias.row_id, Alias.name).where(Alias.entity == "unit", Alias.kind == "code").order_by(Alias.id.desc())
    ):
        codes[row_id] = name
    return {unit.id: _one(unit, codes.get(unit.id, unit.code), past.get(group, []), period) for unit in rows}


def _one(unit: Any, source_code: str, past: Sequence[tuple[str, dict[int, EvaluationUnit]]], period: Period) -> Assessed:
    history, rates = [], {}
    for key, results in past:
        result = results.get(unit.id)
        history.append(Past(key, result.score if result else None, result.rank if result else None))
        if result is not None and key == period.back().key:
            rates = {line.indicator: _rate(line) for line in result.lines if line.d}
    return Assessed(unit.code, Names(unit.name_zh, unit.name_en), source_code, tuple(history), rates)


def _rate(line: EvaluationLine) -> Any:
    return LineScore(line.indicator, line.n, line.d, 0, None, None).rate  # type: ignore[arg-type]


def required(session: Session, key: str) -> Evaluation:
    """The evaluation of a period; ``NotFound`` in words where it was never computed."""
    period = period_of(key, city_zone())
    found = evaluation_of(session, period.key)
    if found is None:
        latest = select(Evaluation.period).where(Evaluation.kind == period.kind).order_by(Evaluation.after.desc()).limit(1)
        known = session.execute(latest).scalar_one_or_none()
        if known is None:
            raise NotFound(N_("%(month)s has not been evaluated yet."), month=period.key)
        raise NotFound(N_("%(month)s has not been evaluated yet; the latest evaluation is %(known)s."), month=period.key, known=known)
    return found
