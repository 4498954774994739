"""A paper as a PDF file: embedded fonts, outline, escaped data, tall cells, the same bytes every time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from reports.document import (
    Bar,
    Block,
    Bookmark,
    Cards,
    Column,
    Figure,
    Head,
    Heading,
    NewPage,
    Paper,
    Paragraphs,
    Point,
    Ranked,
    SideBySide,
    Signatures,
    Step,
    Table,
    Text,
    Trend,
    Waterfall,
)
from reports.render import pdf

HOSTILE = '<img src="file:///etc/passwd"/></para>&<a href="http://x">x</a>'


def paper(*blocks: Block, title: str = "Title") -> Paper:
    return Paper(title, "subject", "author", "zh", "left", "middle", "page %(page)d/%(pages)d", datetime(2026, 11, 4, tzinfo=UTC), blocks)


def printed(path: Path, *blocks: Block) -> pypdf.PdfReader:
    pdf.write(paper(*blocks), path)
    return pypdf.PdfReader(path)


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def fonts_of(reader: pypdf.PdfReader) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            value: Any = font.get_object()
            found[str(value["/BaseFont"])] = "/FontFile2" in value.get("/FontDescriptor", {})
    return found


EVERYTHING: tuple[Block, ...] = (
    NewPage("one", "第一页"),
    Head("kicker", "温泉街道", (Figure("得分", "94.41"), Figure("名次", "6", "降 4", "bad"))),
    Heading("分丢在哪里", "轴自 92"),
    Cards((Figure("按期办结率", "93.33%", "4,297 / 4,604"),)),
    SideBySide(
        (Waterfall((Step("满分", 0, 100, "100", True), Step("签收", 100, 98.9, "−1.10"), Step("得分", 0, 98.9, "98.90", True)), 92, 100),),
        (Trend((Point("9月", 93.1, "93.10", 90, 92, 95), Point("10月", 94.4, "94.41", 91, 93, 95)), 88, 100),),
    ),
    Ranked((Bar("东街街道", 97.43, "97.43", True), Bar("𠮷田", 90.71, "90.71")), 80, 100),
    Table((Column("指标", 3), Column("率", 1, figures=True)), (("按期办结率", Text("93.72", note="911/972")),), ("合计", "1")),
    Bookmark("two", "Second", 1),
    Signatures(("制表：", "审核：")),
)


def test_every_font_is_embedded_and_none_is_helvetica(tmp_path: Path) -> None:
    found = fonts_of(printed(tmp_path / "a.pdf", *EVERYTHING))
    assert found and all(found.values()), found
    assert not any(name for name in found if "Helvetica" in name or "Times" in name)
    assert b"Helvetica" not in (tmp_path / "a.pdf").read_bytes()


def test_chinese_text_charts_and_footer_can_be_searched(tmp_path: Path) -> None:
    text = text_of(printed(tmp_path / "a.pdf", *EVERYTHING))
    for wanted in ("温泉街道", "分丢在哪里", "93.72", "911/972", "东街街道", "10月", "−1.10", "制表", "page 1/1", "middle"):
        assert wanted in text, wanted


def test_a_rare_character_can_be_searched(tmp_path: Path) -> None:
    assert "张𠮷山" in text_of(printed(tmp_path / "a.pdf", Paragraphs(("张𠮷山",)))).replace("\n", "")


def test_the_outline_names_the_pages_and_leads_to_them(tmp_path: Path) -> None:
    reader = printed(tmp_path / "a.pdf", NewPage("a", "封面"), Paragraphs(("1",)), NewPage("b", "𠮷田 & <b>"), Paragraphs(("2",)))
    assert [(entry.title, reader.get_destination_page_number(entry)) for entry in reader.outline] == [("封面", 0), ("𠮷田 & <b>", 1)]


def test_hostile_text_is_printed_as_it_is_and_embeds_nothing(tmp_path: Path) -> None:
    blocks = (
        NewPage("x", HOSTILE),
        Head(HOSTILE, HOSTILE, (Figure(HOSTILE, "1", HOSTILE),)),
        Heading(HOSTILE, HOSTILE),
        Paragraphs((HOSTILE,)),
        Table((Column(HOSTILE, 1), Column("n", 1)), ((Text(HOSTILE, note=HOSTILE), Text(HOSTILE, goto="x")),)),
        Ranked((Bar(HOSTILE, 1, HOSTILE),), 0, 2),
        Signatures((HOSTILE,)),
        Cards((Figure(HOSTILE, HOSTILE, HOSTILE),)),
    )
    reader = printed(tmp_path / "a.pdf", *blocks)
    assert "/etc/passwd" in text_of(reader) and b"/Subtype /Image" not in (tmp_path / "a.pdf").read_bytes()
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert links and all("/A" not in link for link in links), "data must not become a link"


def test_a_cell_taller_than_a_page_is_split_and_loses_nothing(tmp_path: Path) -> None:
    long = "".join(f"第{number}字" for number in range(4000))
    reader = printed(tmp_path / "a.pdf", Table((Column("名称", 1), Column("值", 1)), (("甲", long), ("乙", "完"))))
    assert len(reader.pages) > 3
    for page in reader.pages:
        assert "名称" in page.extract_text(), "the header repeats"
    assert "第3999字" in text_of(reader).replace("\n", "")


@pytest.mark.parametrize("name", ["x" * 5000, "长" * 5000, "a b " * 1500, ""])
def test_a_name_of_any_length_prints(tmp_path: Path, name: str) -> None:
    printed(tmp_path / "a.pdf", Head("k", name, (Figure("f", "1"),)), Ranked((Bar(name, 1, "1"),), 0, 2), Paragraphs((name,)))


def test_page_numbers_know_the_last_page(tmp_path: Path) -> None:
    pages = [NewPage(str(number), str(number)) for number in range(12)]
    reader = printed(tmp_path / "a.pdf", *[block for page in pages for block in (page, Paragraphs(("x",)))])
    assert [f"page {number}/12" in page.extract_text() for number, page in enumerate(reader.pages, start=1)] == [True] * 12


def test_the_file_is_dated_by_its_paper_whatever_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tmp_path / "a.pdf"
    reader = printed(first, *EVERYTHING)
    assert reader.metadata is not None and reader.metadata.creation_date == datetime(2026, 11, 4, tzinfo=UTC)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    printed(tmp_path / "b.pdf", *EVERYTHING)
    assert first.read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_heading_in_a_column_leaves_no_empty_page_behind(tmp_path: Path) -> None:
    column = (Heading("H"), Paragraphs(("text",)))
    filler = Paragraphs(tuple(f"line {number}" for number in range(30)))
    reader = printed(tmp_path / "a.pdf", filler, SideBySide(column, column), Heading("After", "note"), Paragraphs(("end",)))
    assert len(reader.pages) == 1
