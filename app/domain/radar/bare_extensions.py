"""Clusters of extensions without explanation (无说明延期): one unit keeps asking for time with the same few words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from app.domain.radar.base import Delay, Finding, Golden, Sign, Sweep, Threshold, Thresholds
from app.domain.radar.examples import delay, sweep
from app.domain.redaction import redacted
from app.domain.refusals import N_, Phrase

SHOWN = 40
"""How many letters of a reason are told."""


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Units with several requests of the period whose reason is a few letters long, or word for word that of another ticket."""
    units: dict[int, list[Delay]] = {}
    for one in material.delays:
        if material.period.holds(one.requested_at):
            units.setdefault(one.unit_id, []).append(one)
    for delays in units.values():
        said = Counter(text for text, _ in {(_words(one.reason), one.ticket_id) for one in delays})
        bare = [one for one in delays if len(_words(one.reason)) < thresholds["letters"] or said[_words(one.reason)] > 1]
        if len(bare) < thresholds["least"]:
            continue
        yield from (_finding(one, len(bare), len(delays)) for one in bare)


def _finding(one: Delay, bare: int, count: int) -> Finding:
    """With the reason itself, as far as everybody may read it."""
    reason = redacted(one.reason.strip())
    seen = Phrase(
        N_("“%(reason)s”: %(bare)d of the unit's %(count)d requests explain nothing of their own"),
        reason=reason if len(reason) <= SHOWN else reason[:SHOWN] + "…",
        bare=bare,
        count=count,
    )
    return Finding(one.ticket_id, one.ticket_no, one.unit_id, one.requested_at, seen)


def _words(reason: str) -> str:
    """Letters and digits only, so that blanks and stops make no difference."""
    return "".join(char for char in unicodedata.normalize("NFKC", reason).casefold() if char.isalnum())


SIGN = Sign(
    code="bare_extensions",
    position=80,
    name=N_("Extensions without explanation"),
    looks_for=N_("A unit asks for more time on several tickets with no reason worth the name, or with the same one word for word."),
    innocent=N_("One cause, such as a typhoon, that held up many matters at once."),
    find=find,
    thresholds=(
        Threshold("least", N_("Such requests of one unit, at least"), 3, N_("requests")),
        Threshold("letters", N_("Too short with fewer letters than"), 6, N_("letters")),
    ),
    golden=(
        Golden(
            title="two of the same words and one of two letters; one explained; another unit has two only",
            sweep=sweep(
                delays=(
                    delay(1, "2026-09-01", "需要更多时间协调处理"),
                    delay(2, "2026-09-02", "需要更多时间，协调处理。"),
                    delay(3, "2026-09-03", "协调"),
                    delay(4, "2026-09-04", "等待自来水公司九月十二日停水检修"),
                    delay(5, "2026-09-01", "忙", unit=2),
                    delay(6, "2026-09-02", "忙", unit=2),
                )
            ),
            found=(("GL0001", 1), ("GL0002", 1), ("GL0003", 1)),
        ),
        Golden(
            title="six letters are enough; the same words on one ticket twice are no pattern; another month",
            sweep=sweep(
                delays=(
                    delay(1, "2026-09-01", "等配件下周到"),
                    delay(2, "2026-09-02", "道路施工审批中"),
                    delay(2, "2026-09-12", "道路施工审批中"),
                    delay(3, "2026-10-01", "忙"),
                )
            ),
            thresholds={"least": 1},
            found=(),
        ),
    ),
)
