"""The steps at a ticket's end: claims, verification, review, rework, and opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.demo.accounts import CENTRE
from app.demo.calling_steps import Stands
from app.demo.chance import Curve
from app.demo.closing import Claim
from app.demo.rating_steps import Close, rating_steps
from app.demo.scribe import Scribe
from app.domain.actors import Actor

CLAIMED_FIRST = 0.3
"""How often a sub-centre's own clerk claims and another one verifies."""

VERIFIED = {True: (4.0, 40.0), False: (15.0, 150.0)}
"""Minutes from claim to verification: within the sub-centre, and from a department's claim."""

SENT_BACK = 0.5
"""How often a refused claim of a department is refused by the sub-centre already."""

REOPENED = 0.006
REOPENED_AFTER = (1, 14)
AGAIN: Curve = ((0, 60), (0.6, 300), (1, 900))
LOOKED: Curve = ((0, 20), (0.6, 150), (1, 500))


def closing_steps(s: Scribe, handler: Actor, unit: str, begun: datetime, parts: Sequence[Stands]) -> None:
    """From the first claim to the archive, and for a few once more."""
    closed, ending = s.plan.closed, s.plan.ending
    close = Close(closed.claims, closed.review_at, closed.reviewed_at, ending.result, s.plan.opinion, closed.rating, closed.rated_at)
    archived = _close(s, handler, unit, begun, close, [part for part in parts if part.valid])
    if s.plan.incident is None and not parts and s.often(REOPENED):
        days = REOPENED_AFTER[0] + s.chance.random() * (REOPENED_AFTER[1] - REOPENED_AFTER[0])
        again = s.desk.office.next_open(archived + timedelta(seconds=int(86_400 * days)))
        s.add(again, s.staff.officer(s.chance), "reopen", reason=s.phrase("reopen"), **s.due_said(again))
        done = s.later(again, AGAIN)
        review = s.later(done, LOOKED)
        _close(s, handler, unit, again, Close([Claim(done)], review, s.later(review, LOOKED), "solved", s.plan.opinion), [])


def _close(s: Scribe, handler: Actor, unit: str, begun: datetime, close: Close, parts: Sequence[Stands]) -> datetime:
    """Claims until one passes the review, ratings, archive; the moment of the archive."""
    verifier = handler
    for claim in close.claims:
        sent_back = claim.refused_at is not None and unit != s.plan.report.street_town and s.often(SENT_BACK)
        verifier = _complete(s, handler, unit, begun, claim, close, only_claim=sent_back)
        if claim.refused_at is None or claim.looked_at is None:
            continue
        begun = claim.refused_at
        if sent_back:
            s.add(claim.refused_at, verifier, "reject_claim", reason=s.phrase("claim_refused"))
            continue
        reviewer = s.staff.officer(s.chance, handler, verifier)
        s.add(claim.looked_at, reviewer, "take_review")
        s.add(claim.refused_at, reviewer, "fail_review", reason=s.phrase("rework"))
    reviewer = s.staff.officer(s.chance, handler, verifier)
    s.add(close.review_at, reviewer, "take_review")
    note = s.phrase("review_note") if s.often(0.2) else None
    s.add(close.reviewed_at, reviewer, "pass_review", checks=["evidence", "opinion"], note=note)
    return rating_steps(s, close, parts)


def _complete(s: Scribe, handler: Actor, unit: str, begun: datetime, claim: Claim, close: Close, *, only_claim: bool) -> Actor:
    """The claim where one is made, and its verification; who verified."""
    own = unit == s.plan.report.street_town
    verifier = s.staff.officer(s.chance, handler) if unit == CENTRE else s.staff.clerk(s.plan.report.street_town, s.chance, handler)
    if only_claim:
        s.add(max(begun, claim.made_at), handler, "claim_done", result=close.result, note=s.phrase("claimed"))
        return verifier
    if own and not s.often(CLAIMED_FIRST):
        s.add(max(begun, claim.made_at), handler, "complete", opinion=close.opinion, result=close.result)
        return handler
    claimed = s.before(claim.made_at, VERIFIED[own], begun)
    s.add(claimed, handler, "claim_done", result=close.result, note=s.phrase("claimed"))
    s.add(max(claimed, claim.made_at), verifier, "complete", opinion=close.opinion)
    return verifier
