"""What a revision changed, in words and figures: the same ones on the sheet of changes and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.difference import KINDS, Difference, DutyChange, LineChange
from app.domain.refusals import N_
from app.domain.scorecard import Line, LineScore, Scorecard
from reports.definitions.scorecard import labels, sentences
from reports.voice import Voice

COLON = N_(": ")
NONE_OF_ITS_OWN = N_("none of its own; the others moved")


@dataclass(frozen=True, slots=True)
class Changes:
    """A difference together with what it is told with: the lines it is about, and what the indicators are called."""

    found: Difference
    lines: Mapping[tuple[str, str], Line]
    names: Mapping[str, str]

    def counted(self, group: str, change: LineChange, voice: Voice) -> str:
        """n/d before and after."""
        line = self.lines.get((group, change.code))
        return f"{_pair(line, change.before, voice)} → {_pair(line, change.after, voice)}"


def changes_of(scorecard: Scorecard) -> Changes | None:
    """What the revision changed; nothing for a first one."""
    found = scorecard.difference()
    if found is None:
        return None
    lines = {(group.code, line.code): line for group in scorecard.groups for line in group.lines}
    return Changes(found, lines, {one.code: one.name for one in scorecard.definitions})


def against(found: Difference, voice: Voice) -> str:
    """Which revision it is compared with, and why there is a later one."""
    return voice.stacked(N_("Against revision %(number)s: %(reason)s"), number=found.revision_before, reason=reason(found, voice))


def reason(found: Difference, voice: Voice) -> str:
    """Why the revision was made: ours is a message, a person's is as it was typed."""
    return voice(found.reason) if found.reason else "—"


def summed_up(found: Difference, voice: Voice) -> str:
    """How many units gained, lost, changed otherwise, and stayed as they were."""
    changed = [unit for unit in found.units if unit.changed]
    gained = sum(1 for unit in changed if unit.gained is not None and unit.gained > 0)
    lost = sum(1 for unit in changed if unit.gained is not None and unit.gained < 0)
    return voice.stacked(
        N_("Units that gained points: %(gained)s; that lost points: %(lost)s; changed otherwise: %(other)s; unchanged: %(same)s."),
        gained=gained,
        lost=lost,
        other=len(changed) - gained - lost,
        same=len(found.units) - len(changed),
    )


def points_of(change: LineChange) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """A line's points before and after, and what was gained."""
    before, after = (None if score is None else score.points for score in (change.before, change.after))
    return before, after, None if before is None or after is None else after - before


def kind_of(duty: DutyChange, voice: Voice) -> str:
    """Why a duty counts differently, in a word or two."""
    return voice.stacked(KINDS.get(duty.kind, duty.kind))


def data_of(duty: DutyChange, voice: Voice) -> str:
    """What of the duty's data differs, one change a line."""
    colon = voice.first(COLON)
    told = [
        f"{voice(one.label)}{colon}{_said(one.before, voice)} → {_said(one.after, voice)}" for one in duty.fields if one.name != "excluded"
    ]
    return "\n".join(dict.fromkeys(told)) or "—"


def verdicts_of(duty: DutyChange, changes: Changes, voice: Voice) -> str:
    """How each figure counted it before and after, one figure a line."""
    colon = voice.first(COLON)
    told = [
        f"{voice(changes.names.get(code, code))}{colon}{_verdict(before, voice)} → {_verdict(after, voice)}"
        for code, before, after in duty.verdicts
    ]
    return "\n".join(told) or "—"


def _pair(line: Line | None, score: LineScore | None, voice: Voice) -> str:
    if score is None:
        return "—"
    return sentences.counted(line, score.n, score.d, voice) if line is not None else f"{score.n}/{score.d}"


def _verdict(mark: str, voice: Voice) -> str:
    return voice(labels.MARKS.get(mark, mark)) if mark else "—"


def _said(value: Any, voice: Voice) -> str:
    """A moment is not torn at the end of a line."""
    return voice.moment(value).replace(" ", "\u00a0") if isinstance(value, datetime) else voice.first.any(value)
