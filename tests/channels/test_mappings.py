"""Mapping files: every shipped one fits the ledger it is for, and a bad one is named with what is wrong with it."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from app.channels.binding import Binding
from app.channels.mapping import FOLDER, LINKS, mapping_of, mappings, read_mapping
from app.core.languages import words
from app.domain.refusals import Refused
from app.domain.workflow import ALL_STAGES
from app.entities.ticket import Ticket
from app.services.ledger_row import MOMENTS_READ
from tests.end_to_end.ledgers import COLUMNS
from tests.importing.files import is_chinese
from tests.real_data import real_file

SHIPPED = ("baltimore", "hotline12345", "nyc", "own", "pingshan")
HEADERS = {
    "baltimore": (
        *("ServiceRequestNum", "SRType", "MethodReceived", "CreatedDate", "SRStatus", "DueDate", "CloseDate", "Agency", "Address"),
        *("Neighborhood", "CouncilDistrict", "Latitude", "Longitude"),
    ),
    "nyc": (
        *("unique_key", "created_date", "closed_date", "agency", "agency_name", "complaint_type", "descriptor", "incident_address"),
        *("status", "due_date", "resolution_description", "community_board", "borough", "open_data_channel_type"),
        *("longitude", "latitude"),
    ),
    "pingshan": tuple(COLUMNS),
}
"""The columns of the published ledgers that a mapping may take from."""

UNKNOWABLE = {"reported", "dispatched", "signed", "responded", "due", "completed", "outcome", "returns", "reworks", "rating", "calls"}
"""What a source may never tell; indicators that need it are not computed."""

each = pytest.mark.parametrize("name", SHIPPED)


def test_exactly_these_ledgers_are_understood() -> None:
    assert tuple(mappings()) == SHIPPED
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(SHIPPED)


@each
def test_a_mapping_speaks_of_tickets_in_the_houses_own_words(name: str) -> None:
    mapping = mapping_of(name)
    assert set(mapping.ticket) <= {*Ticket.__fields__, *MOMENTS_READ, "state"}
    assert mapping.required <= {*mapping.ticket, "source_no", "reported_at"}
    assert set(mapping.links) <= set(LINKS)
    stages = {stage.code for stage in ALL_STAGES}
    states = mapping.ticket["state"].values.values() if "state" in mapping.ticket else ()
    assert {*states, mapping.stage or "archived"} <= stages
    assert mapping.unknown | mapping.unknown_when_missing <= UNKNOWABLE
    assert not mapping.unknown & mapping.unknown_when_missing


@each
def test_a_mapping_is_titled_in_both_languages(name: str) -> None:
    mapping = mapping_of(name)
    assert re.search("[\u4e00-\u9fff]", mapping.title.zh)
    assert mapping.title.en and mapping.source_names.zh and mapping.source_names.en


@each
def test_every_column_a_mapping_takes_from_stands_in_its_ledger(name: str) -> None:
    mapping = mapping_of(name)
    headers = mapping.headers or HEADERS[name]
    binding = Binding(mapping, headers)
    offered = {column for column in mapping.columns() if column in headers}
    assert {header for header, column in zip(headers, binding.names, strict=True) if column} == offered
    links = [link for levels in mapping.links.values() for link in levels]
    templates = [*mapping.ticket.values(), *(link.code for link in links), *(link.name_zh for link in links)]
    for choice in (choice for template in templates for choice in re.findall(r"\{([^{}]+)\}", template.text)):
        columns = [column.strip() for column in choice.split("|")]
        # The 21 columns name no handling unit; platforms that add one call it so.
        assert offered.intersection(columns) or columns == ["承办单位", "办理单位"], choice


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pingshan", "ledger_pingshan/pingshan_dev_lt_2018-11.csv"),
        ("nyc", "ledger_nyc/nyc311_mixed_1000.csv"),
        ("baltimore", "geography_baltimore/baltimore_dev.csv"),
    ],
)
def test_the_published_ledgers_have_these_columns(name: str, file: str) -> None:
    with real_file(file).open(encoding="utf-8-sig") as handle:
        assert set(HEADERS[name]) <= set(handle.readline().strip().split(","))


def test_captions_may_explain_themselves_in_brackets_and_stand_anywhere() -> None:
    binding = Binding(mapping_of("hotline12345"), ["办结时间", "无关", "是否解决（解决/未解决/部分解决）", "工单编号"])
    assert binding.names == ("办结时间", "", "是否解决", "工单编号")
    assert binding.text("result", ["", "", "已解决", "1"]) == "solved"


def test_the_first_filled_column_of_several_counts() -> None:
    binding = Binding(mapping_of("hotline12345"), ["工单编号", "受理时间", "办结时间"])
    moment = binding.moment("reported_at", ["20260302001", None, None])
    assert moment is not None and moment.isoformat() == "2026-03-02T00:00:00+08:00"
    moment = binding.moment("reported_at", ["20260302001", "2026-03-03 08:15", None])
    assert moment is not None and moment.isoformat() == "2026-03-03T08:15:00+08:00"


def test_the_ledgers_own_clock_is_read_with_its_summer_time() -> None:
    binding = Binding(mapping_of("nyc"), HEADERS["nyc"])
    cells: list[Any] = [None] * len(HEADERS["nyc"])
    for said, hour in (("2019-07-01T12:00:00.000", 16), ("2019-12-31T12:00:00.000", 17)):
        cells[1] = said
        moment = binding.moment("reported_at", cells)
        assert moment is not None and moment.astimezone(UTC).hour == hour


def test_spellings_of_nothing_are_nothing() -> None:
    binding = Binding(mapping_of("pingshan"), COLUMNS)
    cells = ["-"] * len(COLUMNS)
    assert [binding.text(name, cells) for name in ("source_no", "title", "nature")] == ["", "", ""]
    assert binding.flag("in_time", cells) is None


@pytest.mark.parametrize(
    ("headers", "code"),
    [(["REC_ID", "STREET_ID"], "missing-column"), (["REC_ID", "CREATE_TIME", "CREATE_TIME"], "doubled-column")],
)
def test_a_file_that_does_not_fit_the_mapping_is_refused(headers: list[str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        Binding(mapping_of("pingshan"), headers)
    assert refused.value.code == code
    assert is_chinese(words("zh").phrase(refused.value.phrase))


GOOD = """
title_zh = "甲"
title_en = "A"
[source]
code = "A"
name_zh = "甲"
name_en = "A"
[ticket]
source_no = "{no}"
reported_at = "{at}"
"""
BAD = {
    "not TOML": "title_zh = ",
    "no title": GOOD.replace('title_en = "A"', ""),
    "no source": GOOD.replace('[source]\ncode = "A"\nname_zh = "甲"\nname_en = "A"\n', ""),
    "no ticket": GOOD[: GOOD.index("[ticket]")],
    "no such zone": 'time_zone = "Moon/Base"\n' + GOOD,
    "a broken pattern": GOOD + '[void]\nfrom = "{no}"\nmatches = "("\n',
    "flags without words": GOOD + '[flags]\nin_time = "{a}"\noverdue = "{b}"\n',
    "a template that is a number": GOOD + "title = 5\n",
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_mapping_file_is_named_with_its_problem(case: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(BAD[case], encoding="utf-8")
    with pytest.raises(Refused) as refused:
        mapping_of(str(path))
    said = words("en").phrase(refused.value.phrase)
    assert refused.value.code == "bad-mapping"
    assert said.startswith("The mapping file “mine.toml” cannot be read: ")
    assert len(said) > len("The mapping file “mine.toml” cannot be read: ")


def test_a_districts_own_mapping_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert mapping_of(str(path)).code == "mine"
    path.write_text(GOOD.replace('"{at}"', '"{when}"'), encoding="utf-8")
    assert read_mapping(path).ticket["reported_at"].columns == ["when"], "a changed file is read again"
