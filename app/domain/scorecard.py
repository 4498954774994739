"""The scorecard as a value: everything a page, a sheet or a program needs of one evaluation, already decided.

Screens, REST, the workbook and the PDF all read this and compute nothing, so no two of them can disagree.
Texts that come from master data carry both languages (``Names``); texts of ours are message ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.domain.period import Period
from app.domain.refusals import Phrase


@dataclass(frozen=True, slots=True)
class Names:
    """A name per language; English falls back to Chinese, and says so."""

    zh: str
    en: str = ""

    def in_(self, language: str) -> str:
        """The name in ``language`` (``zh`` or ``en``), or the Chinese one."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def missing(self, language: str) -> bool:
        """Whether the name had to be borrowed from the other language."""
        return not (self.en if language == "en" else self.zh)


BASIC, BONUS, DEDUCTION = "basic", "bonus", "deduction"
SECTIONS = (BASIC, BONUS, DEDUCTION)
"""Parts of a sheet (基本项 · 加分项 · 扣分项; handbook §2.4). Basic weights are points to be earned and sum to the full marks;
the weight of a bonus or a deduction line is the most it can give or take."""

NO_APPEAL, DISPUTE, DECLARE, EITHER = "none", "dispute", "declare", "both"
APPEALS = (NO_APPEAL, DISPUTE, DECLARE, EITHER)
"""What a unit may bring forward about a line: nothing, that it was counted wrongly (申诉), a known obstacle beforehand (申报), or both."""

MANUAL = "manual"
"""The shape of lines that no indicator measures: their points are entered by hand, with a note (handbook §2.4, shape 12)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a scheme version: a figure and how it turns into points.

    ``code`` is its own within the version; ``measure`` the indicator behind it (empty: called like the line), so that one figure may
    stand in two lines. ``names`` is the line's own name where it has one. Every case is ``parts`` of its integers.
    """

    code: str
    name: str
    weight: Fraction
    shape: str = "rate"
    params: Mapping[str, str] = field(default_factory=dict)
    na_policy: str = "redistribute"
    target: Fraction | None = None
    direction: int = 1
    form: str = "rate"
    parts: int = 1
    measure: str = ""
    names: Names | None = None
    section: str = BASIC
    appeal: str = EITHER

    @property
    def measured(self) -> str:
        """The code of the indicator behind the line, empty for a manual line."""
        return "" if self.shape == MANUAL else self.measure or self.code

    @property
    def title(self) -> Phrase:
        """What the line is called: its own name, else the indicator's."""
        return Phrase(self.name) if self.names is None else Phrase("%(names)s", names=self.names)


@dataclass(frozen=True, slots=True)
class LineScore:
    """One unit's figure under one line.

    ``n``/``d`` are the counted integers. ``full`` is what the line could earn at most towards the full marks: the weight after the
    weights of lines without a figure were spread over the others, and 0 for bonus and deduction lines. ``points`` are the exact
    points; a deduction's are below 0, a bonus stands above its ``full``, so that points always sum to the uncapped total and what is
    ``lost`` leads from the full marks to it. Both are ``None`` where the line does not apply, and ``why`` then says why. ``rank`` is
    the place of this line alone in the group. ``median`` and ``p90`` are whole seconds (nearest rank); ``previous`` and
    ``year_before`` the rates of the period before and a year ago. ``note`` was written to points by hand; ``low``–``high`` is the interval.
    """

    code: str
    n: int
    d: int
    weight: Fraction
    full: Fraction | None
    points: Fraction | None
    why: Phrase | None = None
    pending: int = 0
    unknown: int = 0
    excluded: int = 0
    small: bool = False
    previous: Fraction | None = None
    rank: int | None = None
    median: int | None = None
    p90: int | None = None
    year_before: Fraction | None = None
    note: str = ""
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def rate(self) -> Fraction | None:
        """n/d as an exact fraction, ``None`` where d is 0; of a duration the mean in seconds."""
        return Fraction(self.n, self.d) if self.d else None

    @property
    def lost(self) -> Fraction | None:
        """Points missing to ``full``; below 0 where a bonus was earned."""
        return None if self.points is None or self.full is None else self.full - self.points


