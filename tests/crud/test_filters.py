"""Filters: every operator of every kind of column, on both engines, against a reckoning by hand; what does not fit is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.transaction import transaction
from app.crud.filters import OPERATORS, SPANS, Condition, operators_of, read_condition, sentence, where
from app.crud.listing import matching, read_request
from app.crud.resource import resource_of, resources
from app.domain.refusals import Refused
from app.entities.department import Department
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket
from tests.people import create_department, create_street_town

NOW = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)
HOURS = (0, 1, 23, 24, 25, 24 * 6, 24 * 8, 24 * 40, 24 * 100, 24 * 400)
SHANGHAI = timedelta(hours=8)
NAMES = (
    ("鼓东街道", "Gudong", None),
    ("市容", "", date(2026, 3, 9)),
    ("园林%", "Parks_", date(2026, 3, 10)),
    ("甲", "A", date(2026, 4, 1)),
)


@dataclass
class Sample:
    """Rows of every kind of value, as the tests know them: table → id → column → value."""

    tables: dict[str, dict[int, dict[str, Any]]]

    def ids(self, table: str, holds: Callable[[dict[str, Any]], bool]) -> list[int]:
        """The rows for which ``holds`` is true."""
        return sorted(number for number, row in self.tables[table].items() if holds(row))


@pytest.fixture
def sample(app: Flask) -> Iterator[Sample]:
    """Ten tickets, four departments, three items; the clock stands still."""
    texts = ["100%", "a_b", "路灯/不亮", "Ａ区", "abc", "ABC", "", "x", "É", "50% off"]
    units = [create_street_town("S-1"), create_street_town("S-2"), None]
    tickets, departments, items = {}, {}, {}
    with stopped_at(NOW):
        with transaction() as session:
            for n, hours in enumerate(HOURS):
                row = {
                    "source_no": texts[n],
                    "rounds": [0, 1, 2, 5, 7][n % 5],
                    "proactive": n % 3 == 0,
                    "urgency": ["at_once", "quickly", "within_limit"][n % 3],
                    "street_town_id": units[n % 3].id if units[n % 3] else None,
                    "reported_at": NOW - timedelta(hours=hours),
                    "due_at": None if n % 4 == 0 else NOW - timedelta(hours=hours) + timedelta(days=2),
                }
                ticket = Ticket(number=f"T-{n}", title=f"t{n}", stage="reported", **row)
                session.add(ticket)
                session.flush()
                tickets[ticket.id] = row
        for n, (zh, en, ends) in enumerate(NAMES):
            made = create_department(f"D-{n}", name_zh=zh, name_en=en, valid_to=ends)
            departments[made.id] = {"zh": zh, "en": en, "valid_to": ends}
        ids = list(departments)
        with transaction() as session:
            version = ResponsibilityList(code="V", name_zh="单", effective_from=date(2026, 1, 1))
            session.add(version)
            session.flush()
            for n, support in enumerate([[], ids[:1], ids[:3]]):
                item = ResponsibilityItem(
                    list_version_id=version.id, number=str(n), name_zh="项", support=[session.get(Department, i) for i in support]
                )
                session.add(item)
                session.flush()
                items[item.id] = {"support": support}
        yield Sample({"Ticket": tickets, "Department": departments, "ResponsibilityItem": items})


def _found(entity: str, *addresses: str, text: str = "") -> list[int]:
    resource = resource_of(entity)
    asked = read_request(resource, MultiDict([("f", address) for address in addresses] + [("q", text)]))
    assert not asked.problems, [str(problem) for problem in asked.problems]
    return sorted(row.id for row in db.session.execute(matching(resource, asked)).scalars())


def _low(text: str) -> str:
    """Lower case as both engines understand it at least: ASCII."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def test_texts_are_filtered_as_by_hand(sample: Sample) -> None:
    for value in ("100%", "%", "_", "a_b", "/", "abc", "ABC", "Ａ区", "É", "路灯", "nothing", "\\"):
        cases: dict[str, Callable[[str], bool]] = {
            "eq": lambda stored, v=value: stored == v,
            "neq": lambda stored, v=value: stored != v,
            "ct": lambda stored, v=value: _low(v) in _low(stored),
            "sw": lambda stored, v=value: _low(stored).startswith(_low(v)),
        }
        for operator, holds in cases.items():
            expected = sample.ids("Ticket", lambda row, h=holds: h(row["source_no"]))
            assert _found("Ticket", f"source_no.{operator}.{value}") == expected, (operator, value)
    assert _found("Ticket", "source_no.empty.") == sample.ids("Ticket", lambda row: row["source_no"] == "")


def test_names_in_two_languages_are_filtered_in_both(sample: Sample) -> None:
    for value in ("鼓", "gudong", "A", "%", "_", "市容"):
        cases: dict[str, Callable[[dict[str, Any]], bool]] = {
            "ct": lambda row, v=value: any(_low(v) in _low(row[half]) for half in ("zh", "en")),
            "sw": lambda row, v=value: any(_low(row[half]).startswith(_low(v)) for half in ("zh", "en")),
            "eq": lambda row, v=value: v in (row["zh"], row["en"]),
            "neq": lambda row, v=value: v not in (row["zh"], row["en"]),
        }
        for operator, holds in cases.items():
            assert _found("Department", f"name.{operator}.{value}") == sample.ids("Department", holds), (operator, value)
    assert _found("Department", "name.empty.") == []


