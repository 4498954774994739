"""Two versions of a scheme are told apart line by line."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from app.domain.evaluation import Scheme
from app.domain.scheme_difference import difference
from app.domain.scorecard import Line, Names

OLD = Scheme(Names("方案"), 1, (Line("A", "A", Fraction(60)), Line("B", "B", Fraction(40), "deduction", {"T": "95", "k": "1"})))


def test_the_order_of_lines_is_no_difference() -> None:
    assert difference(OLD, replace(OLD, lines=OLD.lines[::-1], version=2)).lines == ()


def test_lines_come_go_and_change_in_named_parts() -> None:
    _first, second = OLD.lines
    new = replace(OLD, lines=(replace(second, params={"T": "98", "k": "1"}, weight=Fraction(50)), Line("C", "C", Fraction(50))))
    found = difference(OLD, new).lines
    assert [(change.kind, change.code) for change in found] == [("changed", "B"), ("added", "C"), ("removed", "A")]
    assert found[0].parts == ("weight", "rule")


def test_the_terms_of_the_version_are_compared_too() -> None:
    assert difference(OLD, replace(OLD, full_marks=Fraction(150), ties="competition")).terms == ("full_marks", "ties")
