"""The three evaluations and the follow-up; and what ends or divides a ticket outside the usual course (评价、回访、并案、拆分、作废)."""

from __future__ import annotations

from app.domain import rights
from app.domain.acts import exceptions, guards, rating
from app.domain.moves.row import (
    AFTERWARDS,
    ARCHIVED,
    AS_EXCEPTION,
    AS_RATING,
    AT_UNIT,
    EVALUATING,
    EVERYWHERE,
    NOTE,
    REASON,
    REPORTED,
    SAID,
    STAY,
    Move,
    Need,
)
from app.domain.refusals import N_
from app.domain.relations import CENTRE, CITIZEN, RATER, TERRITORY

RATING: tuple[Move, ...] = (
    Move(
        "rate_department", N_("Rate the department"), AS_RATING, (EVALUATING,), STAY, rights.ASSESS, (RATER,), rating.rate_department,
        (
            Need("arrival", "choice", N_("Reporting in"), of="rate_arrival"),
            Need("effect", "choice", N_("Effect"), of="rate_effect"),
            Need("comment", "text", N_("Comment"), required=False),
        ),
        (rating.department_awaits, rating.within_window), stops=("rate_unit",), part=True, tone="main",
    ),
    Move(
        "rate_street_town", N_("Rate the call"), AS_RATING, (EVALUATING,), STAY, rights.ASSESS, (RATER,), rating.rate_street_town,
        (Need("accuracy", "choice", N_("Call accuracy"), of="rate_accuracy"), Need("comment", "text", N_("Comment"), required=False)),
        (rating.street_town_awaits, rating.within_window, rating.says_why), stops=("rate_unit",), part=True, tone="main",
    ),
    Move(
        "rate_publicly", N_("Give rating"), AS_RATING, (EVALUATING,), STAY, rights.CITIZEN, (CITIZEN,), rating.rate_publicly,
        (
            Need("satisfaction", "choice", N_("How satisfied are you?"), of="rating"),
            Need("solved", "choice", N_("Is the matter settled?"), required=False, of="rate_effect"),
            Need("comment", "long", N_("Comment"), required=False),
        ),
        (rating.citizen_awaits,), stops=("rate_citizen",),
    ),
    Move(
        "follow_up", N_("Record follow-up"), AS_RATING, AFTERWARDS, STAY, rights.ASSESS, (CENTRE,), rating.follow_up,
        (
            Need("reached", "flag", N_("Reached")),
            Need("solved", "choice", N_("Is the matter settled?"), required=False, of="rate_effect"),
            Need("satisfaction", "choice", N_("Satisfaction"), required=False, of="rating"),
            Need("comment", "long", N_("Comment"), required=False),
        ),
    ),
    Move(
        "annul_rating", N_("Annul a rating"), AS_RATING, (EVALUATING, ARCHIVED), STAY, rights.ASSESS, (CENTRE,), rating.annul_rating,
        (Need("rating", "rating", N_("Rating")), REASON), (rating.rating_to_annul,), tone="grave",
    ),
    Move(
        "merge", N_("Merge into another ticket"), AS_EXCEPTION, (REPORTED, *AT_UNIT), STAY, rights.DECIDE, (CENTRE,), exceptions.merge,
        (Need("into", "ticket", N_("Into ticket")), NOTE), (exceptions.another_ticket, guards.no_standing_call), tone="rare",
    ),
    Move(
        "split", N_("Split off a second matter"), AS_EXCEPTION, (REPORTED, *AT_UNIT), STAY,
        rights.DISPATCH, (CENTRE, TERRITORY), exceptions.split,
        (Need("title", "text", N_("Title of the second matter"), least=2), Need("description", "long", N_("Description"), required=False)),
        tone="rare",
    ),
    Move(
        "void", N_("Void"), AS_EXCEPTION, (REPORTED, *AT_UNIT), STAY, rights.DECIDE, (CENTRE,), exceptions.void,
        (Need("reason", "choice", N_("Reason"), of="void_reason"), SAID), tone="grave",
        about=N_("The ticket counts nowhere any more; it stays readable."),
    ),
    Move(
        "restore", N_("Take back"), AS_EXCEPTION, EVERYWHERE, STAY, rights.DECIDE, (CENTRE,), exceptions.restore,
        (REASON,), (guards.ended,), even_ended=True, about=N_("The ticket goes on where it stood; its clocks never stopped."),
    ),
)  # fmt: skip
