"""What must hold for any facts, weights and names whatever."""

from __future__ import annotations

import statistics
import string
from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain.counts import COUNTED, Count, nearest_rank
from app.domain.evaluation import Assessed, Scheme
from app.domain.facts import Fact
from app.domain.indicators import all_indicators, count
from app.domain.ranking import rank
from app.domain.scorecard import BASIC, BONUS, DEDUCTION, Line, LineScore, Names
from app.domain.scoring import bonus_room, score_unit
from app.domain.shapes import NOT_MORE_THAN
from app.domain.snapshot import snapshot_digest
from tests.domain.inventions import CLOSE, ROUNDS, SEPTEMBER, UNITS, entries_of, evaluated, ledgers, schemes


@ROUNDS
@given(schemes(), ledgers(), st.integers(0, 2**32))
def test_points_and_totals_never_leave_their_bounds(scheme: Scheme, facts: list[Fact], seed: int) -> None:
    group = evaluated(scheme, facts, manual=entries_of(scheme, seed))
    lines = {line.code: line for line in group.lines}
    assert len(group.units) + len(group.apart) == len(UNITS)
    for unit in group.units:
        assert unit.raw is not None and 0 <= unit.raw <= scheme.full_marks + group.bonus_cap <= scheme.full_marks + bonus_room(scheme.lines)
        scored = {code: score for code, score in unit.lines.items() if score.points is not None}
        assert unit.uncapped == sum((score.points for score in scored.values() if score.points is not None), Fraction(0))
        assert unit.raw == min(max(unit.uncapped, Fraction(0)), scheme.full_marks + group.bonus_cap)
        for code, score in scored.items():
            assert score.points is not None and score.full is not None
            ends = {BASIC: (0, score.full), BONUS: (0, score.weight), DEDUCTION: (-score.weight, 0)}[lines[code].section]
            assert ends[0] <= score.points <= ends[1]


@ROUNDS
@given(schemes(), ledgers(), st.integers(0, 2**32))
def test_a_tied_deduction_never_takes_more_than_the_line_it_is_tied_to(scheme: Scheme, facts: list[Fact], seed: int) -> None:
    def taken(score: LineScore, line: Line) -> Fraction:
        if score.lost is None or score.why is not None:
            return Fraction(0)
        return score.lost * line.weight / score.full if score.full else score.lost

    group = evaluated(scheme, facts, manual=entries_of(scheme, seed))
    lines = {line.code: line for line in group.lines}
    for unit in group.units:
        for code, line in lines.items():
            limit = line.params.get(NOT_MORE_THAN)
            if limit:
                assert taken(unit.lines[code], line) <= taken(unit.lines[limit], lines[limit])


@ROUNDS
@given(schemes(), ledgers())
def test_the_full_points_of_a_scored_unit_always_sum_to_the_full_marks(scheme: Scheme, facts: list[Fact]) -> None:
    for unit in evaluated(scheme, facts).units:
        assert sum(line.full for line in unit.lines.values() if line.full is not None) == scheme.full_marks


@ROUNDS
@given(schemes(), ledgers(), st.integers(0, 2**32))
def test_the_order_of_facts_never_matters(scheme: Scheme, facts: list[Fact], seed: int) -> None:
    turned = Random(seed).sample(facts, len(facts))
    assert evaluated(scheme, turned) == evaluated(scheme, facts)

    def seal(given_facts: list[Fact]) -> str:
        versions = {"list_version": "1", "calendar_version": "1"}
        return snapshot_digest(period=SEPTEMBER, as_of=CLOSE, schemes={"d": scheme}, facts=given_facts, **versions)

    assert seal(turned) == seal(facts)


@ROUNDS
@given(ledgers(least=1), st.data())
def test_excluding_a_duty_changes_exactly_the_figures_that_counted_it(facts: list[Fact], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(facts) - 1))
    reason = data.draw(st.sampled_from(("*", *all_indicators())))
    without = [replace(fact, excluded={reason: "duplicate"}) if n == chosen else fact for n, fact in enumerate(facts)]
    for code, measure in all_indicators().items():
        verdict = measure.verdict(facts[chosen], SEPTEMBER, CLOSE)
        counted = verdict in COUNTED and reason in ("*", code)
        before, after = (count(measure, some, SEPTEMBER, CLOSE) for some in (facts, without))
        if measure.counts_excluded:  # what is excluded is what it counts
            assert (after.n - before.n, after.d, after.excluded) == (int(verdict in COUNTED), before.d, 0)
            continue
        alone = count(measure, [facts[chosen]], SEPTEMBER, CLOSE)
        assert (before.n - after.n, before.d - after.d) == ((alone.n, alone.d) if counted else (0, 0))
        assert after.excluded - before.excluded == int(counted)
        assert (before.pending, before.unknown) == (after.pending, after.unknown)


