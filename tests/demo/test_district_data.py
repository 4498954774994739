"""The files of the demo district: every code once, every reference resolved, everything in both languages."""

from __future__ import annotations

import re
from collections import Counter
from string import Formatter

import pytest

from app.demo.accounts import ACCOUNTS
from app.demo.district import DATA, STREET, channels, duties, matters, places, profiles, rows
from app.domain.deadlines import limit_of
from app.domain.workflow import URGENCIES
from app.web.roles import ROLES

FILES = sorted(path.stem for path in DATA.glob("*.csv"))
NATIVE = {"titles_zh", "phrases_zh", "surnames"}
"""Files of what citizens and officers write; they write Chinese."""

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def codes(name: str) -> set[str]:
    return {row["code"] for row in rows(name)}


UNITS = codes("street_towns") | codes("departments")


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_plain_utf8_with_full_rows(name: str) -> None:
    raw = (DATA / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    found = rows(name)
    assert found
    assert all(None not in row and None not in row.values() for row in found)
    assert all(value == value.strip() for row in found for value in row.values())


@pytest.mark.parametrize("name", sorted(set(FILES) - NATIVE))
def test_every_chinese_name_has_an_english_one(name: str) -> None:
    for row in rows(name):
        for column, value in row.items():
            if column.endswith("_zh"):
                assert value, (name, row)
                assert row[column.removesuffix("_zh") + "_en"], (name, row)
            if column.endswith("_en"):
                assert not CJK.search(value), (name, value)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("street_towns", "code"),
        ("communities", "code"),
        ("departments", "code"),
        ("command_centre", "code"),
        ("channels", "code"),
        ("source_systems", "code"),
        ("matters", "code"),
        ("responsibility", "item_no"),
        ("responsibility", "matter"),
        ("matter_mix", "matter"),
        ("profiles", "unit"),
        ("channel_mix", "channel"),
    ],
)
def test_no_code_stands_twice(name: str, key: str) -> None:
    found = Counter(row[key] for row in rows(name))
    assert max(found.values()) == 1
    assert all(CODE.fullmatch(code) for code in found)


@pytest.mark.parametrize("name", ["street_towns", "communities", "departments", "channels", "matters"])
def test_no_name_stands_twice_in_its_list(name: str) -> None:
    for language in ("name_zh", "name_en"):
        found = Counter((row[language], row.get("level", "")) for row in rows(name))
        assert max(found.values()) == 1, found.most_common(3)


def test_the_district_has_its_ten_street_towns_and_69_communities() -> None:
    assert len(rows("street_towns")) == 10
    per_street = Counter(row["street_town"] for row in rows("communities"))
    published = {"001": 5, "002": 6, "003": 7, "004": 4, "005": 6, "006": 4, "007": 9, "008": 5, "009": 11, "100": 12}
    assert per_street == {f"350102{code}": number for code, number in published.items()}
    assert all(row["code"].startswith(row["street_town"]) and len(row["code"]) == 12 for row in rows("communities"))
    assert len({(row["hex_column"], row["hex_row"]) for row in rows("street_towns")}) == 10


def test_units_are_of_all_kinds_and_their_parents_exist() -> None:
    kinds = Counter(row["kind"] for row in rows("departments"))
    assert kinds == {"department": 38, "enterprise": 6, "municipal": 4}
    assert {row["kind"] for row in rows("departments")} <= {row["code"] for row in rows("dictionaries") if row["dictionary"] == "unit_kind"}
    parents = {row["parent"] for row in rows("departments")} - {""}
    assert len(parents) >= 3 and parents <= codes("departments")


def test_aliases_belong_to_units_and_come_in_both_languages() -> None:
    found = rows("aliases")
    assert {row["code"] for row in found} <= UNITS
    languages = Counter((row["entity"], row["code"], row["valid_from"], row["language"]) for row in found)
    assert all(languages[entity, code, since, "zh" if language == "en" else "en"] for entity, code, since, language in languages)
    assert all(row["valid_to"] == "" or row["valid_from"] < row["valid_to"] for row in found)
    current = {row["code"]: row["valid_from"] for row in rows("departments")}
    former = [row for row in found if row["entity"] == "department" and row["valid_to"]]
    assert former
    assert all(row["valid_to"] < current[row["code"]] for row in former)


def test_every_channel_of_the_handbook_is_there() -> None:
    named = {"电话", "信函", "电子信箱", "短信", "微博", "微信", "政务App", "鼓楼智脑App", "鼓楼社区幸福通微信公众号", "社区治理App"}
    named |= {"党员进千家万户", "民情恳谈日", "网络问政", "12345热线"}
    assert named <= {row["name_zh"] for row in rows("channels")}
    assert {row["kind"] for row in rows("channels")} == {"online", "phone", "paper", "offline", "system"}
    assert {channel.code for channel in channels()} == codes("channels")
    assert {row["source_system"] for row in rows("channel_mix")} <= codes("source_systems")


