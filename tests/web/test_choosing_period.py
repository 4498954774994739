"""The form that chooses a period, what comes back from it, and what periods are called in both languages."""

from __future__ import annotations

import pytest

from app.core.languages import words
from app.domain.period import period_of
from app.web.choosing_period import chosen_period, period_chooser


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({"year": "2026", "part": "09", "cut": ""}, "2026-09"),
        ({"year": "2026", "part": "Q3", "cut": "@26"}, "2026-Q3@26"),
        ({"year": "2018", "part": "", "cut": ""}, "2018"),
        ({"year": " 2026 ", "part": "H1"}, "2026-H1"),
        ({"period": "2026-Q2", "year": "2020"}, "2026-Q2"),
        ({"month": "2026-09"}, "2026-09"),
    ],
)
def test_what_is_chosen_is_a_periods_key(form: dict[str, str], key: str) -> None:
    assert chosen_period(form) == key
    assert period_of(chosen_period(form)).key == key


def test_every_choice_of_the_form_names_a_period_and_the_last_month_is_chosen_first() -> None:
    chooser = period_chooser(period_of("2026-10"), words("en"))
    assert (chooser.year, chooser.part) == (2026, "10")
    keys = {
        chosen_period({"year": "2026", "part": part, "cut": cut})
        for _, parts in chooser.parts
        for part, _ in parts
        for cut, _ in chooser.cuts
    }
    assert len(keys) == 2 * (12 + 4 + 2 + 1)
    assert {period_of(key).key for key in keys} == keys


@pytest.mark.parametrize(
    ("key", "zh", "en", "short"),
    [
        ("2026-09", "2026年9月", "September 2026", "Sep"),
        ("2026-Q3", "2026年第三季度", "Third quarter of 2026", "Q3"),
        ("2026-H1", "2026年上半年", "First half of 2026", "H1"),
        ("2026", "2026年", "2026", "2026"),
        ("2026-01@26", "2026年1月（12月26日—1月25日）", "January 2026 (26 Dec – 25 Jan)", "Jan"),
        ("2026@26", "2026年（12月26日—12月25日）", "2026 (26 Dec – 25 Dec)", "2026"),
    ],
)
def test_a_period_has_a_name_in_both_languages_and_a_short_one_for_axes(key: str, zh: str, en: str, short: str) -> None:
    period = period_of(key)
    assert (words("zh").month(period), words("en").month(period), words("en").month_short(period)) == (zh, en, short)