def test_numbers_are_filtered_as_by_hand(sample: Sample) -> None:
    cases: dict[str, Callable[[int, int], bool]] = {
        "eq": lambda a, b: a == b,
        "ge": lambda a, b: a >= b,
        "le": lambda a, b: a <= b,
        "gt": lambda a, b: a > b,
        "lt": lambda a, b: a < b,
    }
    for value in (0, 1, 2, 4, 5, 6):
        for operator, holds in cases.items():
            expected = sample.ids("Ticket", lambda row, h=holds, v=value: h(row["rounds"], v))
            assert _found("Ticket", f"rounds.{operator}.{value}") == expected, (operator, value)
        assert _found("Ticket", f"rounds.neq.{value}") == sample.ids("Ticket", lambda row, v=value: row["rounds"] != v)
    assert _found("Ticket", "rounds.empty.") == []


def test_flags_choices_and_links_are_filtered_as_by_hand(sample: Sample) -> None:
    for said in ("1", "yes", "是"):
        assert _found("Ticket", f"proactive.eq.{said}") == sample.ids("Ticket", lambda row: row["proactive"])
    assert _found("Ticket", "proactive.eq.0") == sample.ids("Ticket", lambda row: not row["proactive"])
    assert _found("Ticket", "urgency.in.at_once,quickly") == sample.ids("Ticket", lambda row: row["urgency"] != "within_limit")
    assert _found("Ticket", "urgency.eq.quickly") == sample.ids("Ticket", lambda row: row["urgency"] == "quickly")
    assert _found("Ticket", "urgency.neq.quickly") == sample.ids("Ticket", lambda row: row["urgency"] != "quickly")
    assert _found("Ticket", "urgency.empty.") == []
    towns = sorted({row["street_town_id"] for row in sample.tables["Ticket"].values()} - {None})
    assert _found("Ticket", f"street_town.in.{towns[0]},{towns[1]}") == sample.ids("Ticket", lambda row: row["street_town_id"] is not None)
    assert _found("Ticket", f"street_town.eq.{towns[0]}") == sample.ids("Ticket", lambda row: row["street_town_id"] == towns[0])
    assert _found("Ticket", f"street_town.neq.{towns[0]}") == sample.ids("Ticket", lambda row: row["street_town_id"] != towns[0])
    assert _found("Ticket", "street_town.empty.") == sample.ids("Ticket", lambda row: row["street_town_id"] is None)
    one, two, *_ = sample.tables["Department"]
    assert _found("ResponsibilityItem", f"support.in.{one}") == sample.ids("ResponsibilityItem", lambda row: one in row["support"])
    assert _found("ResponsibilityItem", f"support.eq.{two}") == sample.ids("ResponsibilityItem", lambda row: two in row["support"])
    assert _found("ResponsibilityItem", f"support.neq.{two}") == sample.ids("ResponsibilityItem", lambda row: two not in row["support"])
    assert _found("ResponsibilityItem", "support.empty.") == sample.ids("ResponsibilityItem", lambda row: not row["support"])


def test_days_and_instants_are_filtered_on_the_citys_clock(sample: Sample) -> None:
    for text in ("2026-03-09", "2026-03-10", "2026/3/10", "2025-12-31"):
        day = date(*(int(part) for part in text.replace("/", "-").split("-")))
        cases: dict[str, Callable[[date], bool]] = {
            "ge": lambda d, b=day: d >= b,
            "le": lambda d, b=day: d <= b,
            "gt": lambda d, b=day: d > b,
            "lt": lambda d, b=day: d < b,
        }
        for operator, holds in cases.items():
            by_day = sample.ids("Department", lambda row, h=holds: row["valid_to"] is not None and h(row["valid_to"]))
            assert _found("Department", f"valid_to.{operator}.{text}") == by_day, (operator, text)
            for column in ("reported_at", "due_at"):
                by_instant = sample.ids("Ticket", lambda row, h=holds, c=column: row[c] is not None and h((row[c] + SHANGHAI).date()))
                assert _found("Ticket", f"{column}.{operator}.{text}") == by_instant, (column, operator, text)
    at = "2026-03-09T11:00"
    assert _found("Ticket", f"reported_at.ge.{at}") == sample.ids("Ticket", lambda row: row["reported_at"] >= NOW - timedelta(hours=24))
    assert _found("Ticket", f"reported_at.gt.{at}") == sample.ids("Ticket", lambda row: row["reported_at"] > NOW - timedelta(hours=24))
    assert _found("Ticket", f"reported_at.lt.{at}") == sample.ids("Ticket", lambda row: row["reported_at"] < NOW - timedelta(hours=24))
    assert _found("Ticket", "due_at.empty.") == sample.ids("Ticket", lambda row: row["due_at"] is None)
    first = {"today": 0, "7d": 7, "30d": 30, "90d": 90, "365d": 365}
    assert {*first, "month", "year"} == set(SPANS)
    starts = {span: date(2026, 3, 10) - timedelta(days=days) for span, days in first.items()}
    for span, start in {**starts, "month": date(2026, 3, 1), "year": date(2026, 1, 1)}.items():
        expected = sample.ids("Ticket", lambda row, s=start: (row["reported_at"] + SHANGHAI).date() >= s)
        assert _found("Ticket", f"reported_at.last.{span}") == expected, span


