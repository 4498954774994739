"""A unit's scorecard as a page: intervals, losses and bonuses from full marks to the score, strengths, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask

from app.core.languages import words
from app.domain.counts import Count
from app.domain.fairness import judged
from app.domain.ranking import rank
from app.domain.scorecard import Group, Line, LineScore, Names, Past, Scorecard, UnitScore
from app.domain.scoring import published, score_unit
from app.web.unit_lines import change_words, figure_words, unit_lines
from app.web.unit_page import unit_page
from app.web.unit_story import steps_of, story_of
from tests.reports.specimens import scorecard

F = Fraction
LINES = (
    Line("DONE", "Completion rate", F(60), measure="DONE"),
    Line("SAT", "Satisfaction rate", F(40), measure="SAT"),
    Line("EXTRA", "Volume", F(5), shape="manual", section="bonus", names=Names("加分", "Extra")),
    Line("MINUS", "Volume", F(10), shape="manual", section="deduction", names=Names("扣分", "Minus")),
)
EN = words("en")


def unit(code: str, done: tuple[int, int], sat: tuple[int, int], extra: str = "0", minus: str = "0") -> UnitScore:
    counts = {"DONE": Count(*done), "SAT": Count(*sat)}
    manual = {"EXTRA": (F(extra), "通报表扬"), "MINUS": (F(minus), "")}
    lines, raw, _ = score_unit(LINES, counts, full_marks=F(100), min_sample=3, manual=manual)
    total = sum((score.points or F(0) for score in lines.values()), F(0))
    return UnitScore(ord(code), code, "", Names(code), lines, raw, published(raw), None, uncapped=total)


def group(*units: UnitScore) -> Group:
    return judged(Group("street_town", Names("街镇"), Names("方案"), 1, F(100), LINES, rank(units), (), {}, bonus_cap=F(5)))


def card() -> Scorecard:
    """What stands around the group: the period and the cut-off."""
    return scorecard()


def test_losses_and_a_bonus_lead_from_full_marks_to_the_score() -> None:
    # 60 × 9/10 = 54, 40 × 4/5 = 32, + 3, − 1.5: 87.5
    whole = group(unit("A", (9, 10), (4, 5), "3", "1.5"))
    steps, floor, top = steps_of(whole, whole.units[0], EN)
    assert whole.units[0].score == Decimal("87.50")
    assert [(step.said, step.start, step.gain) for step in steps] == [
        ("−6.00", 94.0, False),
        ("−8.00", 86.0, False),
        ("+3.00", 86.0, True),
        ("−1.50", 87.5, False),
    ]
    assert (floor, top) == (84, 100.0)


def test_a_score_held_at_its_bound_says_so() -> None:
    whole = group(unit("A", (10, 10), (5, 5), "5"))
    over = replace(whole.units[0], raw=F(103))
    steps, _, top = steps_of(whole, over, EN)
    assert (steps[-1].said, steps[-1].start) == ("−2.00", 103.0)
    assert top == 105.0


def test_the_story_names_what_was_lost_most_on_and_where_the_unit_is_ahead(lite: Flask) -> None:
    whole = group(unit("A", (9, 10), (5, 5)), unit("B", (10, 10), (1, 5)), unit("C", (10, 10), (2, 5)))
    first = next(one for one in whole.units if one.code == "A")
    first = replace(first, history=(Past("2026-08", Decimal("90.00"), 2),))
    with lite.test_request_context():
        told = story_of(card(), whole, first, EN)
    assert told.moved == "Score +4.00 against Aug"
    assert [(spot.name, spot.said) for spot in told.weak] == [("Completion rate", "−6.00")]
    assert [(spot.name, spot.said) for spot in told.strong] == [("Satisfaction rate", "100.00%, rank 1")]
    assert "/A/SAT" in told.strong[0].href


def test_a_line_shows_its_interval_its_note_and_no_tickets_where_no_indicator_stands_behind_it(lite: Flask) -> None:
    whole = group(unit("A", (81, 263), (2, 2), "3"))
    with lite.test_request_context():
        done, sat, extra, minus = unit_lines(card(), whole, whole.units[0], EN)
    assert (done.rate, done.interval, done.n, done.d) == ("30.80%", "25.53% – 36.62%", "81", "263")
    assert (done.missed, done.small) == (182, False)
    assert sat.small and not sat.missed_href
    assert (extra.section, extra.note, extra.points, extra.full, extra.rate) == ("bonus", "通报表扬", "3.00", "+5.00", "—")
    assert (minus.section, minus.full, minus.n_href, minus.d_href, minus.interval) == ("deduction", "−10.00", "", "", "")


@pytest.mark.parametrize(("then", "said", "tone"), [("0.5", "+25.00", "ok"), ("0.8", "−5.00", "bad"), ("0.75", "0.00", "neutral")])
def test_rates_are_compared_in_percentage_points(then: str, said: str, tone: str) -> None:
    assert change_words(LINES[0], F(3, 4), F(then), EN) == (said, tone)
    assert change_words(replace(LINES[0], direction=-1), F(3, 4), F(then), EN)[1] == {"ok": "bad", "bad": "ok"}.get(tone, tone)
    assert change_words(LINES[0], F(3, 4), None, EN) == ("—", "neutral")


def test_durations_are_times_and_are_compared_in_time() -> None:
    cycle = Line("CYCLE", "Handling time", F(0), form="duration", direction=-1)
    assert figure_words(cycle, F(5400), EN) == figure_words(cycle, F(5400 * 7, 7), EN) != "540000.00%"
    said, tone = change_words(cycle, F(3600), F(7200), EN)
    assert said.startswith("−") and tone == "ok"


def test_a_unit_without_work_has_a_page_without_a_score(lite: Flask) -> None:
    alone = LineScore("DONE", 0, 0, F(60), None, None)
    bare = UnitScore(66, "B", "", Names("B"), {line.code: replace(alone, code=line.code) for line in LINES}, None, None, None)
    whole = replace(group(unit("A", (9, 10), (4, 5))), apart=(bare,))
    with lite.test_request_context():
        page = unit_page(card(), whole, "B", EN)
    assert page.steps == [] and not page.noise and page.story.weak == () and page.story.strong == ()
    assert page.score == page.lost == "—"
