"""The pages that describe the rules are those that the rules write."""

from __future__ import annotations

import subprocess
import sys

from app.domain.moves import MOVES
from app.domain.workflow import STAGES
from tests.house.source import ROOT


def test_state_diagram_and_permission_matrix_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_pages_name_every_move_and_the_nine_stages_in_both_languages() -> None:
    for language in ("zh", "en"):
        text = (ROOT / "docs" / language / "workflow.md").read_text(encoding="utf-8")
        assert all(f"`{move.action}`" in text for move in MOVES)
        places = [text.index(stage.zh if language == "zh" else f'"{stage.name}"') for stage in STAGES]
        assert places == sorted(places)
