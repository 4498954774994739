"""The three evaluations (三方评价) and the follow-up: each once per round, the two units blind to each other until both have spoken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.acts import Doing
from app.domain.acts.closing import reveal
from app.domain.casefile import OPEN, PUBLIC, TO_DEPARTMENT, TO_STREET_TOWN, CaseFile, FollowUp, Rating
from app.domain.refusals import N_, Refused

GIVEN, ANNULLED = "given", "annulled"


def awaited(case: CaseFile, kind: str, doing: Doing) -> list[Rating]:
    """Ratings of a kind that wait for the actor: for its units, or for the citizen; never those of the actor's own unit."""
    return [
        rating
        for rating in case.ratings
        if rating.kind == kind
        and rating.state == OPEN
        and (rating.rater_id is None or (rating.rater_id in doing.units and rating.rated_id != doing.actor.unit_id))
        and (doing.part is None or rating.part == doing.part.key)
    ]


# --- conditions ---------------------------------------------------------------------------------------------


def department_awaits(case: CaseFile, doing: Doing) -> Refused | None:
    """This street-town has a department to rate."""
    return None if awaited(case, TO_DEPARTMENT, doing) else _nothing()


def street_town_awaits(case: CaseFile, doing: Doing) -> Refused | None:
    """This department has a call to judge."""
    return None if awaited(case, TO_STREET_TOWN, doing) else _nothing()


def citizen_awaits(case: CaseFile, doing: Doing) -> Refused | None:
    """The citizen has not rated this round yet, and its time has not passed."""
    if any(rating.due_at is None or doing.at <= rating.due_at for rating in awaited(case, PUBLIC, doing)):
        return None
    return Refused("rated", N_("This matter has been rated already, or the time for rating has passed."))


def _nothing() -> Refused:
    return Refused("nothing-to-rate", N_("There is nothing left for your unit to rate here."))


def within_window(case: CaseFile, doing: Doing) -> Refused | None:
    """Ratings have a time; whatever is missing then counts as missing."""
    for kind in (PUBLIC, TO_DEPARTMENT, TO_STREET_TOWN):
        for rating in awaited(case, kind, doing):
            if rating.due_at is not None and doing.at > rating.due_at and kind != PUBLIC:
                return Refused("rating-over", N_("The time for rating ended on %(due)s."), due=rating.due_at)
    return None


def says_why(case: CaseFile, doing: Doing) -> Refused | None:
    """Who calls a call inaccurate gives the reason."""
    if doing.text("accuracy") not in ("", "accurate") and len(doing.text("comment")) < 5:
        return Refused("reason-missing", N_("Say in a few words what was not accurate about the call."), field="comment")
    return None


def rating_to_annul(case: CaseFile, doing: Doing) -> Refused | None:
    """There is a given rating of that number."""
    given = {rating.id for rating in case.ratings if rating.state == GIVEN}
    if not given or ("rating" in doing.said and doing.said["rating"] not in given):
        return Refused("no-rating", N_("There is no rating that could be annulled."), field="rating" if "rating" in doing.said else "")
    return None


# --- what happens -------------------------------------------------------------------------------------------


def _give(case: CaseFile, rating: Rating, doing: Doing, channel: str) -> None:
    rating.state, rating.submitted_at, rating.channel = GIVEN, doing.at, channel
    rating.comment = doing.text("comment")
    twins = [other for other in case.ratings if other.part and other.part == rating.part and other.round == rating.round]
    if twins and all(other.state == GIVEN for other in twins):
        for other in twins:
            reveal(case, other, doing.at)


def rate_department(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The street-town on a department: reporting in, and effect."""
    rating = awaited(case, TO_DEPARTMENT, doing)[0]
    rating.arrival, rating.effect = doing.text("arrival"), doing.text("effect")
    _give(case, rating, doing, "screen")
    return {"rating": TO_DEPARTMENT, "unit": rating.rated_id}


def rate_street_town(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """A department on the street-town: how accurate the call was."""
    rating = awaited(case, TO_STREET_TOWN, doing)[0]
    rating.accuracy = doing.text("accuracy")
    _give(case, rating, doing, "screen")
    return {"rating": TO_STREET_TOWN, "unit": rating.rated_id}


def rate_publicly(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The citizen, by link, QR code or telephone; once per round."""
    rating = awaited(case, PUBLIC, doing)[0]
    rating.satisfaction, rating.effect = doing.text("satisfaction"), doing.text("solved")
    _give(case, rating, doing, doing.text("channel") or "link")
    rating.revealed_at = doing.at
    case.rating, case.rated_at = rating.satisfaction, doing.at
    return {"rating": PUBLIC, "satisfaction": rating.satisfaction, "channel": rating.channel, "comment": rating.comment}


def follow_up(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """Somebody of the centre asked the citizen; an answer counts as the citizen's rating where none was given yet."""
    said = FollowUp(
        round=len(case.turns),
        ordinal=len(case.follow_ups) + 1,
        made_at=doing.at,
        made_by=doing.actor.name,
        reached=bool(doing.get("reached")),
        solved=doing.text("solved") if doing.get("reached") else "",
        satisfaction=doing.text("satisfaction") if doing.get("reached") else "",
        comment=doing.text("comment"),
    )
    case.follow_ups.append(said)
    waiting = [r for r in case.ratings if r.kind == PUBLIC and r.state == OPEN]
    if said.satisfaction and waiting:
        rating = waiting[0]
        rating.satisfaction, rating.effect = said.satisfaction, said.solved
        _give(case, rating, doing, "follow_up")
        rating.revealed_at = doing.at
        case.rating, case.rated_at = said.satisfaction, doing.at
    return {"reached": said.reached, "solved": said.solved, "satisfaction": said.satisfaction, "comment": said.comment}


def annul_rating(case: CaseFile, doing: Doing) -> Mapping[str, Any]:
    """The centre takes a rating out of every count, and says why."""
    rating = next(r for r in case.ratings if r.id == doing.said["rating"])
    rating.state, rating.annulled_reason = ANNULLED, doing.text("reason")
    part = case.part(rating.part)
    if rating.kind == TO_DEPARTMENT and part is not None:
        part.effect = ""
    elif rating.kind == TO_STREET_TOWN and part is not None:
        part.accuracy = ""
    elif rating.kind == PUBLIC:
        case.rating, case.rated_at = "", None
    return {"rating": rating.kind, "unit": rating.rated_id, "reason": rating.annulled_reason}