@dataclass(frozen=True, slots=True)
class Past:
    """A unit's result in an earlier evaluation, frozen with this one for its trend."""

    key: str
    score: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One unit's line in the ranking. ``score`` is what is published: two decimals, rounded half up.

    ``raw`` is the exact total within its bounds, ``uncapped`` what it was before; ``margin``, ``noise``: see ``app.domain.fairness``.
    """

    unit_id: int
    code: str
    source_code: str
    names: Names
    lines: Mapping[str, LineScore]
    raw: Fraction | None
    score: Decimal | None
    rank: int | None
    previous_rank: int | None = None
    history: tuple[Past, ...] = ()
    apart: Phrase | None = None
    uncapped: Fraction | None = None
    size: Fraction | None = None
    margin: Fraction | None = None
    noise: bool = False

    @property
    def moved(self) -> int | None:
        """Places gained (+) or lost (−) against the previous evaluation."""
        return None if self.rank is None or self.previous_rank is None else self.previous_rank - self.rank


@dataclass(frozen=True, slots=True)
class Group:
    """The units that are compared with each other, under one scheme version.

    ``units`` are ranked, best first; ``apart`` had nothing due and are listed, not ranked;
    ``total`` sums the integers over all units of the group. ``bonus_cap`` is how far above the full marks a total may rise.
    """

    code: str
    names: Names
    scheme: Names
    scheme_version: int
    full_marks: Fraction
    lines: tuple[Line, ...]
    units: tuple[UnitScore, ...]
    apart: tuple[UnitScore, ...]
    total: Mapping[str, tuple[int, int]]
    bonus_cap: Fraction = Fraction(0)
    min_sample: int = 3
    ties: str = "dense"


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator as the reader sees it; texts are message ids."""

    code: str
    name: str
    numerator: str
    denominator: str
    time_role: str
    clock: str
    basis: str
    direction: int
    note: str = ""
    excludes: str = ""
    na_policy: str = ""
    rounding: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question put to the data before publishing; ``count`` rows answer it badly."""

    code: str
    title: str
    severity: str
    count: int
    note: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One ticket as the evidence ledger prints it: once, with every figure it counts in, per group.

    ``marks`` maps ``(group, unit code, indicator code)`` to a verdict's value (``hit``, ``most``, ``some``, ``half``,
    ``miss``, ``pending``, ``unknown``, ``excluded``).
    """

    ticket_id: int
    ticket_no: str
    source: str
    source_no: str
    reported_at: datetime
    due_at: datetime | None
    completed_at: datetime | None
    street_town: Names
    handler: Names
    matter: Names
    outcome: str
    marks: Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class AppealEntry:
    """One appeal against a list of the period, as sheets print it.

    ``kind`` and ``state`` are codes of ``app.domain.appeals``; ``tickets`` and ``granted`` are numbers of tickets named and decided for.
    ``score`` is the unit's total before and after, as it was told with the decision (or, undecided, as upholding would make it).
    """

    number: int
    group: str
    unit_code: str
    unit: Names
    line: str
    title: Phrase
    kind: str
    state: str
    filed_at: datetime
    decided_at: datetime | None
    tickets: tuple[str, ...]
    granted: tuple[str, ...]
    text: str
    opinion: str
    score: tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One evaluation of one period, frozen (or provisional, and then marked so).

    ``reason`` says why a later revision was made; ``excluded`` is the number of tickets that are out of some figure.
    """

    period: Period
    district: Names
    product: Names
    state: str
    revision: int
    as_of: datetime
    computed_at: datetime
    published_at: datetime | None
    published_by: str
    list_version: str
    calendar_version: str
    snapshot_hash: str
    url: str
    demo: bool
    notes: tuple[Phrase, ...]
    groups: tuple[Group, ...]
    definitions: tuple[Definition, ...]
    checks: tuple[Check, ...]
    tickets: int
    evidence: Callable[[], Iterator[Evidence]] = field(repr=False, default=lambda: iter(()))
    reason: str = ""
    excluded: int = 0
    appeals: tuple[AppealEntry, ...] = ()
    difference: Callable[[], Any] = field(repr=False, default=lambda: None)
    """What this revision changed against the one before: a ``app.domain.difference.Difference``, or ``None`` for a first one."""

    def group(self, code: str) -> Group:
        """The group called ``code``; ``KeyError`` when the evaluation has none."""
        for group in self.groups:
            if group.code == code:
                return group
        raise KeyError(code)
