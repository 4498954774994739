"""Golden cases of a scheme version: what is given, what must come out, and what did, in exact fractions until the published decimals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.case_text import CaseText, Tally, read_case, wrong
from app.domain.counts import Count
from app.domain.evaluation import Scheme
from app.domain.indicators import Indicator, all_indicators, count
from app.domain.refusals import N_, Phrase, Refused
from app.domain.rounding import half_up
from app.domain.scorecard import MANUAL, Line
from app.domain.scoring import published, score_unit

NO_FIGURE = "N/A"
_NO_FIGURE = {"n/a", "na", "不适用", "无"}
_DECIMAL = re.compile(r"^[-−]?\d{1,6}(\.\d{1,2})?$")
_FRACTION = re.compile(r"^[-−]?\d{1,9}/[1-9]\d{0,8}$")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example. ``line`` is the code of the line whose points are expected; empty: the unit's total."""

    title: str
    given: str
    line: str
    expected: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case; ``got`` is ``None`` where it could not even be counted, and ``why`` then says why."""

    case: Case
    passed: bool
    got: str | None
    why: Phrase | None = None


def read_expected(text: str) -> Fraction | None:
    """What must come out: points with at most two decimals or an exact fraction; ``None`` for ``N/A``.

    Raises ``Refused("bad-expected")``.
    """
    plain = text.strip()
    if plain.lower() in _NO_FIGURE:
        return None
    if not (_DECIMAL.match(plain) or _FRACTION.match(plain)):
        raise Refused(
            "bad-expected",
            N_("“%(text)s” is no result; write points with two decimals (14.82), an exact fraction (1/3), or N/A"),
            field="expected",
            text=text,
        )
    return Fraction(plain.replace("−", "-"))


def run_case(case: Case, scheme: Scheme, group: str, zone: str = "Asia/Shanghai") -> Outcome:
    """Count and score what the case gives under ``scheme``, and hold the result against what it expects."""
    try:
        expected = read_expected(case.expected)
        got = _points(case, read_case(case.given, group, zone), scheme)
    except Refused as refused:
        return Outcome(case, False, None, refused.phrase)
    if expected is None or got is None:
        return Outcome(case, expected is got, _said(got, exact=False))
    exact = "/" in case.expected
    same = got == expected if exact else published(got) == half_up(expected)
    return Outcome(case, same, _said(got, exact=exact))


def run_cases(cases: Iterable[Case], scheme: Scheme, group: str, zone: str = "Asia/Shanghai") -> tuple[Outcome, ...]:
    """Every case in turn."""
    return tuple(run_case(case, scheme, group, zone) for case in cases)


def check_cases(outcomes: Sequence[Outcome]) -> None:
    """Whether a version with these outcomes may take effect: it has cases, and every one passes.

    Raises ``Refused`` with ``no-cases`` or ``case-fails`` naming the first one that does not.
    """
    if not outcomes:
        raise Refused(
            "no-cases",
            N_("A version takes effect only with worked examples: add at least one case whose result you computed by hand."),
            field="state",
            status=409,
        )
    for outcome in outcomes:
        if not outcome.passed:
            raise Refused("case-fails", N_("Not approved. %(reason)s"), field="state", status=409, reason=said(outcome))


def said(outcome: Outcome) -> Phrase:
    """The outcome in one sentence."""
    title, expected = outcome.case.title, outcome.case.expected
    if outcome.got is None:
        return Phrase(N_("“%(title)s” could not be computed. %(reason)s"), title=title, reason=outcome.why)
    if outcome.passed:
        return Phrase(N_("“%(title)s”: %(got)s, as expected"), title=title, got=outcome.got)
    return Phrase(N_("“%(title)s”: expected %(expected)s, got %(got)s"), title=title, expected=expected, got=outcome.got)


def _said(got: Fraction | None, *, exact: bool) -> str:
    return NO_FIGURE if got is None else str(got) if exact else str(half_up(got))


def _points(case: Case, given: CaseText, scheme: Scheme) -> Fraction | None:
    """The exact points of the case's line, or the total; ``None`` where there is no figure."""
    lines = tuple(_as_measured(line) for line in scheme.lines)
    known = {line.code: line for line in lines}
    if case.line and case.line not in known:
        raise Refused("no-such-line", N_("The version has no line %(line)s."), field="line", line=case.line)
    told = _by_measure(given.tallies, known)
    scores, total, _ = score_unit(
        lines,
        _counts(given, told, lines),
        full_marks=scheme.full_marks,
        min_sample=scheme.min_sample,
        bonus_cap=scheme.bonus_cap,
        size=given.size,
        group_n={code: _whole(tally, tally.group, _measure(code).parts) for code, tally in told.items() if tally.group is not None},
        manual={t.code: (t.n, "") for t in given.tallies if t.code in known and known[t.code].shape == MANUAL},
    )
    return scores[case.line].points if case.line else total


def _measure(code: str) -> Indicator:
    known = all_indicators()
    if code not in known:
        raise Refused("unknown-indicator", N_("There is no indicator %(line)s."), field="code", line=code)
    return known[code]


def _as_measured(line: Line) -> Line:
    """The line with what its indicator says of it."""
    if not line.measured:
        return line
    measure = _measure(line.measured)
    return replace(line, form=measure.form, direction=measure.direction, parts=measure.parts)


def _counts(given: CaseText, told: Mapping[str, Tally], lines: Iterable[Line]) -> dict[str, Count]:
    """The count of every figure: as it was given, else counted from the duties."""
    found = {code: _told(tally, _measure(code)) for code, tally in told.items()}
    if given.facts and given.period is not None and given.as_of is not None:
        for code in {line.measured for line in lines if line.measured} - found.keys():
            measure = _measure(code)
            counted = found[code] = count(measure, given.facts, given.period, given.as_of)
            if measure.form == "share":
                counted.d = counted.n
    return found


def _by_measure(tallies: Iterable[Tally], lines: Mapping[str, Line]) -> dict[str, Tally]:
    """Each count under the figure it is of: named by a line, or by the figure behind one or several."""
    measured = {line.measured for line in lines.values() if line.measured}
    found: dict[str, Tally] = {}
    for tally in tallies:
        line = lines.get(tally.code)
        if line is not None and line.shape == MANUAL:
            if tally.d is not None:
                raise wrong(tally.row, N_("%(line)s is entered by hand: give its points, not a count"), line=tally.code)
            continue
        code = line.measured if line is not None else tally.code
        if code not in measured:
            raise wrong(tally.row, N_("the version has no line %(line)s"), line=tally.code)
        if code in found:
            raise wrong(tally.row, N_("%(line)s counts the same figure as an earlier row; give it once"), line=tally.code)
        found[code] = tally
    return found


def _told(tally: Tally, measure: Indicator) -> Count:
    """A given count in the parts that its figure is kept in."""
    if tally.d is None:
        raise wrong(tally.row, N_("%(line)s is counted: write numerator/denominator, such as 737/972"), line=tally.code)
    found = measure.tally()
    found.n = _whole(tally, tally.n, 1 if measure.form == "duration" else measure.parts)
    found.d = _whole(tally, tally.d, 1) * measure.parts
    return found


def _whole(tally: Tally, value: Fraction, parts: int) -> int:
    exact = value * parts
    if exact.denominator != 1:
        raise wrong(tally.row, N_("%(line)s: %(value)s is no number of cases here"), line=tally.code, value=value)
    return int(exact)
