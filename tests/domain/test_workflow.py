"""The published tables, letter by letter."""

from __future__ import annotations

from app.domain.workflow import ALL_STAGES, PHASES, STAGES, URGENCIES


def test_the_nine_stages_read_as_published() -> None:
    assert "、".join(stage.zh for stage in STAGES) == "上报、分发、签收、处置、呼叫、协商、办结、审核、评价"
    assert [stage.zh for stage in ALL_STAGES[9:]] == ["归档"]


def test_the_closed_loop_has_five_links_and_every_stage_belongs_to_one() -> None:
    assert "—".join(phase.zh for phase in PHASES) == "事项收集—智能派遣—呼叫响应—处置办结—监督考核"
    grouped = [code for phase in PHASES for code in phase.stages]
    assert sorted(grouped) == sorted(stage.code for stage in ALL_STAGES)


def test_the_three_urgencies_read_as_published() -> None:
    assert [(urgency.code, urgency.zh) for urgency in URGENCIES] == [
        ("at_once", "马上办"),
        ("quickly", "快速办"),
        ("within_limit", "限时办"),
    ]
