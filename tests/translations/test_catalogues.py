"""The catalogues: current, complete, and saying in Chinese what the English sentence says, with the same figures in it."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from translations import update

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
PRODUCTS = {"Frontline", "Excel", "WeChat", "GitHub", "Open311"}
SIGNS = {"English", "PDF", "CSV", "JSON", "REST", "REST API", "n / d", "WGS-84", "GCJ-02", "BD-09"}
"""What is the same in both languages."""
WRITTEN = re.compile(r"[A-Z_0-9]+ = [0-9./]+")
"""How a worked example writes a line's count or points: codes and digits, no words."""


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    """The Chinese catalogue."""
    with (update.HERE / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="zh")


def test_both_catalogues_are_current_and_complete(capsys: pytest.CaptureFixture[str]) -> None:
    assert update.main(["--check"]) == 0, capsys.readouterr().out


def test_every_figure_of_a_sentence_stands_in_its_translation(chinese: Catalog) -> None:
    wrong = [m.id for m in chinese if m.id and set(PLACEHOLDER.findall(str(m.id))) != set(PLACEHOLDER.findall(str(m.string)))]
    assert not wrong


def test_what_is_called_chinese_is_chinese(chinese: Catalog) -> None:
    bare = {str(m.id): re.sub(r"%\(\w+\)[sd]|\{\w+\}|[“”]", "", str(m.string)) for m in chinese if m.id}
    left = [said for said, text in bare.items() if re.search(r"[A-Za-z]{3}", text) and not re.search("[\u4e00-\u9fff]", text)]
    left = [said for said in left if not WRITTEN.fullmatch(said)]
    assert not set(left) - PRODUCTS - SIGNS


def test_no_sentence_shouts_begs_or_boasts() -> None:
    said = {text for text, _file in update.found_messages()}
    assert not [text for text in said if re.search(r"!(?!=)|\bplease\b|\bsuccessfully\b", text, re.IGNORECASE)]
