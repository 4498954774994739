"""Duties that no judge can tell apart are judged once: what judges see of a duty is what the likeness of duties is made of."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from app.domain import alike
from app.domain.alike import LENGTHS, UNSEEN, Alikeness
from app.domain.evaluation import mark
from app.domain.facts import Fact, Mark
from app.domain.indicators import Verdict, all_indicators
from app.domain.period import Period
from tests.domain.inventions import CLOSE, ROUNDS, SEPTEMBER, invented

OPENED = SEPTEMBER.start + timedelta(days=2, hours=9)
PERIOD = replace(SEPTEMBER, opened=OPENED)
BOUNDS = (PERIOD.start, PERIOD.end, OPENED, CLOSE)
ONE = [one.name for one in fields(Fact) if str(one.type).startswith("datetime")]
SAID = [one.name for one in fields(Mark) if str(one.type).startswith("datetime")]


def alikeness(period: Period = PERIOD, as_of: datetime = CLOSE) -> Alikeness:
    return Alikeness(all_indicators().values(), period, as_of)


def verdicts(fact: Fact, as_of: datetime = CLOSE) -> dict[str, Verdict]:
    return {code: measure.verdict(fact, PERIOD, as_of) for code, measure in all_indicators().items()}


def on_the_edge(fact: Fact, dice: Random) -> Fact:
    """Moments that coincide, lie on a bound, or lie about ten minutes after the dispatch."""
    start = fact.dispatched_at or fact.reported_at
    near = [start, *BOUNDS, *(start + timedelta(seconds=600 + step) for step in (-1, 0, 0, 1))]
    moved = {name: dice.choice(near) for name in dice.sample(ONE, 5) if name != "dispatched_at"}
    return cast(Fact, replace(fact, **cast(Any, moved)))


def redrawn(fact: Fact, at: Any) -> Fact:
    """The duty with every moment replaced by what ``at`` makes of it."""

    def of(mark: Mark | None) -> Mark | None:
        return None if mark is None else replace(mark, **{name: at(getattr(mark, name)) for name in SAID if getattr(mark, name)})

    moved: dict[str, Any] = {name: at(getattr(fact, name)) for name in ONE if getattr(fact, name) is not None}
    lists = {name: tuple(at(one) for one in getattr(fact, name)) for name in ("calls", "earlier")}
    return replace(fact, **moved, **lists, received=of(fact.received), owed=of(fact.owed))


def moments_of(fact: Fact) -> set[datetime]:
    found: set[datetime] = set()

    def seen(moment: datetime) -> datetime:
        found.add(moment)
        return moment

    redrawn(fact, seen)
    return found


def stretched(fact: Fact, dice: Random) -> Fact:
    """The duty with other moments in the same order; what lies on a bound stays there, what lies ten minutes apart stays so."""
    start = fact.dispatched_at
    tied = {start, start + timedelta(minutes=10)} if start else set()
    points = sorted({*moments_of(fact), *BOUNDS, *tied})
    room = {p: min(abs(p - other) for other in points if other != p) / 3 for p in points}
    together = min((room[p] for p in tied), default=timedelta())
    shift = {p: timedelta() if p in BOUNDS else room[p] * dice.uniform(-1, 1) for p in points}
    step = timedelta() if tied & set(BOUNDS) else together * dice.uniform(-1, 1)
    shift |= dict.fromkeys(tied, step)
    return redrawn(fact, lambda moment: moment + shift[moment])


@ROUNDS
@given(st.integers(0, 2**32))
def test_judges_see_of_moments_only_how_they_lie_to_one_another_and_to_the_bounds(seed: int) -> None:
    dice = Random(seed)
    fact = invented(1, dice)
    for one in (fact, on_the_edge(fact, dice)):
        other = stretched(one, dice)
        assert alikeness().of(other) == alikeness().of(one)
        assert verdicts(other) == verdicts(one)


@ROUNDS
@given(st.integers(0, 2**32))
def test_judges_do_not_look_at_whose_duty_it_is_nor_at_how_long_it_took(seed: int) -> None:
    fact = invented(1, Random(seed))
    worked = None if fact.worked is None else fact.worked + 77
    other = replace(fact, key="other", ticket_id=99, ticket_no="other", unit_id=2, ordinal=7, worked=worked)
    assert {one.name for one in fields(Fact) if getattr(fact, one.name) != getattr(other, one.name)} <= UNSEEN | LENGTHS
    assert alikeness().of(other) == alikeness().of(fact)
    assert verdicts(other) == verdicts(fact)


@ROUNDS
@given(st.integers(0, 2**32))
def test_many_duties_judged_together_get_the_verdicts_that_each_gets_alone(seed: int) -> None:
    dice = Random(seed)
    first = [on_the_edge(invented(n, dice), dice) for n in range(3)]
    closed = replace(invented(3, dice), completed_at=PERIOD.start, returned="", undone_at=None, unknown=frozenset())
    asked = replace(closed, key="asked", completed_at=PERIOD.start - timedelta(days=1), rating="basic", rated_at=OPENED)
    first += [closed, asked]
    again = [replace(stretched(fact, dice), key=f"again {fact.key}", unit_id=dice.choice((1, 2))) for fact in first]
    strange = [one for fact in first for one in nearly(fact, dice)]
    marks = {one.fact.key: dict(one.verdicts) for one in mark([*first, *again, *strange], all_indicators(), PERIOD, CLOSE)}
    for fact in (*first, *again, *strange):
        assert marks.get(fact.key, {}) == {code: verdict for code, verdict in verdicts(fact).items() if verdict is not Verdict.OUT}


def nearly(fact: Fact, dice: Random) -> list[Fact]:
    """The same duty with one field as another has it, or with one moment just beside a bound."""
    other = invented(77, dice)
    words: list[tuple[str, Any]] = [(one.name, getattr(other, one.name)) for one in fields(Fact) if one.name not in UNSEEN]
    words += [("excluded", {dice.choice(("*", *all_indicators())): "malicious"}), ("worked", None), ("worked", 7)]
    words += [(name, dice.choice(BOUNDS) + timedelta(seconds=dice.choice((-1, 1)))) for name in ONE]
    return [replace(fact, key=f"{fact.key}!{n}", **{name: word}) for n, (name, word) in enumerate(words)]


def test_every_field_of_a_duty_is_a_word_a_moment_or_named_as_unseen() -> None:
    """``excluded``, the only list of reasons, is told as a whole."""
    told = [alike._MOMENTS, alike._WORDS, alike._LISTS, alike._MARKS]
    seen = [name for getter in told for name in getter.__reduce__()[1]]
    assert sorted([*seen, *UNSEEN, *LENGTHS, "excluded"]) == sorted(one.name for one in fields(Fact))
    said = [name for getter in (alike._SAID_MOMENTS, alike._SAID_WORDS) for name in getter.__reduce__()[1]]
    assert sorted(said) == sorted(one.name for one in fields(Mark))


class Mute(datetime):
    """A moment that can be compared and tells nothing else: no hour, no weekday, no distance but those that a figure declares."""

    allowed: frozenset[timedelta] = frozenset()

    def _told(self, *_: Any) -> Any:
        raise AssertionError("a judge looked at more of a moment than where it lies; declare what it makes in Indicator.makes")

    date = time = timetz = weekday = isoweekday = timestamp = astimezone = replace = timetuple = utctimetuple = isocalendar = _told  # type: ignore[assignment]
    year = month = day = hour = minute = second = property(_told)  # type: ignore[assignment]
    __rsub__ = _told

    def __add__(self, length: Any) -> Any:
        return super().__add__(length) if length in self.allowed else self._told()

    def __sub__(self, other: Any) -> Any:
        return super().__sub__(other) if self.allowed and isinstance(other, datetime) else self._told()


def mute(moment: datetime) -> Mute:
    return Mute.fromisoformat(moment.isoformat())


@ROUNDS
@given(st.integers(0, 2**32))
def test_judges_only_compare_moments_unless_their_figure_says_what_it_makes_of_them(seed: int) -> None:
    dice = Random(seed)
    fact = redrawn(on_the_edge(invented(1, dice), dice), mute)
    for measure in all_indicators().values():
        Mute.allowed = frozenset(length for _, length in measure.makes)
        measure.verdict(fact, PERIOD, mute(CLOSE))
