"""All indicators as a page: what each counts, when, on which clock, what is left out, how it rounds, and examples with answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.languages import NOTHING, Words
from app.core.languages import words as writer_of
from app.domain.attribution import TIME_ROLES
from app.domain.case_rows import row_of
from app.domain.case_words import (
    CHINESE,
    CHOICE,
    EXCLUSION,
    FLAG,
    MARK_WORDS,
    MOMENT,
    MOMENTS,
    NAMES,
    SAID,
    UNKNOWNS,
    WHOLE,
    WORDS,
    Word,
)
from app.domain.facts import CALL, CASE, ROUND
from app.domain.indicators import Golden, Indicator, all_indicators
from app.domain.refusals import N_
from app.queries.schemes import InForce

KINDS = {CASE: N_("whole tickets"), ROUND: N_("assignment rounds"), CALL: N_("calls")}
FORMS = {
    "rate": N_("A rate: numerator ÷ denominator, kept as two whole numbers, shown in percent with two decimals, rounded half up"),
    "share": N_("A share: the unit's volume ÷ the group's, kept as two whole numbers, shown in percent with two decimals, rounded half up"),
    "flow": N_("A flow: what went out ÷ what came in, kept as two whole numbers, shown in percent with two decimals; may exceed 100 %"),
    "duration": N_("A duration: the mean of the times that duties took, in whole seconds; median and 90th percentile by nearest rank"),
}
DIRECTIONS = {1: N_("More is better"), -1: N_("Less is better"), 0: N_("Neither more nor less is better")}
IN_PARTS = {
    2: N_("A case may count half, so figures are kept in half cases"),
    5: N_("A case may count in fifths, and figures are kept in fifths"),
}
POLICIES = {
    "redistribute": N_("weight spread over the other lines"),
    "full": N_("full marks"),
    "exclude_unit": N_("unit listed apart"),
}
EXCLUDED = N_("Void and merged tickets never count. What an approved exclusion takes out is shown with its reason, never hidden.")
RETURNED = N_("A round whose return was approved does not count for the unit.")


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: duties as rows, and what comes out."""

    period: str
    as_of: str
    rows: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator: its names and its definition as (label, text) pairs."""

    code: str
    name: str
    other_name: str
    direction: str
    facts: tuple[tuple[str, str], ...]
    examples: tuple[Example, ...]


def indicator_page(used: Iterable[InForce], writer: Words) -> list[Entry]:
    """Every indicator in the handbook's order; ``used`` are the scheme versions in force, which say where it counts."""
    uses = _uses(used, writer)
    return [_entry(measure, uses.get(measure.code, ()), writer) for measure in all_indicators().values()]


TAKES = {
    MOMENT: N_("a time: 2026-09-10 or 2026-09-10 17:30"),
    MOMENTS: N_("times, with semicolons between them"),
    WHOLE: N_("a whole number"),
    FLAG: N_("nothing; the word alone"),
    NAMES: N_("what the source does not record: %(options)s"),
    EXCLUSION: N_("a line's code or * and a reason"),
    SAID: N_("what the other side said after a call: %(options)s"),
}
"""What stands behind a word of a worked example."""


def vocabulary(writer: Words) -> list[tuple[str, str, str]]:
    """Every word of worked examples: in the reader's language, in the other one, and what stands behind it."""
    own, others = _words(writer.language), _words("en" if writer.language == "zh" else "zh")
    return [(writer.listing(said), writer.listing(others.get(key, [])), _takes(WORDS[said[0]], writer)) for key, said in own.items()]


def _words(language: str) -> dict[tuple[str, bool], list[str]]:
    found: dict[tuple[str, bool], list[str]] = {}
    for text, word in WORDS.items():
        if (text in CHINESE) == (language == "zh"):
            found.setdefault((word.field, word.value), []).append(text)
    return found


def _takes(word: Word, writer: Words) -> str:
    chinese = writer.language == "zh"
    if word.takes == CHOICE:
        return writer.listing([text for text in word.options or {} if text.isascii() != chinese])
    if word.takes == SAID:
        return writer(TAKES[SAID], options=[text for text in MARK_WORDS if text.isascii() != chinese])
    return writer(TAKES[word.takes], options=sorted(UNKNOWNS)) if word.takes == NAMES else writer(TAKES[word.takes])


def _uses(used: Iterable[InForce], writer: Words) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in used:
        for line in one.scheme.lines:
            scheme = f"{writer.names(one.scheme.names)} {one.scheme.version}"
            said = N_("%(scheme)s: %(points)s points, no figure: %(policy)s") if line.weight else N_("%(scheme)s: shown, not scored")
            policy = writer(POLICIES.get(line.na_policy, line.na_policy))
            found.setdefault(line.measured, []).append(writer(said, scheme=scheme, points=writer.decimal(line.weight), policy=policy))
    return found


def _entry(measure: Indicator, uses: Sequence[str], writer: Words) -> Entry:
    other = writer_of("en" if writer.language == "zh" else "zh")
    kinds = [kind for group in measure.counts.values() for kind in group]
    left_out = [writer(EXCLUDED), *([] if measure.counts_returned else [writer(RETURNED)])]
    rounding = [writer(FORMS[measure.form]), *([writer(IN_PARTS[measure.parts])] if measure.parts in IN_PARTS else [])]
    facts = (
        (N_("Numerator"), writer(measure.numerator)),
        (N_("Denominator"), writer(measure.denominator)),
        (N_("Counts"), writer.listing([writer(KINDS[kind]) for kind in dict.fromkeys(kinds)])),
        (N_("Time role"), writer(TIME_ROLES.get(measure.time_role, measure.time_role))),
        (N_("Clock"), writer(measure.clock)),
        (N_("Left out"), "\n".join(left_out)),
        (
            N_("No figure"),
            writer(
                N_("“%(sentence)s”: said instead of a zero, and scored as the line of the scheme says"), sentence=writer(measure.nothing)
            ),
        ),
        (N_("Rounding"), "\n".join(rounding)),
        (N_("Basis"), writer(measure.basis)),
        (N_("Note"), writer(measure.note) if measure.note else ""),
        (N_("In force"), "\n".join(uses) or writer(N_("In no scheme version that is in force"))),
    )
    return Entry(
        code=measure.code,
        name=writer(measure.name),
        other_name=other(measure.name),
        direction=writer(DIRECTIONS[measure.direction]),
        facts=tuple((writer(label), text) for label, text in facts if text),
        examples=tuple(_example(golden, measure, writer) for golden in measure.golden),
    )


def _example(golden: Golden, measure: Indicator, writer: Words) -> Example:
    zone = golden.period.zone
    counted = writer(N_("%(n)s of %(d)s"), n=golden.n, d=golden.d) if golden.d else writer(measure.nothing)
    apart = [
        writer(said, count=count)
        for said, count in (
            (N_("%(count)d pending"), golden.pending),
            (N_("%(count)d not recorded"), golden.unknown),
            (N_("%(count)d excluded"), golden.excluded),
        )
        if count
    ]
    return Example(
        period=writer.month(golden.period),
        as_of=writer.moment(golden.as_of),
        rows=tuple(row_of(fact, writer.language, zone) for fact in golden.facts) or (NOTHING,),
        answer=writer.listing([counted, *apart]),
    )
