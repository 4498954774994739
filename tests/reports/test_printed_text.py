"""Text on its way to paper: escaped, cleaned, and every character in a face that has it."""

from __future__ import annotations

import pytest

from reports.render import fonts
from reports.render.typesetting import wrap_of


def test_markup_in_data_stays_text() -> None:
    made = fonts.markup('<img src="/etc/passwd"/> & <b>', fonts.TEXT)
    assert "<" not in made and made.startswith("&lt;img") and "&amp;" in made


def test_a_rare_character_falls_back_for_its_run_only() -> None:
    runs = fonts.runs("张𠮷山", fonts.TITLE)
    assert [piece for _, piece in runs] == ["张", "𠮷", "山"]
    assert runs[0][0] == runs[2][0] == fonts.TITLE != runs[1][0]


def test_a_character_nobody_has_type_for_prints_as_the_printers_mark() -> None:
    assert fonts.runs("a😀b", fonts.TEXT) == ((fonts.TEXT, "a〓b"),)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\u202e", "\u200b", "\ufeff", "\ufffe", "\ud800", "\x85"])
def test_what_cannot_be_printed_is_left_out(sign: str) -> None:
    assert fonts.clean(f"甲{sign}乙") == "甲乙"


def test_line_breaks_survive_and_tabs_become_blanks() -> None:
    assert fonts.clean("a\r\nb\tc\rd") == "a\nb c\nd"


def test_curly_quotes_are_narrow_in_english_and_square_in_chinese() -> None:
    assert fonts.clean("“n/a” …") == '"n/a" ...'
    assert fonts.clean("“不适用”…") == "“不适用”…"


def test_a_fitted_line_is_never_wider_than_its_room() -> None:
    for text in ("短", "很长的名字" * 900, "word " * 900, "𠮷" * 50):
        assert fonts.width(fonts.fitted(text, fonts.TEXT, 8, 90), fonts.TEXT, 8) <= 90
    assert fonts.fitted("短", fonts.TEXT, 8, 90) == "短"


def test_english_breaks_between_words_and_chinese_between_characters() -> None:
    assert (wrap_of("On-time completion rate"), wrap_of("按期办结率 93.72%")) == ("", "CJK")
