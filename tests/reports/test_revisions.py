"""Every list that left the house can be printed again with the same bytes; what a correction changed stands on paper as on the sheet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import words
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import NotFound, Refused
from app.entities.assignment_round import AssignmentRound
from app.entities.unit import Unit
from app.queries.published_lists import stood_at
from app.services.evaluation import compute
from app.services.evaluation_cycle import publish_restatement, restate
from reports.definitions import report
from reports.printing import render
from reports.report import Order
from tests.conftest import outside
from tests.services.cycle import MARCH, Cycle
from tests.services.month_of_tickets import city
from tests.web.doors import program

FORMATS = (("pdf", "zh"), ("pdf", "en"), ("xlsx", "zh"), ("xlsx", "en"), ("json", "zh"))


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    """Eva has published the preliminary list."""
    made = Cycle()
    made.does("eva", compute, MARCH)
    made.preliminary()
    return made


def digests(cycle: Cycle, folder: Path, **order: Any) -> list[str]:
    """SHA-256 of the scorecard in every form, as Eva would be given it now."""
    folder.mkdir()
    with cycle.as_("eva"):
        matter = report("scorecard").read(db.session(), Order(MARCH, **order))
        made = [render(matter, "scorecard", fmt, [language], folder / f"a.{language}.{fmt}") for fmt, language in FORMATS]
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in made]


def appealed(cycle: Cycle) -> None:
    """An appeal about D is upheld and the final list follows."""
    cycle.decided(cycle.appeal("clerk", "DONE_OT", "D", at="04-07 09:00"), "upheld")
    cycle.final()


def corrected(cycle: Cycle) -> None:
    """The signature of I turns up and the list is corrected."""
    with transaction() as session, acting_as(SYSTEM):
        rounds = session.query(AssignmentRound).filter_by(ticket_id=cycle.ticket("I").id).all()
        first = min(rounds, key=lambda one: one.ordinal)
        first.signed_at = first.dispatched_at
    cycle.does("evan", restate, MARCH, "I 的签收记录补录。", at="05-06 10:00")
    cycle.does("evan", publish_restatement, MARCH)


def test_every_published_revision_prints_with_the_bytes_it_was_published_with(cycle: Cycle, tmp_path: Path) -> None:
    preliminary = digests(cycle, tmp_path / "1")
    appealed(cycle)
    final = digests(cycle, tmp_path / "2")
    corrected(cycle)
    correction = digests(cycle, tmp_path / "3")
    assert len({*preliminary, *final, *correction}) == 3 * len(FORMATS)

    with transaction() as session, acting_as(SYSTEM):
        for unit in session.query(Unit).all():
            unit.name_zh, unit.name_en = f"改名{unit.code}", f"Renamed {unit.code}"
    assert digests(cycle, tmp_path / "4", revision=1, when="published") == preliminary
    assert digests(cycle, tmp_path / "5", revision=2, when="published") == final
    assert digests(cycle, tmp_path / "6", revision=3, when="published") == correction == digests(cycle, tmp_path / "7")


def test_a_list_that_became_final_unchanged_still_prints_as_the_preliminary_one(cycle: Cycle, tmp_path: Path) -> None:
    preliminary = digests(cycle, tmp_path / "1")
    cycle.final()
    assert digests(cycle, tmp_path / "2") == digests(cycle, tmp_path / "3", when="published") != preliminary
    assert digests(cycle, tmp_path / "4", revision=1, when="preliminary") == preliminary


def test_an_older_revision_says_that_it_was_superseded_unless_it_is_asked_for_as_published(cycle: Cycle, tmp_path: Path) -> None:
    appealed(cycle)
    with cycle.as_("eva"):
        for when, wanted in (("", True), ("published", False)):
            matter = report("scorecard").read(db.session(), Order(MARCH, revision=1, when=when))
            path = render(matter, "scorecard", "pdf", ["en"], tmp_path / f"{when}.pdf")
            assert ("Superseded by a correction" in text_of(path)) == wanted


def test_what_never_left_the_house_as_such_a_list_is_refused_in_words(cycle: Cycle) -> None:
    appealed(cycle)
    with cycle.as_("eva"):
        for order, problem in (
            (Order(MARCH, revision=2, when="preliminary"), "was not published as that list"),
            (Order(MARCH, revision=1, when="nonsense"), "was not published as that list"),
            (Order(MARCH, revision=9), "no revision 9"),
        ):
            with pytest.raises(Refused, match=problem):
                report("scorecard").read(db.session(), order)


def test_what_stood_at_a_moment_is_what_another_period_was_compared_with(cycle: Cycle) -> None:
    appealed(cycle)
    corrected(cycle)
    with acting_as(SYSTEM):
        days = {"04-03 09:00": None, "04-04 09:00": 1, "04-11 09:00": 2, "05-07 09:00": 3}
        found = {day: stood_at(db.session(), MARCH, city(day)) for day in days}
        assert {day: row and row.revision for day, row in found.items()} == days


def test_the_doors_give_the_revision_that_is_asked_for(
    app: Flask, cycle: Cycle, sign_in: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    preliminary = digests(cycle, tmp_path / "1")
    appealed(cycle)
    eva = sign_in("eva")
    kept = eva.get(f"/files/scorecard/{MARCH}.pdf?lang=zh&revision=1&as=published")
    assert hashlib.sha256(kept.data).hexdigest() == preliminary[0]
    assert f"scorecard-{MARCH}-r1-published.zh.pdf" in kept.headers["Content-Disposition"]
    assert eva.get(f"/files/scorecard/{MARCH}.pdf?revision=7").status_code == 404
    assert eva.get(f"/files/scorecard/{MARCH}.pdf?revision=1&as=later").status_code == 404
    page = eva.get(f"/evaluations/{MARCH}?revision=1").text
    assert f"/files/scorecard/{MARCH}.pdf?lang=en&amp;revision=1" in page and "as=published" in page
    assert "as=published" not in eva.get(f"/evaluations/{MARCH}").text
    client = program(app, "eva")
    with outside():
        told = [
            client.get(f"/api/v1/scorecards/{MARCH}{asked}") for asked in ("", "?revision=1", "?revision=1&as=published", "?revision=9")
        ]
    assert [(one.status_code, one.json.get("state"), one.json.get("revision")) for one in told] == [
        (200, "final", 2), (200, "superseded", 1), (200, "preliminary", 1), (404, None, None),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_paper_tells_the_same_changes_as_the_sheet_and_the_comparison(cycle: Cycle, tmp_path: Path, language: str) -> None:
    appealed(cycle)
    corrected(cycle)
    speak = words(language)
    with cycle.as_("eva"):
        card = report("scorecard").read(db.session(), Order(MARCH))
        paper = render(card, "scorecard", "pdf", [language], tmp_path / "a.pdf")
        book = openpyxl.load_workbook(render(card, "scorecard", "xlsx", [language], tmp_path / "a.xlsx"), data_only=True)
        found = card.difference()
    text = re.sub(r"\s+", "", text_of(paper))
    rows = [[cell.value for cell in row] for row in book[speak("Differences")].iter_rows()]
    changed = [unit for unit in found.units if unit.changed]
    assert [unit.code for unit in changed if unit.gained] == ["S-1"]
    for unit in changed:
        name = speak.names(unit.names)
        [row] = [row for row in rows if row[0] == name and row[1] == speak("Total")]
        assert [f"{row[2]:.2f}", f"{row[3]:.2f}", *row[5:7]] == [
            str(unit.score_before),
            str(unit.score_after),
            unit.rank_before,
            unit.rank_after,
        ]
        said = f"{name}{unit.score_before}{unit.score_after}{speak.change(unit.gained)}{unit.rank_before}→{unit.rank_after}"
        assert re.sub(r"\s+", "", said) in text, said
    assert f"{speak('Signed within 10 minutes')}" in text.replace(" ", "") or language == "en"
    assert "7/8→8/8" in text and any("7/8 → 8/8" in row for row in rows)
    number = cycle.ticket("I").number
    [row] = [row for row in rows if row[0] == number]
    assert (
        row[2] == speak("Data corrected")
        and speak("Signed") in row[3]
        and row[6].endswith(f"{speak('Denominator only')} → {speak('Counted')}")
    )
    assert number in text and re.sub(r"\s+", "", row[3]) in text
    assert re.sub(r"\s+", "", speak("Against revision %(number)s: %(reason)s", number=2, reason="I 的签收记录补录。")) in text


def test_a_first_list_has_no_page_of_changes(cycle: Cycle, tmp_path: Path) -> None:
    with cycle.as_("eva"):
        card = report("scorecard").read(db.session(), Order(MARCH))
        assert "What the revision changed" not in text_of(render(card, "scorecard", "pdf", ["en"], tmp_path / "a.pdf"))
        with pytest.raises(NotFound):
            report("unit_scorecard").read(db.session(), Order(MARCH, "street_town", "S-1", revision=2))


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(path.read_bytes())).pages).split())