def test_matters_have_three_levels_and_hang_together() -> None:
    found = {row["code"]: row for row in rows("matters")}
    assert {level: sum(row["level"] == level for row in found.values()) for level in "123"} == {"1": 12, "2": 52, "3": 163}
    for code, row in found.items():
        assert len(code) == {"1": 2, "2": 4, "3": 5}[row["level"]]
        if row["level"] == "1":
            assert row["parent"] == ""
        else:
            assert int(found[row["parent"]]["level"]) == int(row["level"]) - 1
            assert code.startswith(row["parent"][:2])


def test_the_responsibility_list_names_units_limits_and_kinds_that_exist() -> None:
    found = rows("responsibility")
    assert len(found) >= 130
    kinds = {row["code"] for row in rows("dictionaries") if row["dictionary"] == "duty_kind"}
    for row in found:
        assert row["matter"] in codes("matters")
        assert row["duty_kind"] in kinds
        assert row["lead"] in codes("departments") | {STREET}
        assert (row["lead"] == STREET) == (row["duty_kind"] == "territorial")
        support = [code for code in row["support"].split("|") if code]
        assert set(support) <= codes("departments") - {row["lead"]}
        assert len(set(support)) == len(support)
        for column in ("limit_at_once", "limit_quickly", "limit_within"):
            assert str(limit_of(row[column])) == row[column]
        assert "演示" in row["basis_zh"] and "demo" in row["basis_en"]


def test_a_matter_without_an_item_of_its_own_has_its_groups_item() -> None:
    found = {matter.code: matter for matter in matters()}
    listed = duties()
    product_quality = found["09009"].duty
    assert "09009" not in listed and product_quality is not None and product_quality.matter == "0903"
    own = found["01001"].duty
    assert own is not None and own.matter == "01001" and own.lead == STREET


def test_the_list_has_a_few_gaps() -> None:
    gaps = [matter.code for matter in matters() if matter.duty is None]
    assert 1 <= len(gaps) <= 8


def test_what_the_generator_reads_speaks_of_things_that_exist() -> None:
    level_3 = {row["code"] for row in rows("matters") if row["level"] == "3"}
    assert {row["matter"] for row in rows("matter_mix")} == level_3
    assert {row["matter"] for row in rows("titles_zh")} == level_3
    assert {row["street_town"] for row in rows("street_mix")} <= codes("street_towns")
    assert {row["matter"] for row in rows("street_mix")} <= {row["code"] for row in rows("matters") if row["level"] == "1"}
    assert set(profiles()) == UNITS


def test_every_community_has_a_place_inside_the_district() -> None:
    streets = {row["code"]: row["street_town"] for row in rows("communities")}
    assert {place.community for place in places()} == set(streets)
    for place in places():
        assert streets[place.community] == place.street_town
        # The district's official outline lies between these meridians and parallels.
        assert 119.2403 < place.longitude < 119.3178 and 26.0615 < place.latitude < 26.1257
    assert {place.street_town for place in places() if place.kind == "park"} == codes("street_towns")


def test_templates_ask_only_for_what_a_report_knows() -> None:
    for row in rows("titles_zh"):
        assert {name for _, name, _, _ in Formatter().parse(row["title"]) if name} <= {"place", "community"}
    allowed = {
        "opening": {"place", "community", "detail"},
        "closing": set(),
        "opinion": {"place"},
        "place": {"address", "street_town", "community"},
        "said": set(),
    }
    for row in rows("phrases_zh"):
        assert {name for _, name, _, _ in Formatter().parse(row["text"]) if name} <= allowed[row["kind"]]


def test_dictionaries_hold_the_words_that_forms_and_rules_use() -> None:
    found: dict[str, set[str]] = {}
    for row in rows("dictionaries"):
        assert row["tone"] in {"neutral", "ok", "warn", "bad"}
        assert row["code"] not in found.setdefault(row["dictionary"], set())
        found[row["dictionary"]].add(row["code"])
    assert found["rating"] == {"satisfied", "basic", "fair", "dissatisfied"}
    assert found["urgency"] == {urgency.code for urgency in URGENCIES}
    assert found["result"] == {"solved", "partly", "explained", "unsolved"}
    assert found["employment"] == {"full_time", "part_time", "stationed"}
    assert found["coordinate_system"] == {"wgs84", "gcj02", "bd09"}
    assert {row["nature"] for row in rows("titles_zh")} == found["nature"]
    assert {"return_reason", "call_reason", "unit_kind", "duty_kind"} <= set(found)


def test_every_role_has_one_account_and_every_account_a_real_unit() -> None:
    assert {account.role for account in ACCOUNTS} == set(ROLES)
    assert len({account.username for account in ACCOUNTS}) == len(ACCOUNTS) == len(ROLES)
    assert {account.unit for account in ACCOUNTS} <= UNITS | codes("command_centre") | {""}
    assert all(CJK.search(account.name_zh) and not CJK.search(account.name_en) for account in ACCOUNTS)
