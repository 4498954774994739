"""The plain figures: what programs get is what people read, in decimal strings and whole numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from app.core.languages import words
from app.domain.figures import figures
from app.domain.refusals import Phrase
from app.domain.scorecard import Group, LineScore, Names, Past, Scorecard, UnitScore
from tests.reports import specimens


def one_unit(card: Scorecard, *scores: LineScore, score: str = "94.41") -> Scorecard:
    group = card.groups[0]
    lines = tuple(line for line in group.lines if line.code in {s.code for s in scores})
    unit = UnitScore(
        7,
        "350102003",
        "S7",
        Names("温泉街道", "Wenquan"),
        {s.code: s for s in scores},
        Fraction(score),
        Decimal(score),
        6,
        previous_rank=2,
        history=(Past("2026-09", Decimal("96.58"), 2),),
    )
    made = Group(group.code, group.names, group.scheme, 3, Fraction(100), lines, (unit,), (), {s.code: (s.n, s.d) for s in scores})
    return replace(card, groups=(made,))


def test_rates_and_points_are_published_decimals_rounded_half_up(card: Scorecard) -> None:
    # 911/972 is the Tianmen bulletin's 93.72 %; 1/800 = 0.125 % is half-way and goes up; so do 14.125 points.
    small = one_unit(
        card,
        LineScore("DONE", 911, 972, Fraction(15), Fraction(15), Fraction(113, 8), previous=Fraction(9, 10)),
        LineScore("REWORK", 1, 800, Fraction(10), Fraction(10), Fraction(10) * Fraction(799, 800)),
    )
    [unit] = figures(small)["units"]
    done, rework = unit["indicators"]["DONE"], unit["indicators"]["REWORK"]
    assert (done["n"], done["d"], done["rate"], done["previous"]) == (911, 972, "93.72", "90.00")
    assert (done["points"], done["lost"]) == ("14.13", "0.88")
    assert (rework["rate"], rework["full"], rework["points"]) == ("0.13", "10.00", "9.99")
    assert (unit["group"], unit["source_code"], unit["code"], unit["names"]) == (
        "street_town",
        "S7",
        "350102003",
        {"zh": "温泉街道", "en": "Wenquan"},
    )
    assert (unit["score"], unit["rank"], unit["previous_rank"], unit["moved"]) == ("94.41", 6, 2, -4)
    assert unit["history"] == [{"period": "2026-09", "score": "96.58", "rank": 2}]


def test_a_line_that_does_not_apply_is_nothing_and_says_why(card: Scorecard) -> None:
    small = one_unit(card, LineScore("RESP", 0, 0, Fraction(10), None, None, why=Phrase("Nothing fell due"), pending=2))
    line = figures(small)["units"][0]["indicators"]["RESP"]
    assert (line["n"], line["d"], line["rate"], line["full"], line["points"], line["lost"]) == (0, 0, None, None, None, None)
    assert (line["why"], line["pending"]) == ("Nothing fell due", 2)


def test_the_head_names_period_state_versions_and_seal(card: Scorecard) -> None:
    head = figures(card)
    assert head["period"] == {"key": "2026-10", "kind": "month", "first": "2026-10-01", "after": "2026-11-01", "zone": "Asia/Shanghai"}
    assert (head["state"], head["revision"], head["list_version"], head["calendar_version"]) == ("preliminary", 1, "2026-3", "2026-3")
    assert (head["as_of"], head["snapshot_hash"], head["tickets"]) == ("2026-11-04T01:00:00Z", specimens.HASH, 3000)
    assert [group["scheme_version"] for group in head["groups"]] == [3, 3]


def test_units_apart_stand_apart_with_their_reason(card: Scorecard) -> None:
    apart = [unit for unit in figures(card)["units"] if unit["group"] == "department" and unit["rank"] is None]
    assert [unit["code"] for unit in apart] == ["B039", "B040"]
    assert all(unit["score"] is None and unit["rank"] is None and unit["apart"] for unit in apart)


def test_the_json_file_holds_exactly_the_figures(card: Scorecard, printed: dict[str, Path]) -> None:
    text = printed["json:en"].read_text("utf-8")
    assert json.loads(text) == json.loads(json.dumps(figures(card, {"zh": words("zh").phrase})))
    assert "鼓楼区" in text and text.endswith("\n")


def test_days_and_ticket_numbers_in_a_note_are_sentences_in_both_languages(card: Scorecard) -> None:
    checks = (
        replace(card.checks[0], note=Phrase("%(days)s", days=[date(2018, 9, 1), date(2018, 9, 9)])),
        replace(card.checks[0], note=Phrase("For example %(example)s", example=["P-1", "P-2"])),
    )
    days, tickets = figures(replace(card, checks=checks), {"zh": words("zh").phrase})["checks"]
    assert (days["note"], days["note_zh"]) == ("2018-09-01, 2018-09-09", "2018-09-01、2018-09-09")
    assert (tickets["note"], tickets["note_zh"]) == ("For example P-1, P-2", "例如 P-1、P-2")
