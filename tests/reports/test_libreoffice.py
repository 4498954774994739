"""The workbook recomputed by another program: LibreOffice must arrive at every published figure, half-way cases included."""

from __future__ import annotations

import csv
import random
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.domain.indicators import Count
from app.domain.ranking import group_totals, rank
from app.domain.scorecard import Group, Names, Scorecard, UnitScore
from app.domain.scoring import published, score_unit
from reports.definitions.scorecard.group_grid import FIRST_ROW, SPARE
from reports.printing import render
from tests.reports import specimens
from tests.reports.office import converted, results_of

_RESULT = re.compile(rb"(</f>)<v>[^<]*</v>")
ALL_SHEETS_AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


def without_results(path: Path, target: Path) -> Path:
    """A copy whose formulas have no known results, so that nobody can pass by reading ours."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            copy.writestr(entry, _RESULT.sub(rb"\1", source.read(entry)))
    return target


def unit(number: int, counts: dict[str, tuple[int, int]]) -> UnitScore:
    tallies = {code: Count(n=n, d=d) for code, (n, d) in counts.items()}
    lines, raw, apart = score_unit(specimens.STREET_LINES, tallies, full_marks=Fraction(100), min_sample=3)
    return UnitScore(number, f"H{number:03d}", "", Names(f"半{number}", f"Half {number}"), lines, raw, published(raw), None, apart=apart)


def half_way_units(wanted: int) -> list[UnitScore]:
    """Units whose exact score ends in a 5 at the third decimal, built from thirds, sixths and ninths; and near misses."""
    chance = random.Random(20261104)
    found: list[UnitScore] = []
    while len(found) < wanted:
        counts = {}
        for line in specimens.STREET_LINES:
            d = chance.choice((0, 3, 6, 9, 12, 15, 24, 40, 48, 60, 80, 120, 160))
            counts[line.code] = (chance.randint(0, d), d)
        made = unit(len(found) + 1, counts)
        if made.raw is not None and made.raw * 1000 % 10 == 5:
            found.append(made)
    for below in range(1, 11):
        counts = {line.code: (1000, 1000) for line in specimens.STREET_LINES if line.code != "REWORK"}
        # 30 × n/d = 15.005 − 30/10^7: half-way missed by less than a thousandth of a cent must stay below.
        counts |= {"DONE_OT": (5_001_666 + 10_000 * below, 10_000_000), "REWORK": (0, 1000)}
        found.append(unit(len(found) + 1, counts))
    return found


def half_way_card() -> Scorecard:
    units = half_way_units(120)
    lines = specimens.STREET_LINES
    group = Group(
        "half",
        Names("半", "Half"),
        Names("方案", "Scheme"),
        1,
        Fraction(100),
        lines,
        rank(units),
        (),
        group_totals(lines, (one.lines for one in units)),
    )
    card = specimens.scorecard(tickets=50, departments=12)
    return replace(card, groups=(group, *card.groups))


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return half_way_card()


@pytest.fixture(scope="module")
def workbook(card: Scorecard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(card, "scorecard", "xlsx", ["en"], tmp_path_factory.mktemp("libreoffice") / "card.xlsx")


@pytest.fixture(scope="module")
def recomputed(workbook: Path) -> Any:
    bare = without_results(workbook, workbook.with_name("bare.xlsx"))
    assert openpyxl.load_workbook(bare, data_only=True)["Summary"]["A3"].value is None
    folder = converted(bare, "xlsx", workbook.parent / "recomputed")
    return results_of(folder / "bare.xlsx")


def test_there_are_half_way_scores_in_the_specimen(card: Scorecard) -> None:
    raws = [one.raw for one in card.groups[0].units if one.raw is not None]
    assert sum(1 for raw in raws if raw * 1000 % 10 == 5) == 120
    assert any(score.full != score.weight for one in card.groups[0].units for score in one.lines.values() if score.full is not None)


def test_every_score_comes_out_as_published(card: Scorecard, recomputed: Any) -> None:
    for group in card.groups:
        sheet = recomputed[group.names.en]
        for row, one in enumerate(group.units, start=FIRST_ROW):
            assert one.score is not None and sheet.cell(row, 5).value == float(one.score), (group.code, one.code)


def test_every_rate_weight_and_point_comes_out(card: Scorecard, recomputed: Any) -> None:
    for group in card.groups:
        sheet = recomputed[group.names.en]
        for row, one in enumerate(group.units, start=FIRST_ROW):
            for index, line in enumerate(group.lines):
                score = one.lines[line.code]
                exact = (None if score.rate is None else score.rate * 100, score.full, score.points)
                for part, value in enumerate(exact if line.weight else exact[:1], start=2):
                    found = sheet.cell(row, SPARE + 5 * index + part + 1).value
                    assert found == "n/a" if value is None else abs(found - float(value)) < 1e-9, (one.code, line.code, part)


def test_the_check_line_agrees_after_recomputing(card: Scorecard, recomputed: Any) -> None:
    units = sum(len(group.units) for group in card.groups)
    assert recomputed["Summary"]["A3"].value == f"Check: the formulas' results equal the published figures ({units}/{units})"


def test_a_changed_figure_is_noticed_by_the_check_line(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["Half"].cell(FIRST_ROW, SPARE + 1).value = 0
    book["Half"].cell(FIRST_ROW, SPARE + 2).value = 1000
    changed = workbook.with_name("changed.xlsx")
    book.save(changed)
    folder = converted(changed, "xlsx", workbook.parent / "noticed")
    answer = results_of(folder / "changed.xlsx")["Summary"]["A3"].value
    assert "differ" in answer


def test_what_the_sheet_shows_is_what_was_published(card: Scorecard, workbook: Path) -> None:
    folder = converted(workbook, ALL_SHEETS_AS_SHOWN, workbook.parent / "shown")
    for group in card.groups:
        with (folder / f"card-{group.names.en}.csv").open(encoding="utf-8") as handle:
            rows = list(csv.reader(handle))
        for row, one in zip(rows[FIRST_ROW - 1 :], group.units, strict=False):
            assert row[4] == str(one.score)
            for index, line in enumerate(group.lines):
                score = one.lines[line.code]
                n, d, rate, _, points = row[SPARE + 5 * index : SPARE + 5 * index + 5]
                assert (n.replace(",", ""), d.replace(",", "")) == (str(score.n), str(score.d))
                if score.rate is not None:
                    assert rate == f"{published(score.rate * 100)}%", (one.code, line.code)
                if score.points is not None:
                    assert points == str(published(score.points)), (one.code, line.code, score.points)
