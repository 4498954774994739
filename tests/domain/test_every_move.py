"""Every (stage × action × person) triple, allowed and refused, against a table written by hand in people's names."""

from __future__ import annotations

import pytest

from app.domain.moves import BY_ACTION, MOVES
from app.domain.workflow import ALL_STAGES
from tests.domain.lives import OTHER_STREET, PARKS, PEOPLE, POLICE, WATER, Life, life_in

STAGES = [stage.code for stage in ALL_STAGES]
UNTIL_DONE = "dispatched signed handling called consulting"
BEFORE = "reported " + UNTIL_DONE

# The street-town of the place holds the ticket; parks and police are called where anybody is. For each move: who may, and in
# which stages. ``gardener`` and ``head`` are parks, ``officer`` is police, ``clerk`` and ``chief`` the street-town.
ALLOWED: dict[str, tuple[str, str]] = {
    "amend": ("duty reviewer clerk chief", "reported"),
    "dispatch": ("duty reviewer clerk chief clock", "reported"),
    "redirect": ("duty reviewer", "dispatched signed handling"),
    "sign": ("clerk chief", "dispatched"),
    "request_return": ("clerk chief", "dispatched signed handling"),
    "cancel_return": ("clerk chief", "dispatched signed handling"),
    "approve_return": ("duty reviewer", "dispatched signed handling"),
    "reject_return": ("duty reviewer", "dispatched signed handling"),
    "lapse_return": ("clock", "dispatched signed handling"),
    "escalate": ("clerk chief", "signed handling"),
    "backstop": ("duty reviewer", "reported"),
    "start": ("clerk chief", "signed"),
    "contact": ("clerk chief", "signed handling called consulting"),
    "note": ("clerk chief", UNTIL_DONE),
    "refer": ("clerk chief", "handling called consulting"),
    "request_extension": ("clerk chief", "signed handling called consulting"),
    "approve_extension": ("duty reviewer", "signed handling called consulting"),
    "reject_extension": ("duty reviewer", "signed handling called consulting"),
    "request_suspension": ("clerk chief", "handling called consulting"),
    "approve_suspension": ("duty reviewer", "handling called consulting"),
    "reject_suspension": ("duty reviewer", "handling called consulting"),
    "resume": ("clerk chief duty reviewer", "handling called consulting"),
    "resume_on_time": ("clock", "handling called consulting"),
    "supervise": ("duty reviewer", UNTIL_DONE),
    "answer_order": ("clerk chief", UNTIL_DONE),
    "call": ("clerk chief", "signed handling called consulting"),
    "sign_call": ("gardener head", "handling called consulting"),
    "respond": ("gardener head", "handling called consulting"),
    "return_call": ("gardener head", "handling called consulting"),
    "accept_call_return": ("clerk chief", "handling called consulting"),
    "reject_call_return": ("clerk chief", "handling called consulting"),
    "lapse_call_return": ("clock", "handling called consulting"),
    "report_in": ("gardener head", "handling called consulting"),
    "record_report_in": ("clerk chief", "handling called consulting"),
    "mark_absent": ("clerk chief", "handling called consulting"),
    "give_opinion": ("gardener head", "handling called consulting"),
    "conclude": ("clerk chief", "called consulting"),
    "finish": ("gardener head", "handling called consulting"),
    "withdraw_call": ("clerk chief", "handling called consulting"),
    "claim_done": ("clerk chief", "handling"),
    "complete": ("clerk chief", "handling"),
    "reject_claim": ("clerk chief", "handling"),
    "take_review": ("duty reviewer", "completed"),
    "pass_review": ("duty reviewer", "reviewing"),
    "fail_review": ("duty reviewer", "reviewing"),
    "archive": ("duty reviewer", "evaluating"),
    "archive_on_time": ("clock", "evaluating"),
    "reopen": ("duty reviewer", "evaluating archived"),
    "rate_department": ("clerk chief", "evaluating"),
    "rate_street_town": ("gardener head", "evaluating"),
    "rate_publicly": ("citizen", "evaluating"),
    "follow_up": ("duty reviewer", "completed reviewing evaluating archived"),
    "annul_rating": ("duty reviewer", "evaluating archived"),
    "merge": ("duty reviewer", BEFORE),
    "split": ("duty reviewer clerk chief", BEFORE),
    "void": ("duty reviewer", BEFORE),
    "restore": ("duty reviewer", " ".join(STAGES)),
}

