"""What an indicator is: a judge that looks at one duty at a time and says which figure it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.counts import COUNTED, Count, Verdict
from app.domain.facts import DEPARTMENT, ENTERPRISE, Fact, Mark
from app.domain.period import Period
from app.domain.refusals import N_

__all__ = ["COUNTED", "Count", "Golden", "Indicator", "Marks", "Verdict", "count", "spoken", "unrecorded"]


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


LEFT_OUT = N_("Void and merged tickets, rounds returned with approval, and what an approved exclusion names")
NO_FIGURE = N_("No figure, never 0 and never 100: its weight is spread over the other lines, unless the scheme says otherwise")
ROUNDINGS = {
    "rate": N_("Two whole numbers; shown in percent with two decimals, rounded half up"),
    "flow": N_("Two whole numbers; shown in percent with two decimals, rounded half up; may exceed 100 %"),
    "share": N_("Two whole numbers; shown in percent with two decimals, rounded half up"),
    "duration": N_("Whole seconds; mean of the numbers, median and 90th percentile by nearest rank"),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """The definition of one figure (domain handbook §2.3).

    ``counts`` says, per group, which kinds of duty the figure is about. ``judge`` sees only such duties,
    already cleared of exclusions. ``direction`` is +1 where more is better, -1 where less is, 0 where
    neither. ``form`` is ``rate`` (n of d), ``share`` (n is a volume, d the whole it is part of), ``flow`` (n went out, d came in;
    n may exceed d) or ``duration`` (n is the sum of seconds that d duties took). ``seconds`` says how long a counted duty took, in
    whole seconds, ``None`` where that is not known. ``time_role`` names the moment that puts a duty into a month. ``needs`` lists
    what the source must record for it (``facts``). A round whose return was approved is void for the unit (§2.8) and
    only figures with ``counts_returned`` see it; only a figure with ``counts_excluded`` still counts what was excluded.
    ``parts`` says into how many parts a case falls, where one may count in part (2 where it may count half, 5 where fifths):
    numerator and denominator are then numbers of parts, so that they stay whole numbers and the rate stays exact. ``nothing`` says
    that there was nothing to count; ``moments`` are what somebody who opens the figure wants to see. ``excludes``, ``na_policy`` and
    ``rounding`` say what never counts, what stands where nothing counted, and how it rounds. All texts are English message ids.

    A judge looks at everything but whose duty it is (``alike.UNSEEN``), and compares moments with one another, with the bounds of
    the period and with the cut-off; where it compares with a moment some time after one of them, ``makes`` names that moment and the time.
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
    counts_excluded: bool = False
    parts: int = 1
    seconds: Callable[[Fact], int | None] | None = None
    nothing: str = N_("Nothing fell due")
    note: str = ""
    excludes: str = LEFT_OUT
    na_policy: str = NO_FIGURE
    rounding: str = ""
    makes: tuple[tuple[str, timedelta], ...] = ()
    moments: tuple[str, ...] = ("reported_at", "dispatched_at", "signed_at", "due_at", "completed_at")
    golden: tuple[Golden, ...] = ()

    def verdict(self, fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """Judge one duty: is it of this kind, did it stand at the cut-off, is it excluded, and where does it count."""
        if fact.kind not in self.counts.get(fact.group, ()) or fact.began_at > as_of:
            return Verdict.OUT
        return self.judged(fact, period, as_of)

    def judged(self, fact: Fact, period: Period, as_of: datetime) -> Verdict:
        """The same, of a duty that is known to be of this kind and to have come up by the cut-off."""
        if fact.returned == "approved" and not self.counts_returned:
            return Verdict.OUT
        found = self.judge(fact, period, as_of)
        if fact.excluded and found in COUNTED and not self.counts_excluded and (self.code in fact.excluded or "*" in fact.excluded):
            return Verdict.EXCLUDED
        return found

    def __post_init__(self) -> None:
        if DEPARTMENT in self.counts:  # what is counted for departments is counted for enterprises
            object.__setattr__(self, "counts", {**self.counts, ENTERPRISE: self.counts[DEPARTMENT]})

    @property
    def rounded(self) -> str:
        """How the figure is kept and shown (handbook §2.3)."""
        return self.rounding or ROUNDINGS[self.form]

    def tally(self) -> Count:
        """An empty count for this figure."""
        return Count(parts=self.parts, duration=self.form == "duration")

    def add(self, tally: Count, facts: Sequence[Fact], verdict: Verdict) -> None:
        """Count duties with one verdict, whose sources record the same, with what is not recorded and how long each took."""
        if verdict is Verdict.UNKNOWN:
            tally.add(verdict, facts[0].unknown.intersection(self.needs), times=len(facts))
        elif self.seconds is None or verdict not in COUNTED:
            tally.add(verdict, times=len(facts))
        else:
            for fact in facts:
                tally.add(verdict, (), self.seconds(fact))


def unrecorded(fact: Fact, period: Period, *names: str) -> Verdict:
    """Unknown, where the duty's source never records ``names``; otherwise it does not concern the figure."""
    return Verdict.UNKNOWN if fact.lacks(*names) and period.holds(fact.due_or_reported) else Verdict.OUT


def spoken(mark: Mark | None, period: Period, as_of: datetime) -> Verdict:
    """Whether what one side of a call said of the other counts now: a hit, pending while it may still be said, otherwise not at all.

    What is said but not yet open to both sides is pending too, so that no figure gives it away. Whoever said nothing in time
    is neutral here (handbook §2.11).
    """
    if mark is None or mark.state == "annulled":
        return Verdict.OUT
    if mark.state == "given" and period.takes(mark.closed_at, mark.open_at, as_of):
        return Verdict.HIT
    awaited = mark.open_at if mark.state == "given" else mark.due_at
    waits = awaited is not None and awaited > as_of and mark.closed_at is not None and mark.closed_at <= as_of
    return Verdict.PENDING if waits and period.holds(mark.closed_at) else Verdict.OUT


def count(indicator: Indicator, facts: Iterable[Fact], period: Period, as_of: datetime) -> Count:
    """Count ``facts`` (of one unit) for one indicator."""
    result = indicator.tally()
    for fact in facts:
        indicator.add(result, (fact,), indicator.verdict(fact, period, as_of))
    return result


@dataclass(frozen=True, slots=True)
class Marks:
    """The verdicts of one duty under several indicators, as the evidence ledger prints them."""

    fact: Fact
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
