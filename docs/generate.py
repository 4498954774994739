"""Writes the pages that describe the rules from the rules themselves: the state diagram and the permission matrix, in both languages.

``python docs/generate.py`` writes them, ``--check`` fails where what is kept differs. Nobody edits these pages by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from app.core.languages import Words, words  # noqa: E402
from app.domain.deadlines import UNITS  # noqa: E402
from app.domain.moves import MOVES  # noqa: E402
from app.domain.moves.row import Move  # noqa: E402
from app.domain.rights import RIGHTS, RIGHTS_OF  # noqa: E402
from app.domain.rulebook import CLOCKS  # noqa: E402
from app.domain.workflow import ALL_STAGES  # noqa: E402
from app.entities.role import TITLES  # noqa: E402
from app.reference import rows  # noqa: E402
from app.web.roles import ROLES, grants, subjects  # noqa: E402

Page = Callable[[Words], str]

TEXT = {
    "zh": {
        "workflow": "工单流转：阶段、动作与时钟",
        "made": "本页由 `python docs/generate.py` 依据动作表生成，勿手工修改。",
        "diagram": "状态图",
        "diagram_note": "只画出改变阶段的动作；九个公开阶段依次为上报、分发、签收、处置、呼叫、协商、办结、审核、评价，其后归档。",
        "moves": "动作表",
        "head": ("动作", "代码", "可在阶段", "转到", "谁", "权限", "须填", "启动的时钟", "停止的时钟"),
        "stays": "不变",
        "ended": "作废与并案不是阶段：工单停在原阶段并加标记，只能“撤销”。",
        "limits": "时限（初始值，可在“时限”页面修改；责任清单的时限优先）",
        "limit_head": ("时钟", "紧急程度", "时限"),
        "every": "全部",
        "permissions": "权限矩阵：阶段 × 动作 × 关系，角色 × 权限",
        "stage_matrix": "阶段 × 动作",
        "stage_note": "格中为可以做的人与工单的关系；无格即任何人都不可做。",
        "role_matrix": "角色 × 办件权限",
        "record_matrix": "角色 × 记录",
        "record_note": "r 查看 · c 新建 · u 修改 · d 删除 · i 导入 · e 导出；其他动词写全。行范围另见 `app/queries/scopes.py`。",
        "role": "角色",
        "yes": "是",
        "optional": "（可空）",
    },
    "en": {
        "workflow": "How tickets move: stages, moves and clocks",
        "made": "This page is written by `python docs/generate.py` from the table of moves; do not edit it by hand.",
        "diagram": "State diagram",
        "diagram_note": "Only moves that change the stage are drawn; the nine published stages in their published order, then the archive.",
        "moves": "Table of moves",
        "head": ("Move", "Code", "From", "To", "Who", "Right", "Needs", "Clocks started", "Clocks stopped"),
        "stays": "stays",
        "ended": "Void and merged are not stages: the ticket stays where it was, marked, and can only be taken back.",
        "limits": "Limits (as first set up; change them on the page “Time limits”; the responsibility list's own go first)",
        "limit_head": ("Clock", "Urgency", "Limit"),
        "every": "every",
        "permissions": "Permission matrix: stage × move × relation, role × right",
        "stage_matrix": "Stage × move",
        "stage_note": "A cell says how somebody must stand to the ticket; where there is none, nobody may.",
        "role_matrix": "Role × right at work",
        "record_matrix": "Role × records",
        "record_note": "r read · c create · u update · d delete · i import · e export; other verbs in full. Rows: `app/queries/scopes.py`.",
        "role": "Role",
        "yes": "yes",
        "optional": " (optional)",
    },
}
BRIEF = {"read": "r", "create": "c", "update": "u", "delete": "d", "import": "i", "export": "e"}


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    written = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*written, *(f"| {' | '.join(cell.replace('|', '/') or ' ' for cell in line)} |" for line in lines)])


def _stages(writer: Words) -> dict[str, str]:
    return {stage.code: stage.zh if writer.language == "zh" else writer(stage.name) for stage in ALL_STAGES}


def _diagram(writer: Words) -> str:
    names = _stages(writer)
    lines = ["```mermaid", "stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{name}" as {code}' for code, name in names.items()]
    lines.append("    [*] --> reported")
    found: dict[tuple[str, str], list[str]] = {}
    for move in MOVES:
        for start, end in move.edges:
            if start != end:
                found.setdefault((start, end), []).append(writer(move.name))
    comma = "、" if writer.language == "zh" else ", "
    lines += [f"    {start} --> {end}: {comma.join(labels)}" for (start, end), labels in found.items()]
    return "\n".join([*lines, "    archived --> [*]", "```"])


def _move_line(move: Move, writer: Words) -> list[str]:
    said, names = TEXT[writer.language], _stages(writer)
    ways = [f"{names[start]} → {names[end]}" for start, end in move.may]
    to = writer.listing([names[stage] for stage in move.to] or ways) if move.edges else str(said["stays"])
    needs = [writer(need.label) + ("" if need.required else str(said["optional"])) for need in move.needs]
    return [
        writer(move.name),
        f"`{move.action}`",
        writer.listing([names[stage] for stage in move.stages]),
        to,
        writer.listing([writer(relation.name) for relation in move.who]),
        writer(RIGHTS[move.right]),
        writer.listing(needs) if needs else "",
        writer.listing([writer(CLOCKS[clock]) for clock in move.starts]) if move.starts else "",
        writer.listing([writer(CLOCKS[clock]) for clock in move.stops]) if move.stops else "",
    ]


def workflow(writer: Words) -> str:
    """The state diagram, the table of moves, and the limits a district starts with."""
    said = TEXT[writer.language]
    limits = [
        (writer(CLOCKS[row["clock"]]), (row["urgency"] and f"`{row['urgency']}`") or str(said["every"]), f"{row['limit']}")
        for row in rows("time_limits")
    ]
    units = _table(("", ""), [(f"`{code}`", writer(name)) for code, name in UNITS.items()])
    parts = [
        f"# {said['workflow']}",
        said["made"],
        f"## {said['diagram']}",
        said["diagram_note"],
        _diagram(writer),
        said["ended"],
        f"## {said['moves']}",
        _table(said["head"], [_move_line(move, writer) for move in MOVES]),
        f"## {said['limits']}",
        _table(said["limit_head"], limits),
        units,
    ]
    return "\n\n".join(str(part) for part in parts) + "\n"


def permissions(writer: Words) -> str:
    """Which relation may do which move in which stage, which role has which right, and what each role may do with records."""
    said, names = TEXT[writer.language], _stages(writer)
    by_stage = [
        [writer(move.name), *(writer.listing([writer(r.name) for r in move.who]) if stage in move.stages else "" for stage in names)]
        for move in MOVES
    ]
    workers = [role for role in RIGHTS_OF if role in TITLES]
    rights = [
        [
            writer(TITLES[role]),
            *(str(said["yes"]) if right in RIGHTS_OF[role] else "" for right in RIGHTS if right not in ("clock", "citizen")),
        ]
        for role in workers
    ]
    head = [str(said["role"]), *(writer(name) for right, name in RIGHTS.items() if right not in ("clock", "citizen"))]
    records = []
    for subject in sorted(subjects()):
        cells = []
        for role in ROLES:
            verbs = sorted(verb for verb, what in grants(role) if what == subject)
            cells.append("".join(BRIEF[v] for v in BRIEF if v in verbs) + " ".join(f" {v}" for v in verbs if v not in BRIEF))
        records.append([f"`{subject}`", *cells])
    parts = [
        f"# {said['permissions']}",
        said["made"],
        f"## {said['stage_matrix']}",
        said["stage_note"],
        _table(["", *names.values()], by_stage),
        f"## {said['role_matrix']}",
        _table(head, rights),
        f"## {said['record_matrix']}",
        said["record_note"],
        _table(["", *(writer(TITLES[role]) for role in ROLES)], records),
    ]
    return "\n\n".join(str(part) for part in parts) + "\n"


PAGES: dict[str, Page] = {"workflow": workflow, "permissions": permissions}


def main(arguments: list[str]) -> int:
    """Write all pages, or check them."""
    stale = []
    for name, page in PAGES.items():
        for language in ("zh", "en"):
            path, text = HERE / language / f"{name}.md", page(words(language))
            if "--check" in arguments:
                if not path.exists() or path.read_text(encoding="utf-8") != text:
                    stale.append(str(path.relative_to(HERE.parent)))
            else:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if stale:
        sys.stdout.write(f"not current, run python docs/generate.py: {', '.join(stale)}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
