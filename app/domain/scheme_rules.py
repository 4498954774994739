"""Whether a scheme can be right: distinct lines, rules that can be read, caps that lead somewhere, weights that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.refusals import N_, Phrase, Refused
from app.domain.rounding import half_up
from app.domain.scorecard import APPEALS, BASIC, BONUS, MANUAL, SECTIONS, Line
from app.domain.shapes import NOT_MORE_THAN, SHAPES, checked_params

REDISTRIBUTE, FULL, EXCLUDE_UNIT = "redistribute", "full", "exclude_unit"
NA_POLICIES = (REDISTRIBUTE, FULL, EXCLUDE_UNIT)
"""What becomes of a basic line without a figure: its weight is spread over the others (default), it earns full
marks, or the unit is listed apart (handbook §2.5). A bonus or deduction line without a figure gives and takes nothing."""

DENSE, COMPETITION, TIE_BREAK = "dense", "competition", "tie_break"
TIES = (DENSE, COMPETITION, TIE_BREAK)
"""How equal scores share ranks: 1, 1, 2 (published practice, default), 1, 1, 3, or told apart by further figures (handbook §2.6)."""

BREAKERS = ("DONE_OT", "SAT", "VOLUME")
"""The figures that tell equal scores apart, one after the other: the more the better."""


def check_lines(lines: Sequence[Line], full_marks: Fraction, ties: str = DENSE) -> None:
    """Whether a scheme can be scored at all.

    Raises ``Refused`` naming the line or the sum; weights that do not add up to the full marks are a
    mistake that would otherwise cost every unit points in silence (§2.4).
    """
    codes: dict[str, Line] = {}
    for line in lines:
        if line.code in codes:
            raise Refused("line-twice", N_("The line %(line)s appears twice in the scheme."), field="code", line=line.code)
        codes[line.code] = line
        _check_line(line)
    for line in lines:
        _check_cross_cap(line, codes)
    if ties == TIE_BREAK and not any(line.measured in BREAKERS for line in lines):
        raise Refused(
            "no-tie-breaker",
            N_("Equal scores cannot be told apart: the version has no line for on-time completion, satisfaction or volume."),
            field="ties",
        )
    total = sum((line.weight for line in lines if line.section == BASIC), Fraction(0))
    if total != full_marks:
        raise Refused(
            "weights-do-not-add-up",
            N_("The weights add up to %(total)s, the full marks are %(full)s."),
            field="weight",
            total=half_up(total),
            full=half_up(full_marks),
        )


def _check_line(line: Line) -> None:
    """One line by itself."""
    if line.weight < 0:
        raise Refused("bad-weight", N_("The weight of %(line)s is negative."), field="weight", line=line.code)
    if line.na_policy not in NA_POLICIES:
        raise Refused("unknown-policy", N_("“%(value)s” is no policy for lines without a figure."), field="na_policy", value=line.na_policy)
    if line.section not in SECTIONS:
        raise Refused("unknown-section", N_("“%(value)s” is no section of a scheme."), field="section", value=line.section)
    if line.appeal not in APPEALS:
        raise Refused("unknown-appeal", N_("“%(value)s” is no kind of appeal."), field="appeal", value=line.appeal)
    try:
        check_rule(line)
    except Refused as refused:
        raise Refused(
            refused.code, N_("%(line)s: %(reason)s"), field=refused.field, line=line.code, reason=refused.phrase, status=refused.status
        ) from refused


def check_rule(line: Line) -> None:
    """Whether the line's shape can read its parameters and its figure. Raises ``Refused``."""
    checked_params(line.shape, line.weight, line.params, line.section)
    shape = SHAPES[line.shape]
    if line.weight and line.shape != MANUAL and line.form not in shape.forms:
        raise Refused(
            "shape-cannot-read",
            N_("The score shape “%(shape)s” cannot read this kind of figure; choose another shape or another indicator."),
            field="shape",
            shape=Phrase(shape.name),
        )


def _check_cross_cap(line: Line, lines: Mapping[str, Line]) -> None:
    """Whether the line that limits this one exists, can cost points, and is not limited by this one in turn."""
    seen = [line.code]
    while target := line.params.get(NOT_MORE_THAN):
        if target not in lines:
            raise Refused(
                "unknown-cross-cap",
                N_("%(line)s may not take more than the line %(target)s, which the version does not have."),
                field="params",
                line=line.code,
                target=target,
            )
        if target in seen:
            raise Refused(
                "cross-caps-in-a-circle", N_("The lines %(lines)s limit each other in a circle."), field="params", lines=[*seen, target]
            )
        seen.append(target)
        line = lines[target]
        if line.section == BONUS or not line.weight:
            raise Refused(
                "cross-cap-takes-nothing",
                N_("The line %(target)s takes no points, so it can limit nothing."),
                field="params",
                target=target,
            )


def limits_first(lines: Sequence[Line]) -> list[Line]:
    """The lines in an order in which every line stands behind the one that limits it; the rest keep their order."""
    known = {line.code: line for line in lines}
    ordered: dict[str, Line] = {}

    def place(line: Line) -> None:
        if line.code in ordered:
            return
        target = line.params.get(NOT_MORE_THAN)
        if target:
            place(known[target])
        ordered[line.code] = line

    for line in lines:
        place(line)
    return list(ordered.values())
