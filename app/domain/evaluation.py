"""One evaluation from facts to ranked groups, and the states it passes through until it is final."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction

from app.domain.alike import Alikeness
from app.domain.facts import Fact
from app.domain.indicators import Count, Indicator, Verdict, all_indicators
from app.domain.indicators.base import Marks
from app.domain.period import Period
from app.domain.ranking import group_totals, rank
from app.domain.refusals import N_, Phrase, Refused
from app.domain.scheme_rules import DENSE, check_lines
from app.domain.scorecard import Group, Line, LineScore, Names, Past, UnitScore
from app.domain.scoring import Entries, bonus_room, published, score_unit, uncapped

COMPUTED, PUBLISHED, PRELIMINARY = "computed", "published", "preliminary"
APPEALS, FINAL, SUPERSEDED = "appeals", "final", "superseded"

STATES = {
    COMPUTED: N_("Computed"),
    PUBLISHED: N_("Published"),
    PRELIMINARY: N_("Preliminary list"),
    APPEALS: N_("Appeals being decided"),
    FINAL: N_("Final"),
    SUPERSEDED: N_("Superseded by a correction"),
}
"""The states of an evaluation, in the order it can pass through them."""

TRANSITIONS: Mapping[str, frozenset[str]] = {
    COMPUTED: frozenset({PUBLISHED, PRELIMINARY, FINAL, SUPERSEDED}),
    PUBLISHED: frozenset({SUPERSEDED}),
    PRELIMINARY: frozenset({APPEALS, FINAL, SUPERSEDED}),
    APPEALS: frozenset({FINAL, SUPERSEDED}),
    FINAL: frozenset({SUPERSEDED}),
    SUPERSEDED: frozenset(),
}
"""Published at once, or as a preliminary list with an appeal window before it is final (§2.10, idea 2); a list that upheld appeals or
a correction have changed is final as soon as it is computed.

Nothing published goes back: it is superseded by a later revision that says why.
"""


def moved(state: str, to: str) -> str:
    """The state ``to``, once an evaluation in ``state`` may go there.

    Raises ``Refused("impossible-state")``.
    """
    if to not in TRANSITIONS.get(state, frozenset()):
        raise Refused(
            "impossible-state",
            N_("An evaluation that is “%(state)s” cannot become “%(to)s”."),
            field="state",
            state=Phrase(STATES.get(state, state)),
            to=Phrase(STATES.get(to, to)),
        )
    return to


@dataclass(frozen=True, slots=True)
class Scheme:
    """One version of a scheme: which figures a group is judged by, and how they become points."""

    names: Names
    version: int
    lines: tuple[Line, ...]
    full_marks: Fraction = Fraction(100)
    min_sample: int = 3
    ties: str = DENSE
    bonus_cap: Fraction | None = None
    """How far above the full marks a total may rise; ``None``: as far as the bonus lines allow."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A unit that is assessed: its codes and names, its earlier results, and what figures are measured against.

    ``rates`` and ``year_before`` are its rates per line in the period before and in the same period a year ago; ``size`` is
    area × population, where it is known.
    """

    code: str
    names: Names
    source_code: str = ""
    history: tuple[Past, ...] = ()
    rates: Mapping[str, Fraction] = field(default_factory=dict)
    year_before: Mapping[str, Fraction] = field(default_factory=dict)
    size: Fraction | None = None


Manual = Mapping[tuple[int, str], tuple[Fraction, str]]
"""Points entered by hand, with their note, by unit and line code: earned on a basic or bonus line, taken on a deduction line."""


def evaluate_group(
    code: str,
    names: Names,
    scheme: Scheme,
    facts: Iterable[Fact],
    units: Mapping[int, Assessed],
    period: Period,
    as_of: datetime,
    manual: Manual | None = None,
) -> tuple[Group, tuple[Marks, ...]]:
    """The group's ranking, and the verdict of every duty that concerns it (``Verdict.OUT`` is left away).

    ``facts`` may hold other groups' duties; their order never matters. ``manual`` holds points entered by hand. Raises ``Refused``
    for a scheme that cannot be scored, two facts with one key, and duties of units that are not in the group.
    """
    measures = measures_of(scheme.lines)
    scheme = replace(scheme, lines=as_measured(scheme.lines))
    lines = scheme.lines
    check_lines(lines, scheme.full_marks, scheme.ties)
    marks = mark((fact for fact in facts if fact.group == code), measures, period, as_of)
    counts = _counted(marks, measures, units)
    whole = {measure: sum(tally[measure].n for tally in counts.values()) for measure in measures}
    by_hand: dict[int, dict[str, tuple[Fraction, str]]] = {unit_id: {} for unit_id in units}
    for (unit_id, line), entry in (manual or {}).items():
        by_hand.setdefault(unit_id, {})[line] = entry
    scores = [_scored(unit_id, unit, counts[unit_id], whole, by_hand[unit_id], scheme, period) for unit_id, unit in units.items()]
    ranked = rank((unit for unit in scores if unit.apart is None), scheme.ties, lines)
    group = Group(
        code=code,
        names=names,
        scheme=scheme.names,
        scheme_version=scheme.version,
        full_marks=scheme.full_marks,
        lines=lines,
        units=ranked,
        apart=tuple(sorted((unit for unit in scores if unit.apart is not None), key=lambda unit: unit.code)),
        total=group_totals(lines, (unit.lines for unit in scores)),
        min_sample=scheme.min_sample,
        ties=scheme.ties,
        bonus_cap=bonus_room(lines, scheme.bonus_cap),
    )
    return group, marks


def as_measured(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines with form, direction and parts of the indicators behind them.

    What a figure means is written in its indicator only; a line cannot call a volume a rate. Raises ``Refused("unknown-indicator")``.
    """
    lines = tuple(lines)
    measures = measures_of(lines)
    return tuple(_as_measured(line, measures.get(line.measured)) for line in lines)