@ROUNDS
@given(schemes(), ledgers(least=1), st.data())
def test_excluding_a_duty_leaves_every_other_line_as_it_was(scheme: Scheme, facts: list[Fact], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(facts) - 1))
    code, measure = data.draw(st.sampled_from(list(all_indicators().items())))
    without = [replace(fact, excluded={code: "duplicate"}) if n == chosen else fact for n, fact in enumerate(facts)]
    counted = measure.verdict(facts[chosen], SEPTEMBER, CLOSE) in COUNTED
    before, after = evaluated(scheme, facts), evaluated(scheme, without)
    fresh = {unit.unit_id: unit for unit in (*after.units, *after.apart)}
    for unit in (*before.units, *before.apart):
        for line in before.lines:
            was, now = unit.lines[line.code], fresh[unit.unit_id].lines[line.code]
            same = (was.n, was.d, was.pending, was.unknown, was.excluded) == (now.n, now.d, now.pending, now.unknown, now.excluded)
            if line.measured and all_indicators()[line.measured].counts_excluded:
                assert now.d == was.d and now.n - was.n in (0, 1)
            elif line.measured != code or not counted:
                assert same and was.median == now.median
            elif unit.unit_id == facts[chosen].unit_id:
                assert (now.excluded == was.excluded + 1 and now.d < was.d) or measure.form == "share" or now.n < was.n


@ROUNDS
@given(ledgers())
def test_figures_of_parts_add_up_to_the_figures_of_the_whole(facts: list[Fact]) -> None:
    """No duty's verdict may depend on another duty."""
    for measure in all_indicators().values():
        whole = count(measure, facts, SEPTEMBER, CLOSE)
        parts = [count(measure, [fact], SEPTEMBER, CLOSE) for fact in facts]
        assert (whole.n, whole.d, whole.unknown) == (sum(p.n for p in parts), sum(p.d for p in parts), sum(p.unknown for p in parts))


@ROUNDS
@given(schemes(), ledgers(), st.permutations(list(string.ascii_uppercase[: len(UNITS)])))
def test_ranks_do_not_depend_on_names_or_codes(scheme: Scheme, facts: list[Fact], letters: list[str]) -> None:
    renamed = {unit_id: Assessed(letter, Names(letter), size=UNITS[unit_id].size) for unit_id, letter in zip(UNITS, letters, strict=True)}
    before, after = evaluated(scheme, facts), evaluated(scheme, facts, renamed)
    assert {unit.unit_id: unit.rank for unit in before.units} == {unit.unit_id: unit.rank for unit in after.units}


@ROUNDS
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
def test_medians_and_ninetieth_percentiles_come_out_by_another_road(values: list[int]) -> None:
    """The median is the lower middle; the 90th percentile the least value that nine tenths of all values do not exceed."""
    assert nearest_rank(values, 50) == statistics.median_low(values)
    assert nearest_rank(values, 90) == min(v for v in values if 10 * sum(1 for other in values if other <= v) >= 9 * len(values))


@ROUNDS
@given(schemes(), ledgers())
def test_both_ways_of_ranking_agree_on_who_is_before_whom(scheme: Scheme, facts: list[Fact]) -> None:
    dense, competition = (evaluated(replace(scheme, ties=ties), facts) for ties in ("dense", "competition"))
    assert [unit.unit_id for unit in dense.units] == [unit.unit_id for unit in competition.units]
    places = [unit.rank for unit in competition.units]
    for unit, dense_unit in zip(competition.units, dense.units, strict=True):
        better = [other for other in competition.units if (other.score or 0) > (unit.score or 0)]
        assert unit.rank == 1 + len(better)
        assert dense_unit.rank == 1 + len({other.score for other in better})
    assert rank(reversed(competition.units), "competition") == competition.units
    assert places == sorted(place for place in places if place)


@ROUNDS
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=6))
def test_redistribution_keeps_the_ratio_between_lines_with_a_figure(rows: list[tuple[int, int, int]]) -> None:
    lines = [Line(f"L{n}", f"L{n}", Fraction(weight)) for n, (weight, _, _) in enumerate(rows)]
    counts = {f"L{n}": Count(n=min(hits, due), d=due) for n, (_, hits, due) in enumerate(rows)}
    full_marks = sum((line.weight for line in lines), Fraction(0))
    scores, _, apart = score_unit(lines, counts, full_marks=full_marks, min_sample=0)
    fulls = [(score.full, score.weight) for score in scores.values() if score.full is not None]
    assert (apart is None) == any(due for _, _, due in rows)
    assert len({full / weight for full, weight in fulls}) <= 1
