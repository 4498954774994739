"""What everybody may read shows no number and no name of a person, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.redaction import redacted


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("电话13950291234请回电", "电话139****1234请回电"),
        ("电话 139 5029 1234", "电话 139****1234"),
        ("139-5029-1234", "139****1234"),
        ("+86 139 5029 1234", "139****1234"),
        ("tel13950291234", "tel139****1234"),
        ("１３９５０２９１２３４", "139****1234"),
        ("座机0591-87654321", "座机***"),
        ("(0591) 8765 4321 分机 2", "(*** 分机 2"),
        ("一三九五零二九一二三四", "***"),
        ("身份证35010219900307123X", "身份证***"),
        ("身份证 350102 19900307 1234", "身份证 ***"),
        ("护照E12345678", "护照***"),
        ("卡号6222 0213 0200 1234 567", "卡号***"),
        ("车牌闽A·12345挡路", "车牌***挡路"),
        ("闽AD12345", "***"),
        ("邮箱zhang.san@example.com。", "邮箱***。"),
        ("微信号：zhangsan_88", "微信号：***"),
        ("3座502室漏水", "3座**室漏水"),
        ("市民张三反映油烟", "市民张**反映油烟"),
        ("联系人：欧阳锋", "联系人：欧**"),
        ("经办人李雷，已联系", "经办人李**，已联系"),
        ("我叫王小明，住三楼", "我叫王**，住三楼"),
        ("Mr. Zhang Wei called", "Mr. Z** called"),
    ],
)
def test_a_number_or_name_is_blotted_out(written: str, read: str) -> None:
    assert redacted(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "已清理完毕并现场复核无异味。",
        "由园林部门牵头整改，公安协助维持秩序。",
        "市民认可，居民满意度提高。",
        "群众反映的问题已解决",
        "2026-03-02 现场复核",
        "温泉支路 112 号夜市油烟扰民",
        "并入 GL20260302-0001",
        "安装 12 盏路灯，耗时 3 天",
        "市民高度认可",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert redacted(text) == text


def test_names_known_from_the_ticket_are_blotted_out_wherever_they_stand() -> None:
    said = redacted("欧阳娜娜来电，陈警官与Alice Wong到场。", ["欧阳娜娜", "陈警官", "Alice Wong", "", "李"])
    assert said == "欧**来电，陈**与A**到场。"


@given(st.text(max_size=40), st.from_regex(r"\A1[3-9][0-9]{9}\Z"), st.text(max_size=40))
def test_no_mobile_number_survives_in_any_company(before: str, number: str, after: str) -> None:
    assert number not in redacted(before + number + after)


@given(st.text(max_size=200), st.lists(st.text(max_size=10), max_size=3))
def test_any_text_can_be_redacted(text: str, names: list[str]) -> None:
    assert isinstance(redacted(text, names), str)
