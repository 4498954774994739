"""What a cell of the ranking says where a figure is no rate: times, points entered by hand; and the sign of a section's weight."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from flask import Flask

from app.core.languages import words
from app.domain.scorecard import Group, Line, LineScore, Names, Scorecard, UnitScore
from app.web.evaluation_page import evaluation_page, scale_of
from tests.reports import specimens

F = Fraction
LINES = (
    Line("DONE", "Completion rate", F(60)),
    Line("CYCLE", "Handling time", F(30), "duration", {"T": "2", "k": "15"}, direction=-1, form="duration"),
    Line("OTHER", "Other", F(10), "manual", names=Names("其他", "Other")),
    Line("LATE", "Late", F(5), "per_case", {"d": "1"}, section="deduction", measure="DONE"),
    Line("MERIT", "Merit", F(2), "bonus", {"b": "1"}, section="bonus", measure="DONE"),
)


def card() -> Scorecard:
    scores = {
        "DONE": LineScore("DONE", 3, 4, F(60), F(60), F(45)),
        "CYCLE": LineScore("CYCLE", 3 * 7200, 3, F(30), F(30), F(28)),
        "OTHER": LineScore("OTHER", 0, 0, F(10), F(10), F("7.5"), note="两次缺席例会"),
        "LATE": LineScore("LATE", 3, 4, F(5), F(0), F(-1)),
        "MERIT": LineScore("MERIT", 3, 4, F(2), F(0), F(2)),
    }
    unit = UnitScore(1, "U1", "", Names("单位", "Unit"), scores, F("81.5"), Decimal("81.50"), 1)
    total = {"DONE": (3, 4), "CYCLE": (3 * 7200, 3), "OTHER": (0, 0), "LATE": (3, 4), "MERIT": (3, 4)}
    group = Group("street_town", Names("街镇", "Street-towns"), Names("方案", "Scheme"), 1, F(100), LINES, (unit,), (), total, F(2))
    return replace(specimens.scorecard(tickets=10, departments=6), groups=(group,))


def test_cells_say_a_time_for_durations_and_points_for_what_is_entered_by_hand(lite: Flask) -> None:
    with lite.test_request_context():
        table = evaluation_page(card(), "street_town", words("en")).shown
    cells = [(cell.rate, cell.pair, cell.why) for cell in table.rows[0].cells]
    assert cells[0] == ("75.00", "3/4", "")
    assert cells[1] == ("2 h", "n = 3", "")
    assert cells[2] == ("7.50", "by hand", "两次缺席例会")
    assert [(cell.rate, cell.pair) for cell in table.total][1:3] == [("2 h", "n = 3"), ("—", "")]
    assert [head.weight for head in table.heads] == ["60", "30", "10", "−5", "+2"]


def test_the_scale_holds_a_score_above_the_full_marks() -> None:
    assert scale_of([Decimal("100.50"), Decimal("81.50")]) == (80, 101)
    assert scale_of([Decimal("100.00"), Decimal("80.00")]) == (75, 100)