CALLED_TOO = {"note": {"gardener", "head", "officer"}, "supervise": {"clerk", "chief"}}
"""Moves that a call opens to more people: called departments add notes, the caller supervises those it called."""

MERGE_WAITS_FOR_CALLS = {"merge", "redirect", "escalate", "claim_done", "complete", "request_return"}
"""Not while a called department still owes something."""

PART_OF_PARKS = f"1.{PARKS}"
ABOUT_A_PART = {move.action for move in MOVES if move.part}
FRESH_PARTS = {"sign_call", "respond", "return_call", "report_in", "record_report_in", "mark_absent"}


def ready_for(action: str, stage: str) -> Life:
    """A ticket in ``stage`` in which everything that ``action`` presupposes has happened, as far as it can."""
    called = action in ABOUT_A_PART or action in ("conclude", "annul_rating")
    if stage in ("called", "consulting"):
        life = life_in(stage)
    elif called and stage in STAGES[STAGES.index("handling") :]:
        life = life_in(stage, called=True)
    else:
        life = life_in(stage)
    _presuppose(life, action, stage)
    return life


def _presuppose(life: Life, action: str, stage: str) -> None:
    if action in FRESH_PARTS and stage in ("handling", "consulting"):
        part = life.case.part(PART_OF_PARKS)
        assert part is not None
        part.signed_at = part.responded_at = part.reported_in_at = None  # as police would be: called, and silent so far
        part.arrival = ""
    if action in ("accept_call_return", "reject_call_return", "lapse_call_return") and stage in ("handling", "called", "consulting"):
        part = life.case.part(PART_OF_PARKS)
        assert part is not None
        part.reported_in_at = None
        life.do("gardener", "return_call", PART_OF_PARKS).later(hours=7 if action == "lapse_call_return" else 1)
    if action in ("cancel_return", "approve_return", "reject_return", "lapse_return") and stage in ("dispatched", "signed", "handling"):
        life.do("clerk", "request_return").later(hours=7 if action == "lapse_return" else 1)
    if action == "approve_extension" or action == "reject_extension":
        _if(life, "clerk", "request_extension")
    if action in ("approve_suspension", "reject_suspension", "resume", "resume_on_time"):
        _if(life, "clerk", "request_suspension")
    if action in ("resume", "resume_on_time"):
        _if(life, "duty", "approve_suspension")
    if action == "resume_on_time":
        life.later(days=2)
    if action == "answer_order":
        _if(life, "duty", "supervise")
    if action == "mark_absent":
        life.later(hours=3)
    if action in ("give_opinion", "finish"):
        _if(life, "gardener", "respond", PART_OF_PARKS)
    if action == "conclude" and stage == "called":
        life.later(hours=3)
        for unit in (PARKS, POLICE):
            life.do("clerk", "mark_absent", f"1.{unit}")
    if action == "reject_claim" and stage == "handling":
        life.do("clerk", "claim_done")
    if action == "annul_rating" and stage == "evaluating":
        life.do("clerk", "rate_department", PART_OF_PARKS)
    if action == "annul_rating" and stage == "archived":
        life.case.ratings[1].state = "given"
    if action == "archive_on_time":
        life.later(days=8)
    if action == "restore":
        life.case.ended, life.case.voided = "voided", True


def _if(life: Life, who: str, action: str, part: str = "") -> None:
    if life.may(who, action, part) is None:
        life.do(who, action, part)


