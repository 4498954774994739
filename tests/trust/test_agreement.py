"""Every figure of every month, wherever it is told: plain SQL = screen = REST = workbook = the workbook recalculated = paper."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.runs import Silent
from app.domain.actors import SYSTEM
from app.domain.scorecard import Scorecard
from app.entities.evaluation import Evaluation
from app.entities.ticket import Ticket
from app.queries.scores import scorecard_of
from app.services import demo, demo_tickets
from app.services.evaluation import compute
from reports.printing import render
from tests.conftest import outside
from tests.importing.conftest import Bring, bring, desk, house
from tests.people import PASSWORD, create_person
from tests.real_data import real_file
from tests.reports.office import program as program_of
from tests.services.month_of_tickets import city
from tests.services.test_fact_recount import differences
from tests.trust.agreement import paper, screens, sheets
from tests.trust.agreement.frozen import NONE, Figures, Frozen, frozen, ranked_again
from tests.web.doors import program

__all__ = ["bring", "desk", "house"]

MONTHS = int(os.environ.get("FRONTLINE_TRUST_MONTHS", "1"))
"""So many months of each ledger; 0 means all of them, as `make trust` asks."""

LANGUAGES = ("zh", "en")
PINGSHAN = tuple(f"2018-{month:02d}" for month in range(2, 11))
Enter = Callable[..., FlaskClient]


@dataclass
class Bench:
    """Where evaluations are opened, printed and compared; what is wrong is collected, so that one run tells all of it."""

    app: Flask
    sign_in: Enter
    folder: Path
    who: str
    wrong: list[str] = field(default_factory=list)
    compared: int = 0
    printed: list[tuple[Frozen, str, Path]] = field(default_factory=list)
    _browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def compare(self, where: str, wanted: Figures, told: Figures) -> None:
        """Everything wanted must be told, digit for digit; a place may tell nothing for what counted nothing."""
        for key, value in wanted.items():
            said = told.get(key, "not told")
            self.compared += 1
            if said != value and not (value == "0" and said == NONE and wanted.get((*key[:3], "d")) == "0"):
                self.wrong.append(f"{where} {'/'.join(key)}: {value}, told {said}")

    def page(self, language: str) -> Callable[[str], str]:
        """Opens pages as somebody who reads them in a language."""
        if language not in self._browsers:
            self._browsers[language] = self.sign_in(self.who, language)

        def opened(address: str) -> str:
            with outside():
                answer = self._browsers[language].get(address)
            assert answer.status_code == 200, address
            return answer.text

        return opened

    def online(self, evaluation: Frozen) -> None:
        """The rows against themselves in plain SQL, the REST answer, and every page in both languages."""
        row = db.session.get(Evaluation, evaluation.id)
        assert row is not None
        self.wrong += [*differences(row), *ranked_again(evaluation.id)]
        with outside():
            answer = program(self.app, self.who).get(f"/api/v1/scorecards/{evaluation.period}")
        self.compare(f"{evaluation.period} REST", evaluation.told(totals=True), screens.rest(answer.json))
        for language in LANGUAGES:
            self.compare(
                f"{evaluation.period} screen {language}", evaluation.told(totals=True), screens.screens(evaluation, self.page(language))
            )

    def print(self, evaluation: Frozen, card: Scorecard, language: str) -> None:
        """Workbook and paper in a language; the workbook is put beside those to be recalculated."""
        stem = f"{evaluation.period}.{language}"
        made = render(card, "scorecard", "pdf", [language], self.folder / f"{stem}.pdf")
        self.compare(f"{stem}.pdf", evaluation.told(apart=False), paper.paper(evaluation, made, language))
        book = render(card, "scorecard", "xlsx", [language], self.folder / f"{stem}.xlsx")
        read = sheets.read(book, evaluation.sheets(language))
        self.compare(f"{stem}.xlsx", in_sheets(evaluation), sheets.workbook(evaluation, read, language))
        self.printed.append((evaluation, language, book))

    def recalculate(self) -> None:
        """LibreOffice opens every workbook once, without our results, and must arrive at each of them."""
        bare, again = self.folder / "bare", self.folder / "again"
        bare.mkdir()
        convert([sheets.without_results(book, bare / book.name) for _, _, book in self.printed], again)
        for evaluation, language, book in self.printed:
            ours = sheets.read(book, evaluation.sheets(language))
            theirs = sheets.read(again / book.name, ours)
            self.compared += sum(len(sheet.formulas) for sheet in ours.values())
            self.wrong += [f"{book.name} {said}" for said in sheets.disagreements(ours, theirs)]
            self.compare(f"{book.name} recalculated", in_sheets(evaluation), sheets.workbook(evaluation, theirs, language))


def in_sheets(evaluation: Frozen) -> Figures:
    """What a workbook's sheets of groups must tell: of units apart their counts, and no points."""
    ranked = evaluation.told(apart=False)
    return ranked | {key: value for key, value in evaluation.told(points=False).items() if key[3] in "nd" and key[1]}


