"""What an indicator is: a judge that looks at one duty at a time and says which figure it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from fractions import Fraction

from app.domain.facts import Fact
from app.domain.period import Period
from app.domain.refusals import N_


class Verdict(Enum):
    """Where a duty stands for one indicator in one period."""

    OUT = "out"
    """Not concerned: another month, another kind of duty."""
    HIT = "hit"
    """In numerator and denominator."""
    MISS = "miss"
    """In the denominator only."""
    PENDING = "pending"
    """Could still go either way at the cut-off: counted nowhere, shown as pending."""
    UNKNOWN = "unknown"
    """The source does not record what it takes: counted nowhere, and said so."""
    EXCLUDED = "excluded"
    """Taken out by an approved exclusion."""


@dataclass(frozen=True, slots=True)
class Golden:
    """A worked example that travels with the indicator: facts in, expected integers out."""

    title: str
    period: Period
    as_of: datetime
    facts: tuple[Fact, ...]
    n: int
    d: int
    pending: int = 0
    unknown: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Indicator:
    """The definition of one figure (domain handbook §2.3).

    ``counts`` says, per group, which kinds of duty the figure is about. ``judge`` sees only such duties,
    already cleared of exclusions. ``direction`` is +1 where more is better, -1 where less is, 0 where
    neither. ``form`` is ``rate`` (n of d) or ``share`` (n is a volume, d the whole it is part of).
    ``time_role`` names the moment that puts a duty into a month. ``needs`` lists what the source must
    record for it (``facts``). A round whose return was approved is void for the unit (§2.8) and only figures
    with ``counts_returned`` see it. ``nothing`` says that there was nothing to count. All texts are English message ids.
    """

    code: str
    position: int
    name: str
    numerator: str
    denominator: str
    time_role: str
    clock: str
    basis: str
    counts: Mapping[str, tuple[str, ...]]
    judge: Callable[[Fact, Period, datetime], Verdict]
    direction: int = 1
    form: str = "rate"
    needs: tuple[str, ...] = ()
    counts_returned: bool = False
    nothing: str = N_("Nothing fell due")
    note: str = ""
    golden: tuple[Golden, ...] = ()

    def verdict(self, fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """Judge one duty: is it of this kind, did it stand at the cut-off, is it excluded, and where does it count."""
        if fact.kind not in self.counts.get(fact.group, ()) or fact.reported_at > as_of:
            return Verdict.OUT
        if fact.returned == "approved" and not self.counts_returned:
            return Verdict.OUT
        found = self.judge(fact, period, as_of)
        if found in (Verdict.HIT, Verdict.MISS) and (self.code in fact.excluded or "*" in fact.excluded):
            return Verdict.EXCLUDED
        return found


@dataclass(slots=True)
class Count:
    """What an indicator counted for one unit: two integers, and what was left out and why.

    ``lacking`` names what the sources of the ``unknown`` duties never recorded.
    """

    n: int = 0
    d: int = 0
    pending: int = 0
    unknown: int = 0
    excluded: int = 0
    lacking: set[str] = field(default_factory=set)

    @property
    def rate(self) -> Fraction | None:
        """The exact fraction, or ``None`` where nothing fell due."""
        return Fraction(self.n, self.d) if self.d else None

    @property
    def left_out(self) -> int:
        """How many duties are counted nowhere although they concern the figure."""
        return self.pending + self.unknown + self.excluded

    def add(self, verdict: Verdict, lacking: Iterable[str] = ()) -> None:
        """Count one more verdict; ``lacking`` is what its source does not record."""
        if verdict is Verdict.HIT:
            self.n += 1
            self.d += 1
        elif verdict is Verdict.MISS:
            self.d += 1
        elif verdict is Verdict.PENDING:
            self.pending += 1
        elif verdict is Verdict.UNKNOWN:
            self.unknown += 1
            self.lacking.update(lacking)
        elif verdict is Verdict.EXCLUDED:
            self.excluded += 1


def count(indicator: Indicator, facts: Iterable[Fact], period: Period, as_of: datetime) -> Count:
    """Count ``facts`` (of one unit) for one indicator."""
    result = Count()
    for fact in facts:
        result.add(indicator.verdict(fact, period, as_of), fact.unknown.intersection(indicator.needs))
    return result


@dataclass(frozen=True, slots=True)
class Marks:
    """The verdicts of one duty under several indicators, as the evidence ledger prints them."""

    fact: Fact
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
