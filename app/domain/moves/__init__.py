"""The table of moves: every step of a ticket's life, from which stages, by whom, what it needs, and which clocks it touches.

Buttons, forms, the REST doors, the state diagram and the permission matrix in ``docs/`` and the tests are made from this table.
Its pages follow the source: 分发 签收 · 处置 · 呼叫 协商 · 办结 审核 · 评价. A row is ``app.domain.moves.row.Move``; what it does is in
``app.domain.acts``.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.moves.assigning import ASSIGNING
from app.domain.moves.calling import CALLING
from app.domain.moves.closing import CLOSING
from app.domain.moves.rating import RATING
from app.domain.moves.row import Move, Need
from app.domain.moves.working import WORKING

MOVES: tuple[Move, ...] = (*ASSIGNING, *WORKING, *CALLING, *CLOSING, *RATING)
"""All moves, in the order of a ticket's life; the order in which they are offered, too."""

BY_ACTION: Mapping[str, Move] = {move.action: move for move in MOVES}
"""The same table by action."""


def needs_of(action: str) -> Mapping[str, Need]:
    """What has to be said with a move, by name."""
    return {need.name: need for need in BY_ACTION[action].needs}
