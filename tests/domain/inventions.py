"""Facts and schemes thrown by dice: most could never happen, and the rules must hold for them all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from app.domain.evaluation import Assessed, Manual, Scheme, as_measured, evaluate_group
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
from app.domain.indicators import all_indicators
from app.domain.period import month_of
from app.domain.scheme_rules import NA_POLICIES, TIES
from app.domain.scorecard import BASIC, BONUS, MANUAL, SECTIONS, Group, Line, Names
from app.domain.shapes import NOT_MORE_THAN, SHAPES, params_of

ROUNDS = settings(max_examples=120, deadline=None)
SEPTEMBER = month_of("2026-09")
CLOSE = at("2026-10-03 09:00")
START = at("2026-07-15")
UNITS = {n: Assessed(f"D{n:02d}", Names(f"部门{n}"), size=None if n == 4 else Fraction(n, 7)) for n in range(1, 5)}
"""One of them has no known size."""

UNRECORDED = (
    *(DISPATCHED, SIGNED, RESPONDED, DUE, COMPLETED, OUTCOME, RETURNS, REWORKS, RATING),
    *(CALLS, CONTACTS, EXTENSIONS, SUSPENSIONS, FOLLOW_UPS),
)


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
        result=dice.choice(("", "solved", "partly", "explained", "unsolved")),
        worked=dice.choice((None, 0, dice.randrange(900_000))),
        proactive=dice.random() < 0.3,
        repeat=dice.choice((None, True, False)),
    )


def ledger(seed: int, size: int) -> list[Fact]:
    dice = Random(seed)
    return [invented(number, dice) for number in range(size)]


PARAMETERS = {
    "deduction": ("T=95, k=0.5", "T=98, k=1/3, floor={half}", "T=100, k=7"),
    "bands": ("<50=-{whole}, <75=-{half}, <90=-{tenth}, else=0", "<=60=0, <90=-{tenth}, else=-{half}"),
    "steps": ("1=-{tenth}, 3=-{half}, else=-{whole}", "0=0, 2=-{half}, else=-{whole}"),
    "per_case": ("d=1", "d=1/2, cap={half}", "d=9"),
    "bonus": ("b=1", "b=1/4"),
    "density": ("k=0.01", "k=30"),
    "duration": ("T=2, k=10", "T=5, k=1, day=8"),
}
"""Parameters by shape, as they are written; words in braces are parts of the line's weight."""
GAINS = {
    "bands": ("<50=0, <90={half}, else={whole}",),
    "steps": ("1={whole}, 3={half}, else=0", "5=0, else={tenth}"),
}
"""Bands and steps that give instead of taking."""


def rule_of(line: Line, dice: Random) -> Line:
    """The line with any shape that it may carry, and parameters for it."""
    fitting = [one for one in SHAPES.values() if line.form in one.forms and line.section in one.sections and one.code != MANUAL]
    if not fitting or not line.weight:
        return replace(line, weight=Fraction(0))
    shape = dice.choice(fitting).code
    choices = list(PARAMETERS.get(shape, ("",)) if line.section != BONUS else GAINS.get(shape, PARAMETERS.get(shape, ("",))))
    choices += GAINS.get(shape, ()) if line.section == BASIC else ()
    parts = {"whole": line.weight, "half": line.weight / 2, "tenth": line.weight / 10}
    return replace(line, shape=shape, params=params_of(dice.choice(choices).format(**parts)))


def scheme_of(seed: int) -> Scheme:
    """All indicators, some with a weight, in any section, shape and policy; full marks are whatever the basic weights add up to."""
    dice = Random(seed)
    lines: list[Line] = []
    for code, measure in all_indicators().items():
        weight = Fraction(dice.choice((0, dice.randrange(1, 40))), dice.randrange(1, 4))
        section = dice.choice((BASIC, BASIC, *SECTIONS))
        named = dice.random() < 0.2
        plain = Line(f"{code}-X" if named else code, measure.name, weight, section=section, measure=code if named else "")
        lines.append(rule_of(as_measured([replace(plain, na_policy=dice.choice(NA_POLICIES))])[0], dice))
    for section in SECTIONS:
        lines.append(Line(f"HAND-{section}", "by hand", Fraction(dice.randrange(0, 12)), MANUAL, section=section))
    dice.shuffle(lines)
    tied = [_tied(line, lines[:place], dice) for place, line in enumerate(lines)]
    full_marks = sum((line.weight for line in lines if line.section == BASIC), Fraction(0))
    return Scheme(
        Names("方案"), 1, tuple(tied), full_marks, ties=dice.choice(TIES), bonus_cap=dice.choice((None, Fraction(0), Fraction(7, 2)))
    )


def _tied(line: Line, before: list[Line], dice: Random) -> Line:
    """Some deductions per case are limited by a line that stands before them."""
    limits = [one.code for one in before if one.section != BONUS and one.weight]
    if line.shape != "per_case" or not limits or dice.random() < 0.3:
        return line
    return replace(line, params={**line.params, NOT_MORE_THAN: dice.choice(limits)})


def entries_of(scheme: Scheme, seed: int) -> Manual:
    """Points entered by hand for some units on some lines."""
    dice = Random(seed)
    by_hand = [line for line in scheme.lines if line.shape == MANUAL and line.weight]
    return {(unit, line.code): (line.weight * dice.randrange(0, 5) / 4, "why") for unit in UNITS for line in by_hand if dice.random() < 0.4}


def ledgers(least: int = 0) -> st.SearchStrategy[list[Fact]]:
    """Any facts, ``least`` of them at least."""
    return st.builds(ledger, st.integers(0, 2**32), st.integers(least, 60))


def schemes() -> st.SearchStrategy[Scheme]:
    """Any scheme that can be scored."""
    return st.builds(scheme_of, st.integers(0, 2**32))


def evaluated(scheme: Scheme, facts: list[Fact], units: Mapping[int, Assessed] = UNITS, manual: Manual | None = None) -> Group:
    """The departments' ranking in September."""
    return evaluate_group(DEPARTMENT, Names("部门"), scheme, facts, units, SEPTEMBER, CLOSE, manual)[0]
