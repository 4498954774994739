"""What an evaluation's definitions have in common: what is left out, what stands without a figure, how it rounds; each rule once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.languages import Words
from app.domain.refusals import N_
from app.domain.scorecard import Definition, Scorecard
from reports.voice import Voice

LEFT_OUT, NO_FIGURE, ROUNDING = N_("Left out"), N_("No figure"), N_("Rounding")


@dataclass(frozen=True, slots=True)
class CommonRule:
    """One rule and the indicators that follow it; no ``holders`` means that all of them do."""

    about: str
    text: str
    holders: tuple[Definition, ...]


def common_rules(scorecard: Scorecard) -> list[CommonRule]:
    """The rules in the order of the definitions; an evaluation that froze none of them has none."""
    found: list[CommonRule] = []
    for about, texts in (
        (LEFT_OUT, [(one.excludes, one) for one in scorecard.definitions]),
        (NO_FIGURE, [(one.na_policy, one) for one in scorecard.definitions]),
        (ROUNDING, [(one.rounding, one) for one in scorecard.definitions]),
    ):
        found += _grouped(about, [(text, one) for text, one in texts if text])
    return found


def _grouped(about: str, texts: Sequence[tuple[str, Definition]]) -> list[CommonRule]:
    """Equal texts once, each with those it holds for."""
    holders: dict[str, list[Definition]] = {}
    for text, one in texts:
        holders.setdefault(text, []).append(one)
    alone = len(holders) == 1
    return [CommonRule(about, text, () if alone else tuple(who)) for text, who in holders.items()]


def held_by(rule: CommonRule, rules: Sequence[CommonRule], voice: Voice) -> str:
    """Whom the rule holds for: all, those named, or where most follow it all but those that another one names."""

    def speak(words: Words) -> str:
        if not rule.holders:
            return words(N_("all indicators"))
        others = [one for other in rules if other.about == rule.about and other is not rule for one in other.holders]
        if len(rule.holders) > len(others):
            return words(N_("all indicators but those named with other rules"))
        return words.listing([words(one.name) for one in rule.holders])

    return voice.tell(speak)
