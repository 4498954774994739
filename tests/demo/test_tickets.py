"""Every ticket of the demo year could have happened, and tells at any moment only what was known then."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.demo.desk import DueAt
from app.demo.district import rows
from app.demo.tickets import Ids, histories
from app.domain.examples import at
from app.domain.history import CalledHistory, RoundHistory, TicketHistory, checked
from app.domain.period import month_of
from app.domain.workflow import STAGES

Make = Callable[..., list[TicketHistory]]
CLOSED = {"completed", "reviewing", "evaluating", "archived"}
AHEAD = {"due_at", "response_due_at", "appointment_at"}
"""Moments that may lie in the future."""


def moments(part: TicketHistory | RoundHistory | CalledHistory) -> dict[str, datetime]:
    found = {field.name: getattr(part, field.name) for field in fields(part)}
    return {name: value for name, value in found.items() if isinstance(value, datetime)}


def parts(history: TicketHistory) -> list[TicketHistory | RoundHistory | CalledHistory]:
    return [history, *history.rounds, *(part for call in history.calls for part in call.departments)]


def test_every_history_passes_the_check(year: list[TicketHistory]) -> None:
    for history in year:
        assert checked(history) is history


def test_nothing_is_known_before_it_happens(year: list[TicketHistory], until: datetime) -> None:
    for history in year:
        for part in parts(history):
            for name, moment in moments(part).items():
                assert moment.utcoffset() == timedelta() and moment.microsecond == 0
                assert name in AHEAD or moment <= until, (name, history)
        assert all(call.issued_at <= until for call in history.calls)


def test_every_stage_fits_its_times(year: list[TicketHistory]) -> None:
    for history in year:
        last = history.rounds[-1] if history.rounds else None
        assert (history.stage in CLOSED) == (history.completed_at is not None) == bool(history.result) == bool(history.opinion)
        assert (history.stage == "reported") == (last is None)
        if last:
            assert history.due_at == history.rounds[0].due_at
            assert (history.stage == "dispatched") == (last.signed_at is None)
            assert (last.completed_at is not None) == (history.stage in CLOSED)
            assert last.returned != "approved"
        if history.stage in {"called", "consulting"}:
            assert history.calls
        assert bool(history.rating) == (history.rated_at is not None)
        if history.rated_at:
            assert history.completed_at and history.stage in {"evaluating", "archived"} and history.rated_at > history.completed_at


def test_rounds_follow_one_another(year: list[TicketHistory]) -> None:
    for history in year:
        assert [turn.ordinal for turn in history.rounds] == list(range(1, len(history.rounds) + 1))
        for before, after in zip(history.rounds, history.rounds[1:], strict=False):
            assert before.returned == "approved" and before.returned_at and after.dispatched_at
            assert before.returned_at < after.dispatched_at
            assert before.unit_id != after.unit_id
            assert before.completed_at is None
        for turn in history.rounds:
            assert bool(turn.returned) == bool(turn.return_reason) == (turn.returned_at is not None)


def test_calls_are_made_by_the_street_town_on_different_departments(year: list[TicketHistory], ids: Ids) -> None:
    departments = set(ids.departments.values())
    for history in year:
        assert [call.ordinal for call in history.calls] == list(range(1, len(history.calls) + 1))
        for call in history.calls:
            assert call.street_town_id == history.street_town_id and call.reason and call.place
            assert call.appointment_at and call.appointment_at >= call.issued_at
            called = [part.department_id for part in call.departments]
            assert len(set(called)) == len(called) and set(called) <= departments
            assert [part.role for part in call.departments] == ["lead"] + ["support"] * (len(called) - 1)


def test_a_department_answers_before_it_comes_and_finishes_before_the_ticket_does(year: list[TicketHistory]) -> None:
    for history in year:
        for call in history.calls:
            for part in call.departments:
                assert part.due_at and part.response_due_at
                if part.withdrawn_at:
                    assert not (part.signed_at or part.responded_at or part.finished_at)
                known = [moment for moment in (part.signed_at, part.responded_at, part.reported_in_at, part.finished_at) if moment]
                assert all(moment >= call.issued_at for moment in known)
                if part.responded_at and part.signed_at:
                    assert part.signed_at <= part.responded_at
                if part.reported_in_at:
                    assert part.responded_at and part.responded_at <= part.reported_in_at
                if part.finished_at:
                    assert part.responded_at and part.responded_at <= part.finished_at
                    assert history.completed_at is None or part.finished_at <= history.completed_at
                assert part.arrival in {"", "on_time", "late", "absent"} and part.effect in {"", "solved", "partly", "unsolved"}
                assert (part.arrival in {"on_time", "late"}) <= (part.reported_in_at is not None)


@pytest.mark.parametrize("limit", [timedelta(seconds=1), timedelta(minutes=40), timedelta(days=90)])
def test_whatever_the_limits_the_order_of_events_is_possible(ids: Ids, limit: timedelta) -> None:
    found = histories([month_of("2026-06")], ids, due_at=lambda code, start: start + limit, until=at("2026-06-27 11:00"), per_month=300)
    for history in found:
        for call in history.calls:
            for part in call.departments:
                known = [moment for moment in (part.signed_at, part.responded_at, part.reported_in_at) if moment]
                assert known == sorted(known)
                assert not (part.finished_at and history.completed_at) or part.finished_at <= history.completed_at
        assert history.stage != "archived" or history.completed_at


def test_codes_are_those_of_the_dictionaries(year: list[TicketHistory]) -> None:
    words: dict[str, set[str]] = {}
    for row in rows("dictionaries"):
        words.setdefault(row["dictionary"], {""}).add(row["code"])
    for history in year:
        assert history.nature in words["nature"] and history.urgency in words["urgency"]
        assert history.result in words["result"] and history.rating in words["rating"]
        assert all(turn.return_reason in words["return_reason"] for turn in history.rounds)
        assert all(call.reason in words["call_reason"] for call in history.calls)


def test_places_lie_in_the_ticket_s_street_town_and_people_are_masked(year: list[TicketHistory], ids: Ids) -> None:
    street = {ids.communities[row["code"]]: ids.street_towns[row["street_town"]] for row in rows("communities")}
    for history in year:
        assert history.community_id is not None and street[history.community_id] == history.street_town_id
        assert history.longitude is None or 119.2403 < history.longitude < 119.3178
        assert history.latitude is None or 26.0615 < history.latitude < 26.1257
        assert (history.longitude is None) == (history.latitude is None)
        assert re.fullmatch(r"(.\*\*)?", history.reporter_name)
        assert re.fullmatch(r"(1\d\d\*{4}\d{4})?", history.reporter_phone)
        assert "{" not in history.title + history.description + history.opinion
        assert 0 < len(history.title) <= 60 and history.address


def test_no_source_number_stands_twice(year: list[TicketHistory]) -> None:
    assert len({history.source_no for history in year}) == len(year)


@pytest.mark.parametrize("moment", ["2026-11-01 08:30", "2026-11-15 03:00", "2026-11-24 10:00", "2026-11-28 20:00", "2026-12-01 00:00"])
def test_all_nine_stages_are_peopled_at_the_end_whatever_the_hour(make: Make, moment: str) -> None:
    found = {history.stage for history in make([month_of("2026-10"), month_of("2026-11")], at(moment))}
    assert found == {stage.code for stage in STAGES} | {"archived"}


def test_the_demo_opens_with_work_in_every_stage(year: list[TicketHistory]) -> None:
    found = Counter(history.stage for history in year)
    assert all(found[stage.code] >= 4 for stage in STAGES)
    assert 200 < sum(found.values()) - found["archived"] < 700
    assert found["handling"] > found["called"]


def test_some_open_tickets_are_overdue(year: list[TicketHistory], until: datetime) -> None:
    overdue = [history for history in year if history.completed_at is None and history.due_at and history.due_at < until]
    assert 3 <= len(overdue) <= 60


def test_once_everything_has_had_its_time_everything_is_archived(make: Make) -> None:
    found = make([month_of("2026-04")], at("2026-10-01 00:00"))
    assert {history.stage for history in found} == {"archived"}


def test_the_same_seed_makes_the_same_months_and_another_seed_others(make: Make) -> None:
    months = [month_of("2026-03"), month_of("2026-04")]
    until = at("2026-04-20 10:00")
    assert make(months, until) == make(months, until)
    assert make(months, until) != make(months, until, seed=7)


PRINT = """
import hashlib
from datetime import UTC, datetime, timedelta
from app.demo.district import rows
from app.demo.tickets import Ids, histories
from app.domain.period import month_of
number = lambda name, since: {row["code"]: n for n, row in enumerate(rows(name), since)}
ids = Ids(number("street_towns", 1), number("communities", 1), number("departments", 11), number("matters", 1), number("channels", 1))
found = histories([month_of("2026-08")], ids, due_at=lambda code, start: start + timedelta(days=2),
                  until=datetime(2026, 8, 20, tzinfo=UTC), per_month=60)
