"""Where an evaluation stands in its cycle, as its page shows it: the five steps, what may be done next, and why it may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.crud.access import may
from app.domain.appeals import OPEN, PARTLY, REJECTED, STATES, UPHELD
from app.domain.evaluation import APPEALS, COMPUTED, FINAL, PRELIMINARY, PUBLISHED, SUPERSEDED
from app.domain.refusals import N_
from app.domain.scorecard import AppealEntry, Check, Scorecard
from app.entities.appeal import TONES
from app.entities.evaluation import Evaluation
from app.entities.parameter import parameter
from app.queries.checks import all_checks
from app.queries.checks.base import BLOCKING
from app.queries.revisions import revisions_of
from app.services.evaluation_cycle import draft_of, why_not_final

AT = {COMPUTED: 1, PRELIMINARY: 3, APPEALS: 3, PUBLISHED: 5, FINAL: 5, SUPERSEDED: 5}
"""How many of the five steps are done."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One data check with its answer; ``href`` leads to the list of what to fix."""

    title: str
    count: int
    tone: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class AppealLine:
    """One appeal: who contests what, and what upholding it would give, or what it gave."""

    unit: str
    line: str
    state: str
    tone: str
    open: bool
    tickets: int
    gain: str
    good: bool
    href: str


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One revision of the period."""

    number: int
    state: str
    at: str
    reason: str
    href: str
    difference: str
    shown: bool


@dataclass(slots=True)
class CyclePage:
    """Everything the page says about the cycle. ``may`` names the verbs that are offered now."""

    steps: Sequence[tuple[str, str]]
    at: int
    checks: Sequence[CheckLine]
    blocked: bool
    appeals: Sequence[AppealLine]
    undecided: int
    per_unit: Sequence[tuple[str, int, int, int, int]]
    """Unit, and how many of its appeals were filed, upheld, partly upheld, rejected."""
    revisions: Sequence[RevisionLine]
    draft: RevisionLine | None
    may: frozenset[str]
    why: str
    why_title: str
    days: int


def cycle_page(session: Session, evaluation: Evaluation, card: Scorecard, writer: Words) -> CyclePage:
    """Build it for whoever is acting."""
    checks = [_check(card, one, writer) for one in card.checks]
    blocked = any(check.tone == "bad" for check in checks)
    draft = draft_of(session, evaluation.period) if may("restate", "Evaluation") else None
    appeals = [_appeal(one, writer) for one in card.appeals]
    shown = [_revision(row, evaluation, writer) for row in revisions_of(session, evaluation.period)]
    title, why = _why(session, evaluation, card, writer)
    return CyclePage(
        steps=_steps(evaluation, card, writer),
        at=_at(evaluation),
        checks=checks,
        blocked=blocked,
        appeals=appeals,
        undecided=sum(1 for one in appeals if one.open),
        per_unit=_per_unit(card, writer),
        revisions=shown if len(shown) > 1 else (),
        draft=next((line for line in shown if draft is not None and line.number == draft.revision), None),
        may=_verbs(session, evaluation, draft, blocked),
        why=why,
        why_title=title,
        days=int(parameter("appeal_days", "3")),
    )


def _at_once(evaluation: Evaluation) -> bool:
    """Whether the list went out, or follows one that went out, without a preliminary one."""
    return evaluation.preliminary_at is None and (evaluation.published_at is not None or evaluation.revision > 1)


def _at(evaluation: Evaluation) -> int:
    """How many steps are done; a prepared correction stands before its last one."""
    if evaluation.state == COMPUTED and evaluation.revision > 1:
        return 2 if _at_once(evaluation) else 4
    return AT[evaluation.state]


def _steps(evaluation: Evaluation, card: Scorecard, writer: Words) -> list[tuple[str, str]]:
    """The rail; a list that was published at once has no appeals."""
    hints = sum(1 for check in card.checks if check.count and check.severity != BLOCKING)
    blocks = sum(1 for check in card.checks if check.count and check.severity == BLOCKING)
    opened, until = evaluation.preliminary_at, evaluation.appeal_until
    checked = writer(N_("%(blocks)s blocking, %(hints)s hints"), blocks=blocks, hints=hints)
    taken = writer(N_("until %(until)s"), until=until) if until is not None else NOTHING
    heard = [(writer(N_("Preliminary list")), writer.moment(opened) if opened is not None else NOTHING), (writer(N_("Appeals")), taken)]
    return [
        (writer(N_("Computed")), writer.moment(evaluation.computed_at)),
        (writer(N_("Checked")), checked),
        *([] if _at_once(evaluation) else heard),
        (writer(N_("Final list")), writer.moment(evaluation.published_at) if evaluation.published_at is not None else NOTHING),
    ]


def _check(card: Scorecard, check: Check, writer: Words) -> CheckLine:
    tone = "ok" if not check.count else "bad" if check.severity == BLOCKING else "warn"
    known = check.code in all_checks() and check.count and check.code != "calendar"
    href = url_for("EvaluationScreen.findings", period=card.period.key, check=check.code, revision=card.revision) if known else ""
    return CheckLine(writer(check.title), check.count, tone, writer.phrase(check.note) if check.note and check.count else "", href)


def _appeal(entry: AppealEntry, writer: Words) -> AppealLine:
    before, after = entry.score
    gain = None if before is None or after is None else Decimal(after - before)
    return AppealLine(
        unit=writer.names(entry.unit),
        line=writer.phrase(entry.title),
        state=writer(STATES[entry.state]),
        tone=TONES[entry.state],
        open=entry.state == OPEN,
        tickets=len(entry.tickets),
        gain=NOTHING if gain is None else writer.change(gain),
        good=gain is not None and gain > 0,
        href=url_for("AppealScreen.show", pk=entry.number),
    )


def _per_unit(card: Scorecard, writer: Words) -> list[tuple[str, int, int, int, int]]:
    """Statistics of the appeals one may see, in order of first filing."""
    names = {entry.unit_code: writer.names(entry.unit) for entry in card.appeals}
    counts = Counter((entry.unit_code, entry.state) for entry in card.appeals)
    filed = Counter(entry.unit_code for entry in card.appeals)
    return [(name, filed[code], counts[code, UPHELD], counts[code, PARTLY], counts[code, REJECTED]) for code, name in names.items()]


def _revision(row: Evaluation, shown: Evaluation, writer: Words) -> RevisionLine:
    when = row.computed_at if row.state == COMPUTED else row.published_at or row.preliminary_at or row.computed_at
    return RevisionLine(
        number=row.revision,
        state=row.state,
        at=writer.moment(when),
        reason=writer(row.reason) if row.reason else "",
        href=url_for("EvaluationScreen.period", period=row.period, revision=row.revision),
        difference=url_for("EvaluationScreen.difference", period=row.period, revision=row.revision) if row.revision > 1 else "",
        shown=row.id == shown.id,
    )


def _verbs(session: Session, evaluation: Evaluation, draft: Evaluation | None, blocked: bool) -> frozenset[str]:
    found: set[str] = set()
    first = evaluation.state == COMPUTED and evaluation.revision == 1
    if first and may("compute", "Evaluation"):
        found.add("compute")
    if may("publish", "Evaluation"):
        if first:
            found.add("locked" if blocked else "publish")
        elif evaluation.state in (PRELIMINARY, APPEALS):
            found.add("final" if why_not_final(session, evaluation) is None else "locked-final")
    if may("restate", "Evaluation"):
        if evaluation.state in (PUBLISHED, FINAL):
            found.add("restate")
        if draft is not None and evaluation.id == draft.id:
            found.add("publish-draft")
    return frozenset(found)


def _why(session: Session, evaluation: Evaluation, card: Scorecard, writer: Words) -> tuple[str, str]:
    """One sentence that says what keeps the list back, or what comes next; with its heading."""
    if evaluation.state == COMPUTED:
        bad = [writer(check.title) for check in card.checks if check.count and check.severity == BLOCKING]
        if bad:
            return writer(N_("Why it cannot be published")), writer(N_("Not yet publishable: %(problems)s"), problems=bad)
        return "", ""
    if evaluation.state in (PRELIMINARY, APPEALS):
        refused = why_not_final(session, evaluation)
        if refused is not None:
            return writer(N_("Why the final list cannot be published yet")), writer.phrase(refused.phrase)
        return writer(N_("The final list")), writer(N_("The time for appeals is over and every appeal is decided: it can be published."))
    return "", ""


def open_now(evaluation: Evaluation) -> bool:
    """Whether the list takes appeals at this moment."""
    until = evaluation.appeal_until
    return evaluation.state in (PRELIMINARY, APPEALS) and until is not None and now() < until