def convert(books: Sequence[Path], folder: Path) -> None:
    """Opens and saves workbooks with LibreOffice, all in one start, in a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder.parent}/profile"
    command = [program_of("soffice"), profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, books)], check=True, capture_output=True, timeout=900)


@pytest.fixture
def bench(lite: Flask, sign_in: Enter, tmp_path: Path) -> Iterator[Bench]:
    """On the morning of 5 November 2026."""
    with stopped_at(city("11-05 09:00")), acting_as(SYSTEM):
        yield Bench(lite, sign_in, tmp_path, "evaluator")


def months_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The demo district loaded, with its published months, or only the last one; the months before them are computed."""
    if MONTHS:
        monkeypatch.setattr(demo_tickets, "MONTHS", MONTHS + 2)
        monkeypatch.setattr(demo, "PUBLISHED", MONTHS)
    demo.load_demo(PASSWORD, Silent())
    published = list(db.session.execute(select(Evaluation.period).order_by(Evaluation.first)).scalars())
    first = db.session.execute(select(Ticket.reported_at).order_by(Ticket.reported_at).limit(1)).scalar_one()
    before = [f"2026-{month:02d}" for month in range(1, int(published[0][-2:]))] if not MONTHS else []
    if not MONTHS and first.year == 2025:
        before.insert(0, "2025-12")
    return [*before, *published]


def agree(bench: Bench, months: Sequence[str]) -> None:
    """Walk the months; nothing may be told in two ways."""
    for month in months:
        row = compute(month)
        evaluation, card = frozen(row.id, row.period), scorecard_of(db.session(), row)
        bench.online(evaluation)
        for language in LANGUAGES:
            bench.print(evaluation, card, language)
        db.session.rollback()
    bench.recalculate()
    assert bench.wrong == [], "\n".join(bench.wrong[:40])
    assert bench.compared > 5_000 * len(months)


def test_every_figure_of_the_demo_district_reads_the_same_everywhere(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(bench, months_of_the_demo(monkeypatch))


def test_every_figure_of_the_pingshan_ledger_reads_the_same_everywhere(bench: Bench, bring: Bring) -> None:
    bring("Ticket", real_file("ledger_pingshan/pingshan_dev_lt_2018-11.csv"), "good", mapping="pingshan", create_missing=True)
    create_person("evaluator")
    agree(bench, PINGSHAN[-MONTHS:] if MONTHS else PINGSHAN)


def test_a_figure_altered_anywhere_is_found(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: one digit changed in one place, and that place and figure are named."""
    monkeypatch.setattr(demo_tickets, "MONTHS", 3)
    monkeypatch.setattr(demo, "PUBLISHED", 1)
    demo.load_demo(PASSWORD, Silent())
    row = compute("2026-10")
    evaluation, card = frozen(row.id, row.period), scorecard_of(db.session(), row)
    group, unit = evaluation.groups[0], evaluation.groups[0].ranked[4]
    line = next(one for one in group.lines if one.weight and evaluation.figures[group.code, unit.code, one.code, "d"] != "0")
    score = evaluation.figures[group.code, unit.code, "", "score"]

    page = bench.page("zh")(f"/evaluations/2026-10?group={group.code}")
    assert unit.code in found(bench, evaluation, screens.ranking(page.replace(f"<b>{score}</b>", "<b>12.34</b>"), group), "score")
    page = bench.page("en")(f"/evaluations/2026-10/{group.code}/{unit.code}")
    read = screens.scorecard(page.replace(">1", ">2"), group, unit.code)
    assert unit.code in found(bench, evaluation, read, "n") + found(bench, evaluation, read, "d")

    kept = next(one for one in card.groups[0].units if one.code == unit.code)
    lines = {**kept.lines, line.code: replace(kept.lines[line.code], points=(kept.lines[line.code].points or 0) + Fraction(1, 100))}
    units = tuple(replace(one, lines=lines) if one is kept else one for one in card.groups[0].units)
    forged = replace(card, groups=(replace(card.groups[0], units=units), *card.groups[1:]))
    read = paper.paper(evaluation, render(forged, "scorecard", "pdf", ["zh"], bench.folder / "forged.pdf"), "zh")
    assert unit.code in found(bench, evaluation, read, "points")

    book = render(card, "scorecard", "xlsx", ["en"], bench.folder / "book.xlsx")
    first = sheets.altered(book, bench.folder / "n.xlsx", 2, f"I{7 + 4}", "1")
    assert unit.code in found(bench, evaluation, sheets.workbook(evaluation, sheets.read(first), "en"), "n")
    convert([sheets.without_results(first, bench.folder / "bare.xlsx")], bench.folder / "again")
    theirs = sheets.read(bench.folder / "again" / "bare.xlsx", sheets.read(book))
    assert sheets.disagreements(sheets.read(book), theirs), "another n, another score"
    assert unit.code in found(bench, evaluation, sheets.workbook(evaluation, theirs, "en"), "score")

    told = {"n": "UPDATE evaluation_line SET n = n + 1", "score": "UPDATE evaluation_unit SET score = 99.99, rank = 5"}
    for statement in told.values():
        db.session.execute(db.text(f"{statement} WHERE id = (SELECT MIN(id) FROM {statement.split()[1]} WHERE id > 3)"))
        assert [*differences(row), *ranked_again(row.id)], statement
        db.session.rollback()


def found(bench: Bench, evaluation: Frozen, read: Figures, what: str) -> str:
    """The disagreements about one kind of figure, for what was read at all."""
    bench.wrong.clear()
    bench.compare("forged", {key: value for key, value in evaluation.figures.items() if key in read and key[3] == what}, read)
    return "\n".join(bench.wrong)