def expected(action: str, stage: str, who: str) -> bool:
    """What the table above says."""
    people, stages = ALLOWED[action]
    allowed = set(people.split())
    if stage in ("called", "consulting"):
        allowed |= CALLED_TOO.get(action, set())
        if action in MERGE_WAITS_FOR_CALLS:
            return False
    return stage in stages.split() and who in allowed


def test_the_hand_written_table_speaks_of_every_move() -> None:
    assert set(ALLOWED) == set(BY_ACTION)
    assert len(MOVES) == len(BY_ACTION)


@pytest.mark.parametrize("action", sorted(BY_ACTION))
def test_every_stage_and_person_is_allowed_or_refused_as_written(action: str) -> None:
    part = PART_OF_PARKS if action in ABOUT_A_PART else ""
    wrong: list[str] = []
    for stage in STAGES:
        life = ready_for(action, stage)
        assert life.case.stage == stage
        for who in PEOPLE:
            key = part if life.case.part(part) else ""
            more: dict[str, object] = {"unit": PARKS} if action == "supervise" and who in ("clerk", "chief") else {}
            if action == "call":
                more = {"lead": WATER, "support": []}
            refused = life.may(who, action, key, **more)
            if (refused is None) != expected(action, stage, who):
                wrong.append(f"{stage} {who}: {'allowed' if refused is None else refused}")
    assert not wrong


@pytest.mark.parametrize("action", sorted(BY_ACTION))
def test_a_refused_move_changes_nothing_and_whoever_may_not_learns_nothing(action: str) -> None:
    for stage in STAGES:
        life = ready_for(action, stage)
        before = repr(life.case)
        for who in ("viewer", "neighbour", "plumber", "auditor", "evaluator", "district", "system_admin", "security"):
            refused = life.may(who, action)
            assert refused is not None and refused.status == 403, (stage, who, refused)
            assert refused.code in ("not-allowed", "not-yours")
        assert repr(life.case) == before


def test_an_ended_ticket_can_only_be_taken_back() -> None:
    for ending in ("void", "merge"):
        life = life_in("handling")
        life.do("duty", ending)
        for action in BY_ACTION:
            for who in PEOPLE:
                refused = life.may(who, action)
                assert (refused is None) == (action == "restore" and who in ("duty", "reviewer")), (action, who)


def test_a_street_town_may_not_rate_itself_nor_a_department_itself() -> None:
    life = life_in("evaluating", called=True)
    assert life.may("clerk", "rate_street_town") is not None
    assert life.may("gardener", "rate_department") is not None
    assert life.may("officer", "rate_street_town", PART_OF_PARKS) is not None


def test_whoever_handled_or_verified_does_not_review() -> None:
    life = life_in("completed")
    life.case.handled_by_id = PEOPLE["duty"].user_id
    refused = life.may("duty", "take_review")
    assert refused is not None and refused.code == "own-work"
    assert life.may("reviewer", "take_review") is None


def test_the_street_town_of_the_place_verifies_what_a_department_claims() -> None:
    life = life_in("handling", holder=PARKS)
    assert life.may("clerk", "complete") is not None
    life.do("gardener", "claim_done")
    assert life.may("gardener", "complete") is not None
    assert life.may("neighbour", "complete") is not None
    life.later(minutes=10).do("clerk", "complete")
    assert life.case.stage == "completed"
    assert life.case.now_held.completed_at == life.case.now_held.disposed_at
    assert life.case.completed_at == life.at


def test_only_the_centre_gives_work_to_others() -> None:
    life = Life()
    refused = life.may("clerk", "dispatch", unit=OTHER_STREET)
    assert refused is not None and refused.code == "own-unit-only" and refused.field == "unit"


def test_what_is_opened_again_has_a_due_time_of_its_own_whoever_takes_it() -> None:
    for unit in (None, PARKS):
        life = life_in("archived")
        old, late = life.case.due_at, life.later(days=10).at
        life.do("duty", "reopen", unit=unit)
        assert old is not None and old < late < (life.case.due_at or late)
        assert life.case.due_at == life.case.now_held.due_at
