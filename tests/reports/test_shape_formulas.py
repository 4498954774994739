"""Every score shape in every section as a live formula: LibreOffice arrives at the engine's points without having seen them."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from app.domain.indicators import Count
from app.domain.ranking import group_totals, rank
from app.domain.scorecard import BONUS, DEDUCTION, Group, Line, Names, Scorecard, UnitScore
from app.domain.scoring import bonus_room, published, score_unit, uncapped
from app.domain.shapes import SHAPES
from reports.definitions.scorecard.group_grid import FIRST_ROW, SPARE
from reports.definitions.scorecard.shape_formulas import FORMULAS
from reports.printing import render
from tests.reports import specimens
from tests.reports.office import converted, results_of
from tests.reports.test_libreoffice import without_results


def line(code: str, weight: int, shape: str, params: dict[str, str], direction: int = 1, **more: object) -> Line:
    return replace(Line(code, code, Fraction(weight), shape, params, direction=direction), **more)  # type: ignore[arg-type]


LINES = (
    line("A", 10, "rate", {}),
    line("B", 10, "inverse", {}, -1, na_policy="full"),
    line("C", 25, "deduction", {"T": "98", "k": "0.5", "floor": "12.5"}),
    line("D", 5, "bands", {"<50": "-0.25", "<75": "-0.15", "<=90": "-0.1", "else": "0"}),
    line("E", 10, "per_case", {"d": "0.5", "cap": "8"}, -1),
    line("F", 5, "per_case", {"d": "1", "cap": "5", "not_more_than": "E"}, -1, parts=2),
    line("G", 10, "density", {"k": "0.01"}, -1),
    line("H", 5, "duration", {"T": "2", "k": "10"}, form="duration"),
    line("I", 5, "share", {}),
    line("J", 5, "all_or_nothing", {}),
    line("K", 10, "steps", {"50": "10", "100": "9", "200": "7.5", "else": "0"}, -1),
    line("L", 0, "rate", {}),
    line("M", 5, "bonus", {"b": "0.1"}, section=BONUS),
    line("N", 10, "manual", {}, section=DEDUCTION),
    line("O", 4, "bands", {"<60": "-4", "<80": "-1.5", "else": "0"}, section=DEDUCTION),
    line("P", 3, "all_or_nothing", {}, -1, section=DEDUCTION),
)


def unit(number: int, counts: dict[str, Count], whole: dict[str, int]) -> UnitScore:
    chance = random.Random(number)
    size = None if number % 7 == 0 else Fraction(chance.randint(1, 90), 1000)
    manual = {"N": (Fraction(chance.randint(0, 40), 4), "proof")} if number % 3 else {}
    cap = Fraction(3)
    scores, raw, apart = score_unit(
        LINES, counts, full_marks=Fraction(100), min_sample=3, bonus_cap=cap, size=size, group_n=whole, manual=manual
    )
    assert apart is None
    names = Names(f"单位{number}", f"Unit {number}")
    found = UnitScore(number, f"U{number:03d}", "", names, scores, raw, published(raw), None, uncapped=uncapped(scores), size=size)
    return found


def card() -> Scorecard:
    chance = random.Random(4)
    tallies = []
    for number in range(1, 61):
        counts = {}
        for one in LINES:
            d = 0 if chance.random() < 0.12 and one.code not in ("A", "N") else chance.randint(1, 260)
            n = chance.randint(0, d) if one.form != "duration" else chance.randint(0, 86400 * 3 * max(d, 1)) * bool(d)
            if one.code in "JP" and d:
                n = d if one.code == "J" and number % 2 else n if number % 4 else 0
            counts[one.code] = Count(n=n, d=d, parts=one.parts)
        tallies.append(counts)
    whole = {one.code: sum(counts[one.code].n for counts in tallies) for one in LINES}
    units = [unit(number, counts, whole) for number, counts in enumerate(tallies, start=1)]
    group = Group(
        "all", Names("全部", "All shapes"), Names("方案", "Scheme"), 1, Fraction(100), LINES, rank(units), (),
        group_totals(LINES, (one.lines for one in units)), bonus_cap=bonus_room(LINES, Fraction(3)),
    )  # fmt: skip
    return replace(specimens.scorecard(tickets=20, departments=12), groups=(group,))


def test_every_shape_has_a_formula() -> None:
    assert set(FORMULAS) == set(SHAPES)
    assert {one.shape for one in LINES} == set(SHAPES)


def test_another_program_arrives_at_every_point_and_score(tmp_path: Path) -> None:
    made = card()
    path = render(made, "scorecard", "xlsx", ["en"], tmp_path / "shapes.xlsx")
    bare = without_results(path, tmp_path / "bare.xlsx")
    sheet = results_of(converted(bare, "xlsx", tmp_path / "again") / "bare.xlsx")["All shapes"]
    wrong = []
    for row, one in enumerate(made.groups[0].units, start=FIRST_ROW):
        if sheet.cell(row, 5).value != float(one.score or 0):
            wrong.append((one.code, "score", sheet.cell(row, 5).value, one.score))
        for index, each in enumerate(LINES):
            score = one.lines[each.code]
            for part, value in ((3, score.full), (4, score.points)) if each.weight else ():
                found = sheet.cell(row, SPARE + 5 * index + part + 1).value
                if found != "n/a" if value is None else not isinstance(found, (int, float)) or abs(found - float(value)) > 1e-9:
                    wrong.append((one.code, each.code, part, found, value and float(value)))
    assert not wrong
    assert any(one.lines[each].points is None for one in made.groups[0].units for each in ("G", "H", "O"))
