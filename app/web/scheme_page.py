"""A scheme version as people read it: every line with its figure, its rule as a sentence and an example, and what the golden cases say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import url_for

from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.domain.evaluation import as_measured
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, Refused
from app.domain.scheme_case import Outcome, run_cases, said
from app.domain.scheme_rules import check_lines
from app.domain.scheme_sentences import rule_said
from app.domain.scorecard import BONUS, DEDUCTION, MANUAL, Line
from app.domain.shapes import Given, amount
from app.entities.scheme_line import APPEALS, POLICIES, SECTIONS
from app.entities.scheme_version import SchemeVersion, reread

DAY = 86_400


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the version."""

    code: str
    name: str
    section: str
    weight: str
    measures: str
    measure_href: str
    rule: str
    example: str
    missing: str
    appeal: str
    href: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One golden case with its outcome."""

    title: str
    given: str
    line: str
    expected: str
    got: str
    passed: bool
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class SchemePage:
    """What stands above the generated facts of a version."""

    lines: Sequence[LineRow]
    cases: Sequence[CaseRow]
    failing: int
    trouble: str
    weights: str
    can_change: bool
    can_approve: bool
    can_try: bool


def scheme_page(version: SchemeVersion, writer: Words) -> SchemePage:
    """Build it; the golden cases run now, so that what is shown is true now."""
    reread(version)
    outcomes = outcomes_of(version)
    draft = version.state != "approved"
    rows = zip(version.cases, outcomes, strict=True)
    return SchemePage(
        lines=[_line(row, writer) for row in version.lines],
        cases=[_case(row, outcome, writer) for row, outcome in rows],
        failing=sum(not outcome.passed for outcome in outcomes),
        trouble=_trouble(version, writer),
        weights=_weights(version, writer),
        can_change=draft and may("update", "SchemeLine"),
        can_approve=draft and may("approve", "SchemeVersion"),
        can_try=may("read", "WhatIf"),
    )


def outcomes_of(version: SchemeVersion) -> tuple[Outcome, ...]:
    """What the golden cases of a version say now."""
    try:
        scheme = version.value()
    except Refused as refused:
        return tuple(Outcome(case.value(), False, None, refused.phrase) for case in version.cases)
    return run_cases([case.value() for case in version.cases], scheme, version.scheme.group)


def told(version: SchemeVersion, writer: Words) -> tuple[str, bool]:
    """The outcome of all golden cases in one sentence, and whether it is good: said after every saving."""
    reread(version)
    outcomes = outcomes_of(version)
    failing = [outcome for outcome in outcomes if not outcome.passed]
    if not outcomes:
        return writer(N_("The version has no golden case yet; it needs one to take effect.")), False
    if not failing:
        return writer(N_("All %(count)d golden cases come out as expected."), count=len(outcomes)), True
    first = writer.phrase(said(failing[0]))
    return writer(N_("%(count)d of %(all)d golden cases fail: %(first)s"), count=len(failing), all=len(outcomes), first=first), False


def _trouble(version: SchemeVersion, writer: Words) -> str:
    """Why the version cannot be scored as it stands."""
    try:
        scheme = version.value()
        check_lines(as_measured(scheme.lines), scheme.full_marks, scheme.ties)
    except Refused as refused:
        return writer.phrase(refused.phrase)
    return ""


def _weights(version: SchemeVersion, writer: Words) -> str:
    sums: dict[str, Fraction] = {}
    for row in version.lines:
        sums[row.section] = sums.get(row.section, Fraction(0)) + Fraction(row.weight)
    return writer.listing([f"{_option(SECTIONS, name, writer)} {writer.decimal(total)}" for name, total in sums.items() if total])


def _option(options: Sequence[Any], value: str, writer: Words) -> str:
    return next((writer(option.label) for option in options if option.value == value), value)


def _line(row: Any, writer: Words) -> LineRow:
    measure = all_indicators().get(row.indicator)
    try:
        (line,) = as_measured([row.value()])
        rule, example, name = writer.phrase(rule_said(line)), _example(line, writer), writer.phrase(line.title)
    except Refused as refused:
        rule, example, name = writer.phrase(refused.phrase), "", writer(measure.name) if measure else row.code
    return LineRow(
        code=row.code,
        name=name,
        section=_option(SECTIONS, row.section, writer),
        weight=writer.decimal(Fraction(row.weight)) if row.weight else NOTHING,
        measures=writer(N_("%(numerator)s ÷ %(denominator)s"), numerator=writer(measure.numerator), denominator=writer(measure.denominator))
        if measure
        else "",
        measure_href=url_for("Indicators.index", _anchor=row.indicator) if measure else "",
        rule=rule if row.weight else writer(N_("Shown, not scored")),
        example=example,
        missing=_option(POLICIES, row.na_policy, writer) if row.weight and row.shape != MANUAL else "",
        appeal=_option(APPEALS, row.appeal, writer) if row.weight else "",
        href=url_for("SchemeLineScreen.edit", pk=row.id),
    )


def _example(line: Line, writer: Words) -> str:
    """What the rule makes of an invented figure: said with the figure, so that nobody has to imagine it."""
    if not line.weight or line.shape == MANUAL:
        return ""
    given = _invented(line)
    try:
        points = amount(line.shape, given, line.weight, line.params)
    except Refused:
        return ""
    points = -points if line.section == DEDUCTION else points
    message = N_("%(n)s of %(d)s: %(points)s points")
    values: dict[str, Any] = {"n": given.n // given.parts, "d": given.d // given.parts}
    if line.form == "duration":
        message, values = N_("a mean of 1 day: %(points)s points"), {}
    elif line.shape == "density":
        message = N_("%(n)s cases, size %(size)s: %(points)s points")
        values["size"] = str(float(given.size or 0))
    return writer(message, points=writer.decimal(points), **values)


def _invented(line: Line) -> Given:
    """Nine of ten good, or one of ten bad; a size and a group to hold it against."""
    if line.form == "duration":
        return Given(n=10 * DAY, d=10, rate=Fraction(DAY), direction=line.direction, form=line.form, section=line.section)
    n = (10 if line.direction < 0 or line.section == BONUS else 90) * line.parts
    d = 100 * line.parts
    return Given(
        n=n,
        d=d,
        parts=line.parts,
        rate=Fraction(n, d),
        direction=line.direction,
        group_n=d,
        size=Fraction(1, 10),
        form=line.form,
        section=line.section,
    )


def _case(row: Any, outcome: Outcome, writer: Words) -> CaseRow:
    return CaseRow(
        title=str(row.title),
        given=row.given,
        line=row.line or writer(N_("Total")),
        expected=row.expected,
        got=outcome.got or NOTHING,
        passed=outcome.passed,
        why=writer.phrase(outcome.why) if outcome.why else "",
        href=url_for("SchemeCaseScreen.edit", pk=row.id),
    )