def _as_measured(line: Line, measure: Indicator | None) -> Line:
    return line if measure is None else replace(line, form=measure.form, direction=measure.direction, parts=measure.parts)


def measures_of(lines: Iterable[Line]) -> dict[str, Indicator]:
    """The indicators behind ``lines``, by their code; manual lines have none. Raises ``Refused("unknown-indicator")``."""
    known = all_indicators()
    codes = list(dict.fromkeys(line.measured for line in lines if line.measured))
    for code in codes:
        if code not in known:
            raise Refused("unknown-indicator", N_("There is no indicator %(line)s."), field="code", line=code)
    return {code: known[code] for code in codes}


def mark(facts: Iterable[Fact], measures: Mapping[str, Indicator], period: Period, as_of: datetime) -> tuple[Marks, ...]:
    """Judge every fact under every measure; facts that concern none are left away, the others stand in order of their key.

    Duties that no judge can tell apart are judged once. Raises ``Refused("fact-twice")`` where two facts share a key.
    """
    as_of = as_of.astimezone(UTC)  # like all moments of duties: instants of one zone are compared much faster
    seen: set[str] = set()
    marks: list[Marks] = []
    concerned = _by_kind(measures)
    alikeness = Alikeness(measures.values(), period, as_of)
    judged: dict[Hashable, Mapping[str, Verdict]] = {}
    patterns: dict[tuple[tuple[str, Verdict], ...], Mapping[str, Verdict]] = {}
    for fact in facts:
        if fact.key in seen:
            raise Refused("fact-twice", N_("The duty %(key)s of ticket %(ticket)s was counted twice."), key=fact.key, ticket=fact.ticket_no)
        seen.add(fact.key)
        if fact.began_at > as_of:
            continue
        alike = alikeness.of(fact)
        verdicts = judged.get(alike)
        if verdicts is None:
            found = _judge(fact, concerned.get((fact.group, fact.kind), ()), period, as_of)
            verdicts = judged[alike] = patterns.setdefault(tuple(found.items()), found)
        if verdicts:
            marks.append(Marks(fact, verdicts))
    return tuple(sorted(marks, key=lambda one: one.fact.key))


def _judge(fact: Fact, measures: Iterable[tuple[str, Indicator]], period: Period, as_of: datetime) -> dict[str, Verdict]:
    """The verdicts of one duty that came up by the cut-off, ``Verdict.OUT`` left away."""
    judged = ((code, measure.judged(fact, period, as_of)) for code, measure in measures)
    return {code: verdict for code, verdict in judged if verdict is not Verdict.OUT}


def _by_kind(measures: Mapping[str, Indicator]) -> Mapping[tuple[str, str], Sequence[tuple[str, Indicator]]]:
    """For every group and kind of duty the measures that count it."""
    found: dict[tuple[str, str], list[tuple[str, Indicator]]] = defaultdict(list)
    for code, measure in measures.items():
        for group, kinds in measure.counts.items():
            for kind in kinds:
                found[group, kind].append((code, measure))
    return found


def _counted(marks: Iterable[Marks], measures: Mapping[str, Indicator], units: Mapping[int, Assessed]) -> dict[int, dict[str, Count]]:
    counts = {unit_id: {code: measure.tally() for code, measure in measures.items()} for unit_id in units}
    alike: dict[tuple[int, int, frozenset[str]], list[Marks]] = defaultdict(list)
    for one in marks:
        fact = one.fact
        if fact.unit_id not in counts:
            raise Refused(
                "unit-outside-group", N_("Ticket %(ticket)s is the duty of a unit that is not in the group."), ticket=fact.ticket_no
            )
        alike[fact.unit_id, id(one.verdicts), fact.unknown].append(one)  # duties with the same verdicts share them
    for (unit_id, _, _), same in alike.items():
        facts = [one.fact for one in same]
        for code, verdict in same[0].verdicts.items():
            measures[code].add(counts[unit_id][code], facts, verdict)
    for code, measure in measures.items():
        if measure.form == "share":
            _share(code, counts.values())
    return counts


def _share(code: str, tallies: Iterable[Mapping[str, Count]]) -> None:
    """Measure a volume against the group's: the whole is known only once every unit has been counted."""
    own = [tally[code] for tally in tallies]
    whole = sum(count.n for count in own)
    for count in own:
        count.d = whole


def _scored(
    unit_id: int,
    unit: Assessed,
    counts: Mapping[str, Count],
    whole: Mapping[str, int],
    by_hand: Entries,
    scheme: Scheme,
    period: Period,
) -> UnitScore:
    lines, raw, apart = score_unit(
        scheme.lines,
        counts,
        full_marks=scheme.full_marks,
        min_sample=scheme.min_sample,
        bonus_cap=scheme.bonus_cap,
        size=unit.size,
        group_n=whole,
        manual=by_hand,
    )
    before = period.back().key
    return UnitScore(
        unit_id=unit_id,
        code=unit.code,
        source_code=unit.source_code,
        names=unit.names,
        lines=_compared(lines, unit),
        raw=raw,
        score=published(raw),
        rank=None,
        previous_rank=next((past.rank for past in unit.history if past.key == before), None),
        history=unit.history,
        apart=apart,
        uncapped=None if raw is None else uncapped(lines),
        size=unit.size,
    )


def _compared(lines: Mapping[str, LineScore], unit: Assessed) -> dict[str, LineScore]:
    before, year = unit.rates, unit.year_before
    return {code: replace(line, previous=before.get(code), year_before=year.get(code)) for code, line in lines.items()}
