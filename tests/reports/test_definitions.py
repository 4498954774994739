"""Reports are found by their folder, and refuse what they do not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.refusals import Refused
from app.domain.scorecard import Scorecard
from reports.definitions import all_reports, report
from reports.printing import render
from reports.voice import voice


def test_the_scorecard_is_found_by_its_folder() -> None:
    found = all_reports()["scorecard"]
    assert (found.code, found.title, found.formats) == ("scorecard", "Performance scorecard", ("xlsx", "pdf", "json"))


def test_an_unknown_report_format_or_language_is_refused_in_words(card: Scorecard, tmp_path: Path) -> None:
    path = tmp_path / "x"
    for code, fmt, languages, refusal in (
        ("nothing", "pdf", ["zh"], "unknown-report"),
        ("scorecard", "docx", ["zh"], "unknown-format"),
        ("scorecard", "pdf", ["fr"], "unknown-language"),
        ("scorecard", "pdf", [], "unknown-language"),
        ("scorecard", "pdf", ["zh", "zh"], "unknown-language"),
    ):
        with pytest.raises(Refused) as refused:
            render(card, code, fmt, languages, path)
        assert refused.value.code == refusal
    assert not path.exists()
    assert report("scorecard").code == "scorecard"


def test_a_voice_of_two_languages_says_equal_texts_once() -> None:
    both = voice(["zh", "en"])
    assert both.languages == ("zh", "en") and both.both
    assert both("no such message id") == "no such message id"
    assert both.number(4604) == "4,604"
