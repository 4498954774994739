"""What a list says about the time left, in the unit people think in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.languages import words
from app.crud.time_left import time_left, waited

NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "zh", "en", "tone"),
    [
        (timedelta(minutes=22), "余 22 分", "22 min left", "warn"),
        (timedelta(minutes=75), "余 75 分", "75 min left", "warn"),
        (timedelta(hours=2, minutes=6), "余 2.1 小时", "2.1 h left", "neutral"),
        (timedelta(days=3), "余 3 天", "3 d left", "neutral"),
        (timedelta(days=3, hours=5), "余 3.2 天", "3.2 d left", "neutral"),
        (-timedelta(minutes=72), "超 72 分", "72 min over", "bad"),
        (-timedelta(hours=30), "超 1.3 天", "1.3 d over", "bad"),
    ],
)
def test_the_distance_is_told_in_minutes_hours_or_days(ahead: timedelta, zh: str, en: str, tone: str) -> None:
    for language, said in (("zh", zh), ("en", en)):
        cell = time_left(NOW + ahead, None, NOW, words(language))
        assert cell is not None
        assert (cell.text, cell.tone, cell.kind) == (said, tone, "left")


def test_what_has_ended_or_is_not_due_has_no_time_left() -> None:
    assert time_left(NOW, NOW - timedelta(hours=1), NOW, words("en")) is None
    assert time_left(None, None, NOW, words("en")) is None


def test_what_lies_about_without_a_limit_says_for_how_long() -> None:
    cell = waited(NOW - timedelta(hours=3), NOW, words("en"))
    assert cell is not None
    assert (cell.text, cell.tone) == ("3 h waiting", "neutral")
    assert waited(None, NOW, words("en")) is None
    assert waited(NOW + timedelta(minutes=1), NOW, words("en")) is None
