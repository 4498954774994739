"""What must hold for any facts, weights and names whatever."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.counts import COUNTED, WORTH
from app.domain.evaluation import Assessed, Scheme, evaluate_group
from app.domain.examples import at
from app.domain.facts import (
    CALL,
    CALLS,
    CASE,
    COMPLETED,
    CONTACTS,
    DEPARTMENT,
    DISPATCHED,
    DUE,
    EXTENSIONS,
    FOLLOW_UPS,
    OUTCOME,
    RATING,
    RESPONDED,
    RETURNS,
    REWORKS,
    ROUND,
    SIGNED,
    SUSPENSIONS,
    Fact,
    Mark,
)
from app.domain.indicators import Count, all_indicators, count
from app.domain.period import month_of
from app.domain.ranking import rank
from app.domain.scheme_rules import NA_POLICIES
from app.domain.scorecard import Group, Line, Names
from app.domain.scoring import score_unit
from app.domain.snapshot import snapshot_digest

SEPTEMBER = month_of("2026-09")
CLOSE = at("2026-10-03 09:00")
START = at("2026-07-15")
UNITS = {n: Assessed(f"D{n:02d}", Names(f"部门{n}")) for n in range(1, 5)}
ROUNDS = settings(max_examples=120, deadline=None)

UNRECORDED = (
    *(DISPATCHED, SIGNED, RESPONDED, DUE, COMPLETED, OUTCOME, RETURNS, REWORKS, RATING),
    *(CALLS, CONTACTS, EXTENSIONS, SUSPENSIONS, FOLLOW_UPS),
)
SHAPES: tuple[tuple[str, dict[str, str]], ...] = (("rate", {}), ("inverse", {}), ("deduction", {"T": "95", "k": "1/2"}))


def invented(number: int, dice: Random) -> Fact:
    """A duty whose moments, flags and gaps were thrown by dice; many could never happen in that order."""

    def moment() -> datetime | None:
        return None if dice.random() < 0.3 else START + timedelta(minutes=dice.randrange(100 * 24 * 60))

    def mark() -> Mark | None:
        words = {name: dice.choice(("", "accurate", "partly", "on_time", "late", "solved")) for name in ("arrival", "effect", "accuracy")}
        state = dice.choice(("open", "given", "given", "missed", "annulled"))
        return None if dice.random() < 0.3 else Mark(state, moment(), moment(), moment(), **words)

    return Fact(
        key=f"k{number}",
        ticket_id=number,
        ticket_no=f"T{number}",
        group=DEPARTMENT,
        unit_id=dice.choice(list(UNITS)),
        kind=dice.choice((CASE, ROUND, CALL)),
        ordinal=1,
        reported_at=moment() or START,
        dispatched_at=moment(),
        signed_at=moment(),
        auto_signed=dice.random() < 0.2,
        response_due_at=moment(),
        responded_at=moment(),
        due_at=moment(),
        completed_at=moment(),
        completed=dice.choice((None, True, False)),
        on_time=dice.choice((None, True, False)),
        withdrawn_at=moment() if dice.random() < 0.3 else None,
        returned=dice.choice(("", "", "", "open", "approved", "rejected", "lapsed")),
        reworks=dice.randrange(3),
        rating=dice.choice(("", "satisfied", "basic", "fair", "dissatisfied")),
        rated_at=moment(),
        unknown=frozenset(dice.sample(UNRECORDED, dice.choice((0, 0, 1, 3)))),
        turn=dice.choice(("", "dispatch", "backstop", "reopen")),
        returned_at=moment(),
        **{name: moment() if dice.random() < 0.4 else None for name in ("reopened_at", "undone_at", "suspended_at")},
        **{name: moment() for name in ("paused_at", "extended_at", "contact_due_at", "contacted_at", "appointment_at")},
        **{name: moment() for name in ("arrive_by", "reported_in_at", "solved_at")},
        arrival=dice.choice(("", "on_time", "late", "absent")),
        wants_call=dice.random() < 0.5,
        calls=tuple(filter(None, (moment(), moment()))),
        earlier=tuple(filter(None, (moment() if dice.random() < 0.2 else None,))),
        units=dice.choice((1, 1, 2)),
        received=mark(),
        owed=mark(),
        solved=dice.choice(("", "solved", "partly", "unsolved")),
    )


def ledger(seed: int, size: int) -> list[Fact]:
    dice = Random(seed)
    return [invented(number, dice) for number in range(size)]


def scheme_of(seed: int) -> Scheme:
    """All indicators, some with a weight, in any shape and policy; full marks are whatever the weights add up to."""
    dice = Random(seed)
    lines = []
    for code, measure in all_indicators().items():
        shape, params = dice.choice(SHAPES)
        weight = Fraction(dice.choice((0, dice.randrange(1, 40))), dice.randrange(1, 4))
        lines.append(Line(code, measure.name, weight, shape, params, dice.choice(NA_POLICIES)))
    return Scheme(Names("方案"), 1, tuple(lines), full_marks=sum((line.weight for line in lines), Fraction(0)))


def ledgers(least: int = 0) -> st.SearchStrategy[list[Fact]]:
    return st.builds(ledger, st.integers(0, 2**32), st.integers(least, 60))


def schemes() -> st.SearchStrategy[Scheme]:
    return st.builds(scheme_of, st.integers(0, 2**32))


def evaluated(scheme: Scheme, facts: list[Fact], units: Mapping[int, Assessed] = UNITS) -> Group:
    return evaluate_group(DEPARTMENT, Names("部门"), scheme, facts, units, SEPTEMBER, CLOSE)[0]


@ROUNDS
@given(schemes(), ledgers())
def test_points_and_totals_never_leave_their_bounds(scheme: Scheme, facts: list[Fact]) -> None:
    group = evaluated(scheme, facts)
    assert len(group.units) + len(group.apart) == len(UNITS)
    for unit in group.units:
        assert unit.raw is not None and 0 <= unit.raw <= scheme.full_marks
        assert all(line.points is None or line.full is None or 0 <= line.points <= line.full for line in unit.lines.values())
        assert all(0 <= line.n <= line.d for line in unit.lines.values())


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
        whole = measure.parts
        before, after = (count(measure, some, SEPTEMBER, CLOSE) for some in (facts, without))
        worth = whole * WORTH.get(verdict, 0)
        assert before.n - after.n == (worth if counted else 0)
        assert (before.d - after.d, after.excluded) == (whole * counted, int(counted))
        assert (before.pending, before.unknown) == (after.pending, after.unknown)


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
    renamed = {unit_id: Assessed(letter, Names(letter)) for unit_id, letter in zip(UNITS, letters, strict=True)}
    before, after = evaluated(scheme, facts), evaluated(scheme, facts, renamed)
    assert {unit.unit_id: unit.rank for unit in before.units} == {unit.unit_id: unit.rank for unit in after.units}


@ROUNDS
@given(schemes(), ledgers())
def test_both_ways_of_ranking_agree_on_who_is_before_whom(scheme: Scheme, facts: list[Fact]) -> None:
    dense, competition = evaluated(scheme, facts), evaluated(replace(scheme, ties="competition"), facts)
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