print(hashlib.sha256(repr(list(found)).encode()).hexdigest())
"""


def test_hash_seed_and_time_zone_of_the_machine_make_no_difference() -> None:
    digests = set()
    for hash_seed, zone in (("1", "UTC"), ("2", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run([sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True)
        digests.add(done.stdout.strip())
    assert len(digests) == 1 and len(digests.pop()) == len(hashlib.sha256().hexdigest())


def test_a_later_look_finds_the_same_tickets_further_on(make: Make) -> None:
    months = [month_of("2026-03"), month_of("2026-04"), month_of("2026-05")]
    early, late = make(months, at("2026-04-15 10:00")), make(months, at("2026-04-17 16:00"))
    assert len(early) < len(late)
    order = [stage.code for stage in STAGES] + ["archived"]
    moved = 0
    for before, after in zip(early, late, strict=False):
        assert (before.source_no, before.title, before.reported_at) == (after.source_no, after.title, after.reported_at)
        for turn, later in zip(before.rounds, after.rounds, strict=False):
            assert turn.dispatched_at == later.dispatched_at
            assert turn.signed_at in {None, later.signed_at}
        for call, later_call in zip(before.calls, after.calls, strict=False):
            assert call.issued_at == later_call.issued_at
        if not after.reworks and not after.calls and len(after.rounds) == len(before.rounds):
            assert order.index(before.stage) <= order.index(after.stage)
            moved += before.stage != after.stage
    assert moved > 3


def test_a_claim_that_the_review_refused_no_longer_counts_as_completed(make: Make) -> None:
    month = [month_of("2026-06")]
    reworked = {history.source_no for history in make(month, at("2026-09-01 00:00"), 600) if history.reworks}
    reopened = 0
    for day in (11, 12, 18, 19, 25, 26):
        for history in make([*month, month_of("2026-07")], at(f"2026-06-{day} 15:00"), 600):
            if history.reworks and history.stage == "handling":
                assert history.source_no in reworked
                assert history.completed_at is None and history.rounds[-1].completed_at is None and not history.result
                reopened += 1
    assert reworked and reopened


def test_months_without_tickets_and_no_months_make_none(ids: Ids, make: Make, due_at: DueAt) -> None:
    assert make([month_of("2026-06")], at("2026-06-01 00:00")) == []
    assert list(histories([], ids, due_at=due_at, until=at("2026-06-01 00:00"))) == []


def test_a_code_that_nobody_knows_is_an_error(ids: Ids, due_at: DueAt) -> None:
    poor = Ids({}, ids.communities, ids.departments, ids.matters, ids.channels)
    with pytest.raises(KeyError):
        next(histories([month_of("2026-06")], poor, due_at=due_at, until=at("2026-07-01 00:00")))