def test_search_finds_codes_names_pinyin_and_initials_and_takes_wildcards_literally(sample: Sample) -> None:
    ids = sorted(sample.tables["Department"])
    found = {text: _found("Department", text=text) for text in ("gudong", "GDJD", "gdjd", "d-1", "鼓东", "%", "_", "parks", "zzz", " 甲 ")}
    assert found == {
        "gudong": ids[:1],
        "GDJD": ids[:1],
        "gdjd": ids[:1],
        "d-1": ids[1:2],
        "鼓东": ids[:1],
        "%": ids[2:3],
        "_": ids[2:3],
        "parks": ids[2:3],
        "zzz": [],
        " 甲 ": ids[3:],
    }


BAD = {
    "source_no": "gt.1 last.7d",
    "rounds": "eq.abc eq. ge.1.5 eq.99999999999 eq.1e999999 eq.NaN ct.1",
    "proactive": "eq.maybe eq. neq.1 empty.",
    "urgency": "in.unheard eq. in. in., ct.at eq.at_once;drop",
    "street_town": "in.abc in. eq. eq.None in.99999999999 eq.-1",
    "reported_at": "ge.yesterday ge. last.forever last. le.9999-12-31 ge.0001-01-01 ge.2026-02-30 gt.9999-12-31T23:59:59-12:00 eq.x",
    "nothing": "eq.1",
    "reporter_phone": "eq.1",
    "opinion": "ct.x",
    "version": "eq.1",
    "__class__": "eq.1",
    "number": "__or__.1 eq",
}


def test_what_does_not_fit_is_refused_in_a_sentence_and_never_means_empty(sample: Sample) -> None:
    resource = resource_of("Ticket")
    for address in ["", "number", *(f"{column}.{rest}" for column, rests in BAD.items() for rest in rests.split())]:
        with pytest.raises(Refused) as caught:
            read_condition(resource, address)
        assert (caught.value.code, caught.value.status) == ("bad-filter", 400), address
        for language in ("zh", "en"):
            said = words(language).phrase(caught.value.phrase)
            assert said
            assert "%(" not in said


def test_every_offered_operator_of_every_table_makes_sql_that_runs(sample: Sample) -> None:
    good = {"number": "1", "flag": "1", "day": "2026-03-01", "moment": "2026-03-01", "link": "1", "links": "1", "text": "x"}
    for resource in resources().values():
        for name, column in resource.filtered.items():
            for operator in operators_of(column):
                value = str(getattr(column, "least", None) or good.get(column.kind, "x"))
                if column.kind == "choice":
                    value = next((option.value for option in column.options()), "")
                value = "7d" if operator == "last" else value
                condition = Condition(name, operator, (value,)) if operator != "empty" else Condition(name, operator, ("",))
                if column.kind == "choice" and not value:
                    continue
                db.session.execute(matching(resource, read_request(resource, MultiDict())).where(where(resource, condition)).limit(1)).all()
                for language in ("zh", "en"):
                    label, said = sentence(resource, condition, words(language), {})
                    assert label
                    assert said
                assert operator in OPERATORS


def test_a_chip_says_what_its_filter_means(sample: Sample) -> None:
    resource, english = resource_of("Ticket"), words("en")
    said = {
        address: " ".join(sentence(resource, read_condition(resource, address), english, {1: "Street-town S-1"}))
        for address in ("proactive.eq.yes", "proactive.eq.0", "urgency.eq.quickly", "street_town.in.1", "rounds.ge.2", "due_at.empty.")
    }
    assert said == {
        "proactive.eq.yes": "Found before complaint Yes",
        "proactive.eq.0": "Found before complaint No",
        "urgency.eq.quickly": "Urgency Quickly",
        "street_town.in.1": "Street-town Street-town S-1",
        "rounds.ge.2": "Rounds from 2",
        "due_at.empty.": "Due is empty",
    }


def test_characters_that_no_column_can_hold_find_nothing_and_break_nothing(sample: Sample) -> None:
    everything, with_a = len(sample.tables["Ticket"]), len(sample.ids("Ticket", lambda row: "a" in _low(row["source_no"])))
    for text in ("\x00", "\ud800", "a\x00", "\x07"):
        assert len(_found("Ticket", text=text)) in (0, everything, with_a)
        assert isinstance(_found("Ticket", f"source_no.ct.{text}"), list)
        assert isinstance(_found("Ticket", f"source_no.eq.{text}"), list)
