"""Judgements at the edges: seconds, months, returns, withdrawals, and what a source never recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.examples import at, duty
from app.domain.facts import CALL, CASE, COMPLETED, DISPATCHED, DUE, OUTCOME, RATING, RESPONDED, RETURNS, REWORKS, ROUND, SIGNED
from app.domain.indicators import Verdict, indicator
from app.domain.period import month_of

HIT, MISS, OUT = Verdict.HIT, Verdict.MISS, Verdict.OUT
PENDING, UNKNOWN = Verdict.PENDING, Verdict.UNKNOWN
SEPTEMBER, OCTOBER = month_of("2026-09"), month_of("2026-10")
CLOSE = at("2026-10-03 09:00")


def judged(code: str, reported: str = "2026-09-01", *, period: Any = SEPTEMBER, as_of: Any = CLOSE, **known: Any) -> Verdict:
    return indicator(code).verdict(duty(1, reported, **known), period, as_of)


def lacking(*names: str) -> frozenset[str]:
    return frozenset(names)


@pytest.mark.parametrize(
    ("seconds_taken", "verdict"),
    [("08:00:00", HIT), ("08:09:59", HIT), ("08:10:00", HIT), ("08:10:01", MISS), ("09:00:00", MISS)],
)
def test_ten_minutes_end_with_second_six_hundred(seconds_taken: str, verdict: Verdict) -> None:
    assert judged("SIGN10", kind=ROUND, dispatched_at="2026-09-05 08:00:00", signed_at=f"2026-09-05 {seconds_taken}") is verdict


@pytest.mark.parametrize(("now", "verdict"), [("08:09:59", PENDING), ("08:10:00", PENDING), ("08:10:01", MISS)])
def test_an_unsigned_round_is_pending_only_while_it_can_still_be_signed_in_time(now: str, verdict: Verdict) -> None:
    assert judged("SIGN10", kind=ROUND, dispatched_at="2026-09-05 08:00:00", as_of=at(f"2026-09-05 {now}")) is verdict


def test_a_signature_after_the_cut_off_has_not_happened_yet() -> None:
    seen = judged("SIGN10", kind=ROUND, dispatched_at="2026-09-05 08:00", signed_at="2026-09-05 08:05", as_of=at("2026-09-05 08:04"))
    assert seen is PENDING


def test_what_happens_at_the_very_cut_off_has_happened() -> None:
    now = "2026-09-05 08:04"
    assert judged("SIGN10", kind=ROUND, dispatched_at="2026-09-05 08:00", signed_at=now, as_of=at(now)) is HIT
    for code in ("DONE", "DONE_OT"):
        assert judged(code, due_at=now, completed_at=now, as_of=at(now)) is HIT
        assert judged(code, due_at=now, as_of=at(now)) is MISS
    assert judged("RESP", kind=CALL, response_due_at=now, responded_at=now, as_of=at(now)) is HIT
    assert judged("RESP", kind=CALL, response_due_at=now, as_of=at(now)) is MISS
    assert judged("SAT", completed_at=now, rating="basic", rated_at=now, as_of=at(now)) is HIT
    assert judged("VOLUME", now, as_of=at(now)) is HIT


def test_a_round_counts_in_the_month_of_its_dispatch_not_of_its_signature() -> None:
    over_midnight = {"kind": ROUND, "dispatched_at": "2026-09-30 23:59:59", "signed_at": "2026-10-01 00:05:00"}
    assert judged("SIGN10", **over_midnight) is HIT
    assert judged("SIGN10", period=OCTOBER, as_of=at("2026-11-03"), **over_midnight) is OUT


def test_a_round_dispatched_again_is_another_round() -> None:
    late = duty(1, "2026-09-05", kind=ROUND, dispatched_at="2026-09-05 08:00", signed_at="2026-09-05 09:00")
    again = replace(late, key="round-2", ordinal=2, dispatched_at=at("2026-09-06 08:00"), signed_at=at("2026-09-06 08:01"))
    assert [indicator("SIGN10").verdict(fact, SEPTEMBER, CLOSE) for fact in (late, again)] == [MISS, HIT]


@pytest.mark.parametrize("code", ["DONE", "DONE_OT", "OVER_OPEN", "VOLUME", "CARRY", "REWORK", "SAT", "SIGN10"])
def test_an_approved_return_makes_the_round_void(code: str) -> None:
    known = {"kind": ROUND, "dispatched_at": "2026-09-02", "due_at": "2026-09-10", "completed_at": "2026-09-09", "rating": "satisfied"}
    assert judged(code, **known) is not OUT
    assert judged(code, **known, returned="approved") is OUT


@pytest.mark.parametrize("decision", ["rejected", "lapsed", "open"])
def test_a_return_that_was_not_approved_never_stopped_the_clock(decision: str) -> None:
    assert judged("DONE_OT", kind=ROUND, due_at="2026-09-10", completed_at="2026-09-11", returned=decision) is MISS


def test_a_late_duty_stays_late_when_it_is_taken_back_afterwards() -> None:
    assert judged("DONE_OT", due_at="2026-09-10", withdrawn_at="2026-09-11") is MISS
    assert judged("DONE", due_at="2026-09-10", withdrawn_at="2026-09-11") is MISS
    assert judged("OVER_OPEN", due_at="2026-09-10", withdrawn_at="2026-09-11") is MISS


def test_a_duty_taken_back_in_time_is_owed_by_nobody() -> None:
    for code in ("DONE", "DONE_OT", "OVER_OPEN"):
        assert judged(code, due_at="2026-09-10", withdrawn_at="2026-09-09") is OUT


def test_work_completed_before_it_was_taken_back_stays_completed() -> None:
    assert judged("DONE_OT", due_at="2026-09-10", completed_at="2026-09-08", withdrawn_at="2026-09-09") is HIT


def test_a_completion_after_the_cut_off_has_not_happened_yet() -> None:
    known = {"due_at": "2026-09-20", "completed_at": "2026-09-18"}
    for code in ("DONE", "DONE_OT", "OVER_OPEN"):
        assert judged(code, as_of=at("2026-09-15"), **known) is PENDING
    assert judged("DONE_OT", **known) is HIT


def test_what_was_reported_after_the_cut_off_is_not_there_yet() -> None:
    assert judged("VOLUME", "2026-09-20", as_of=at("2026-09-15")) is OUT


def test_carried_over_work_stays_in_the_count_until_it_is_closed() -> None:
    known = {"due_at": "2026-08-20", "completed_at": "2026-09-15"}
    assert judged("DONE", "2026-08-01", period=month_of("2026-08"), as_of=at("2026-09-03"), **known) is MISS
    assert judged("DONE", "2026-08-01", **known) is HIT
    assert judged("DONE", "2026-08-01", period=OCTOBER, as_of=at("2026-11-03"), **known) is OUT


def test_carried_over_work_taken_back_before_the_month_is_gone() -> None:
    assert judged("DONE", "2026-08-01", due_at="2026-08-20", withdrawn_at="2026-08-25") is OUT
    assert judged("CARRY", "2026-08-01", due_at="2026-09-20", withdrawn_at="2026-08-25") is OUT


def test_a_duty_without_a_due_time_counts_in_its_month_of_reporting() -> None:
    assert judged("DONE", "2026-09-30 23:59:59", completed_at="2026-10-02") is HIT
    assert judged("DONE", "2026-10-01 00:00:00", completed_at="2026-10-02") is OUT


def test_on_time_cannot_be_known_without_a_limit_or_a_flag() -> None:
    assert judged("DONE_OT", completed_at="2026-09-02") is UNKNOWN
    assert judged("DONE_OT") is UNKNOWN
    assert judged("DONE_OT", on_time=True, unknown=lacking(DUE, COMPLETED)) is HIT
    assert judged("DONE_OT", on_time=False, unknown=lacking(DUE, COMPLETED)) is MISS


def test_a_flag_of_being_in_time_also_says_completed() -> None:
    assert judged("DONE", on_time=True, unknown=lacking(DUE, COMPLETED, OUTCOME)) is HIT


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("DONE", {"unknown": lacking(COMPLETED, OUTCOME)}),
        ("DONE", {"due_at": "2026-09-10", "unknown": lacking(COMPLETED, OUTCOME)}),
        ("DONE_OT", {"due_at": "2026-09-10", "completed": True, "unknown": lacking(COMPLETED)}),
        ("DONE_OT", {"completed": True, "unknown": lacking(DUE, COMPLETED)}),
        ("OVER_OPEN", {"due_at": "2026-09-10", "unknown": lacking(COMPLETED, OUTCOME)}),
        ("OVER_OPEN", {"completed": False, "unknown": lacking(DUE)}),
        ("CARRY", {"completed": True, "unknown": lacking(COMPLETED)}),
        ("CARRY", {"reported": "2026-08-01", "completed": True}),
        ("CARRY", {"reported": "2026-08-01", "unknown": lacking(OUTCOME)}),
        ("RETURN", {"kind": ROUND, "dispatched_at": "2026-09-02", "unknown": lacking(RETURNS)}),
        ("RETURN", {"kind": ROUND, "unknown": lacking(DISPATCHED)}),
        ("REWORK", {"completed_at": "2026-09-10", "unknown": lacking(REWORKS)}),
        ("REWORK", {"completed": True, "reworks": 1, "unknown": lacking(COMPLETED)}),
        ("SAT", {"completed_at": "2026-09-10", "unknown": lacking(RATING)}),
        ("SAT", {"completed": True, "rating": "basic", "unknown": lacking(COMPLETED)}),
        ("SIGN10", {"kind": ROUND, "dispatched_at": "2026-09-02", "unknown": lacking(SIGNED)}),
        ("SIGN10", {"kind": ROUND, "signed_at": "2026-09-02", "unknown": lacking(DISPATCHED)}),
        ("RESP", {"kind": CALL, "response_due_at": "2026-09-02", "unknown": lacking(RESPONDED)}),
    ],
)
def test_what_the_source_never_recorded_is_unknown_and_not_a_miss(code: str, known: dict[str, Any]) -> None:
    assert judged(code, **known) is UNKNOWN


@pytest.mark.parametrize(
    ("code", "kind", "gaps"),
    [
        ("DONE", CASE, lacking(COMPLETED, OUTCOME)),
        ("DONE_OT", CASE, lacking(DUE)),
        ("OVER_OPEN", CASE, lacking(COMPLETED, OUTCOME)),
        ("CARRY", CASE, lacking(COMPLETED)),
        ("RETURN", ROUND, lacking(RETURNS, DISPATCHED)),
        ("REWORK", CASE, lacking(COMPLETED, OUTCOME)),
        ("SAT", CASE, lacking(RATING, COMPLETED, OUTCOME)),
        ("SIGN10", ROUND, lacking(SIGNED, DISPATCHED)),
        ("RESP", CALL, lacking(RESPONDED)),
    ],
)
def test_what_is_unknown_is_unknown_in_one_month_only(code: str, kind: str, gaps: frozenset[str]) -> None:
    assert judged(code, kind=kind, unknown=gaps) is UNKNOWN
    assert judged(code, "2026-10-01 00:00", kind=kind, unknown=gaps) is OUT


def test_a_round_that_was_never_dispatched_and_a_call_without_a_limit_are_not_judged() -> None:
    assert judged("SIGN10", kind=ROUND) is OUT
    assert judged("RETURN", kind=ROUND) is OUT
    assert judged("RESP", kind=CALL) is OUT
    assert judged("RESP", kind=CALL, response_due_at="2026-10-01 00:00") is OUT


def test_a_round_dispatched_after_the_cut_off_is_not_there_yet() -> None:
    for code in ("SIGN10", "RETURN"):
        assert judged(code, kind=ROUND, dispatched_at="2026-09-20", as_of=at("2026-09-15")) is OUT


def test_what_is_taken_back_at_the_very_limit_was_owed_until_then() -> None:
    assert judged("DONE_OT", due_at="2026-09-10", withdrawn_at="2026-09-10") is MISS
    assert judged("RESP", kind=CALL, response_due_at="2026-09-10", withdrawn_at="2026-09-10") is MISS
    assert judged("DONE_OT", due_at="2026-09-10", withdrawn_at="2026-09-09", completed_at="2026-09-09") is HIT


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("DONE", {"due_at": "2026-09-10"}),
        ("DONE_OT", {"due_at": "2026-09-10"}),
        ("OVER_OPEN", {"due_at": "2026-09-10", "completed_at": "2026-09-20"}),
        ("CARRY", {}),
        ("RETURN", {"kind": ROUND, "dispatched_at": "2026-09-02"}),
        ("REWORK", {"completed_at": "2026-09-10"}),
        ("SAT", {"completed_at": "2026-09-10", "rating": "dissatisfied"}),
        ("SIGN10", {"kind": ROUND, "dispatched_at": "2026-09-02"}),
        ("RESP", {"kind": CALL, "response_due_at": "2026-09-02"}),
    ],
)
def test_what_was_recorded_and_did_not_happen_is_a_miss(code: str, known: dict[str, Any]) -> None:
    assert judged(code, **known) is MISS


def test_a_late_rating_counts_once_in_the_month_whose_books_are_open() -> None:
    known = {"completed_at": "2026-09-20", "rating": "basic", "rated_at": "2026-10-09"}
    first, second = at("2026-10-08 09:00"), at("2026-11-04 09:00")
    assert judged("SAT", as_of=first, **known) is OUT
    assert judged("SAT", period=replace(OCTOBER, opened=first), as_of=second, **known) is HIT
    timely = known | {"rated_at": "2026-10-08 09:00"}
    assert judged("SAT", as_of=first, **timely) is HIT
    assert judged("SAT", period=replace(OCTOBER, opened=first), as_of=second, **timely) is OUT


def test_without_a_recorded_cut_off_the_month_before_is_taken_to_have_closed_as_long_after_its_end() -> None:
    known = {"completed_at": "2026-09-20", "rating": "basic"}
    third = at("2026-11-03 09:00")
    assert judged("SAT", period=OCTOBER, as_of=third, rated_at="2026-10-03 09:00:00", **known) is OUT
    assert judged("SAT", period=OCTOBER, as_of=third, rated_at="2026-10-03 09:00:01", **known) is HIT


@pytest.mark.parametrize(("rating", "verdict"), [("satisfied", HIT), ("basic", HIT), ("fair", MISS), ("dissatisfied", MISS), ("", OUT)])
def test_satisfied_and_basically_satisfied_count_and_silence_counts_nowhere(rating: str, verdict: Verdict) -> None:
    assert judged("SAT", completed_at="2026-09-10", rating=rating) is verdict


def test_a_rating_of_work_that_was_not_completed_at_the_cut_off_counts_nowhere() -> None:
    assert judged("SAT", completed_at="2026-09-20", rating="basic", as_of=at("2026-09-15")) is OUT


def test_a_justified_return_answers_a_call_even_when_it_also_took_the_call_back() -> None:
    assert judged("RESP", kind=CALL, response_due_at="2026-09-02", returned="approved", withdrawn_at="2026-09-01 12:00") is HIT


def test_a_call_withdrawn_after_its_limit_was_still_not_answered() -> None:
    assert judged("RESP", kind=CALL, response_due_at="2026-09-02", withdrawn_at="2026-09-03") is MISS


def test_a_figure_about_rounds_does_not_look_at_cases() -> None:
    for code in ("SIGN10", "RETURN", "RESP"):
        assert judged(code, dispatched_at="2026-09-02", response_due_at="2026-09-02") is OUT


def test_an_exclusion_takes_out_what_would_count_and_nothing_else() -> None:
    assert judged("DONE", due_at="2026-09-10", excluded={"DONE": "force_majeure"}) is Verdict.EXCLUDED
    assert judged("DONE_OT", due_at="2026-09-10", excluded={"DONE": "force_majeure"}) is MISS
    assert judged("DONE", due_at="2026-10-10", excluded={"*": "duplicate"}) is OUT
