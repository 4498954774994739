"""Whether the schemes of this installation still prove themselves: the golden cases of every approved version, run now."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import N_, Phrase, Refused
from app.domain.scheme_case import Outcome, run_cases, said
from app.entities.scheme_version import SchemeVersion
from app.queries.health import Finding

TITLE = N_("Golden cases of schemes")


def scheme_finding(session: Session) -> Finding:
    """All cases of all approved versions; the first that fails is told. Versions from before there were cases are counted."""
    versions = list(session.execute(select(SchemeVersion).where(SchemeVersion.state == "approved")).scalars())
    outcomes = [(version, outcome) for version in versions for outcome in _outcomes(version)]
    for version, outcome in outcomes:
        if not outcome.passed:
            return Finding("schemes", TITLE, False, Phrase(N_("%(version)s: %(case)s"), version=version.label(), case=said(outcome)))
    without = sum(not version.cases for version in versions)
    if without:
        detail = Phrase(N_("%(count)d come out; %(without)d approved versions have none"), count=len(outcomes), without=without)
    else:
        detail = Phrase(N_("%(count)d come out"), count=len(outcomes))
    return Finding("schemes", TITLE, True, detail)


def _outcomes(version: SchemeVersion) -> tuple[Outcome, ...]:
    cases = [case.value() for case in version.cases]
    try:
        return run_cases(cases, version.value(), version.scheme.group)
    except Refused as refused:
        return tuple(Outcome(case, False, None, refused.phrase) for case in cases)
