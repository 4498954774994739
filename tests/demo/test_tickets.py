"""Every ticket of the demo year has come about move by move, and tells at any moment only what was known then."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.demo.desk import Ids
from app.demo.district import rows
from app.demo.tickets import District, stories
from app.demo.walk import Life, walk
from app.domain.deadlines import limit_of
from app.domain.examples import at
from app.domain.moves import BY_ACTION
from app.domain.period import month_of
from app.domain.rulebook import FINISH, HANDLE, RESPOND, ClockRule
from app.domain.workflow import STAGES
from app.reference import rows as usual
from tests.demo.conftest import create_district, usual_clocks

Make = Callable[..., list[Life]]
CLOSED = {"completed", "reviewing", "evaluating", "archived"}
AHEAD = {"appointment_at", "window_ends_at", "wanted_at", "until"}
"""Moments that may lie in the future, besides those that are due."""


def moments(value: Any) -> Iterable[tuple[str, datetime]]:
    """Every moment in a case file, with its name."""
    for field in fields(value):
        found = getattr(value, field.name)
        if isinstance(found, datetime):
            yield field.name, found
        elif isinstance(found, list):
            for part in found:
                if is_dataclass(part):
                    yield from moments(part)


def live(year: list[Life]) -> list[Life]:
    return [life for life in year if not life.case.ended]


def test_the_rules_refuse_no_step_of_the_year(year: list[Life]) -> None:
    assert len(year) > 14_000
    assert [(step.action, refused.code) for life in year for step, refused in life.refused] == []


@pytest.mark.parametrize("seed", [7, 2027])
def test_nor_of_another_district_s_year(make: Make, seed: int) -> None:
    months = [month_of("2026-09").back(2), month_of("2026-09").back(1), month_of("2026-09")]
    found = make(months, at("2026-09-20 15:20"), 400, seed)
    assert [(step.action, refused.code) for life in found for step, refused in life.refused] == []


@pytest.mark.parametrize("limit", ["40min", "24h", "30d"])
def test_plans_follow_whatever_limits_a_district_sets(ids: Ids, limit: str) -> None:
    others = [rule for rule in usual_clocks() if rule.clock not in (HANDLE, FINISH, RESPOND)]
    own = [ClockRule(clock, limit_of(limit)) for clock in (HANDLE, FINISH, RESPOND)]
    district = create_district(ids, (*others, *own), listed=False)
    until = at("2026-08-31 23:00")
    found = [walk(story, district.rules_of, until) for story in stories(district, [month_of("2026-06")], until, per_month=600)]
    assert len(found) > 500
    assert [(step.action, refused.code) for life in found for step, refused in life.refused] == []
    assert {turn.limit for life in found for turn in life.case.turns if turn.kind == "dispatch"} == {limit}


def test_every_stage_comes_of_a_move(year: list[Life]) -> None:
    for life in year:
        (first, _), *others = life.happened
        assert (first.action, first.to_stage) == ("report", "reported")
        for before, after in pairwise(happening for happening, _ in life.happened):
            assert after.from_stage == before.to_stage and after.happened_at >= before.happened_at
        for happening, _ in others:
            move = BY_ACTION[happening.action]
            stays = happening.from_stage == happening.to_stage and happening.from_stage in move.stages
            assert stays or (happening.from_stage, happening.to_stage) in move.edges
        assert life.happened[-1][0].to_stage == life.case.stage


def test_what_is_said_is_what_the_doors_ask_for(year: list[Life]) -> None:
    words: dict[str, set[str]] = {}
    for row in usual("dictionaries"):
        words.setdefault(row["dictionary"], set()).add(row["code"])
    asked = 0
    for step in (step for life in year for step in life.story.steps):
        needs = {need.name: need for need in BY_ACTION[step.action].needs}
        assert set(step.said) <= set(needs)
        for name, need in needs.items():
            value = step.said.get(name)
            assert not need.required or value not in (None, ""), (step.action, name)
            if value is None:
                continue
            asked += 1
            if need.kind == "choice":
                assert value in words[need.of], (step.action, name, value)
            elif need.kind == "choices":
                assert set(value) <= words[need.of]
            elif need.kind in ("text", "long"):
                assert len(value) >= need.least, (step.action, name, value)
    assert asked > 50_000


def test_nothing_is_known_before_it_happens(year: list[Life], until: datetime) -> None:
    for life in year:
        for name, moment in moments(life.case):
            assert moment.utcoffset() == timedelta() and moment.microsecond == 0
            assert name in AHEAD or name.endswith("due_at") or moment <= until, (name, life.story.source_no)


def test_every_stage_fits_its_times(year: list[Life]) -> None:
    for life in live(year):
        case, last = life.case, life.case.turn
        assert (case.stage in CLOSED) == (case.completed_at is not None) == bool(case.opinion)
        assert (case.stage == "reported") == (last is None)
        if last:
            assert (case.stage == "dispatched") == (last.signed_at is None and last.kind != "reopen")
            assert (last.completed_at is not None) == (case.stage in CLOSED)
            assert last.returned != "approved"
        if case.stage in {"called", "consulting"}:
            assert case.call_list
        assert bool(case.rating) == (case.rated_at is not None)
        assert (case.stage == "archived") == (case.archived_at is not None)


def test_rounds_follow_one_another(year: list[Life]) -> None:
    kinds: Counter[str] = Counter()
    for life in year:
        turns = life.case.turns
        kinds.update(turn.kind for turn in turns)
        assert [turn.ordinal for turn in turns] == list(range(1, len(turns) + 1))
        for before, after in pairwise(turns):
            assert before.unit_id != after.unit_id or after.kind == "reopen"
            assert (before.returned == "approved") + (before.withdrawn_at is not None) + (before.completed_at is not None) == 1
    assert all(kinds[kind] >= 10 for kind in ("dispatch", "backstop", "escalation", "reopen"))


def test_nobody_reviews_the_own_work_and_everybody_acts_for_the_own_unit(year: list[Life]) -> None:
    for life in year:
        done = {(h.action, who.name) for h, who in life.happened}
        worked = {name for action, name in done if action in ("claim_done", "complete")}
        assert worked.isdisjoint(name for action, name in done if action in ("take_review", "pass_review", "fail_review"))
        for happening, who in life.happened:
            assert who.user_id is None and (who.unit_id is not None) == (who.name not in {"system", "citizen"}), happening.action


def test_a_department_answers_before_it_comes_and_finishes_before_the_ticket_does(year: list[Life]) -> None:
    for life in year:
        for part in life.case.parts:
            assert part.due_at and part.response_due_at
            known = [moment for moment in (part.signed_at, part.responded_at, part.reported_in_at) if moment]
            assert known == sorted(known)
            if part.finished_at:
                assert part.responded_at and part.responded_at <= part.finished_at
                assert life.case.completed_at is None or part.finished_at <= life.case.completed_at
            assert (part.arrival in {"on_time", "late"}) == (part.reported_in_at is not None)


def test_places_lie_in_the_ticket_s_street_town_and_people_are_masked(year: list[Life], ids: Ids) -> None:
    street = {ids.communities[row["code"]]: ids.street_towns[row["street_town"]] for row in rows("communities")}
    for facts in (life.story.facts for life in year):
        assert street[facts["community_id"]] == facts["street_town_id"]
        assert facts["longitude"] is None or 119.2403 < facts["longitude"] < 119.3178
        assert facts["latitude"] is None or 26.0615 < facts["latitude"] < 26.1257
        assert (facts["longitude"] is None) == (facts["latitude"] is None)
        assert re.fullmatch(r"(.\*\*)?", facts["reporter_name"])
        assert re.fullmatch(r"(1\d\d\*{4}\d{4})?", facts["reporter_phone"])
        assert "{" not in facts["title"] + facts["description"]
        assert 0 < len(facts["title"]) <= 60 and facts["address"]


def test_no_source_number_stands_twice(year: list[Life]) -> None:
    assert len({life.story.source_no for life in year}) == len(year)


@pytest.mark.parametrize("moment", ["2026-11-01 08:30", "2026-11-15 03:00", "2026-11-24 10:00", "2026-11-28 20:00", "2026-12-01 00:00"])
def test_all_nine_stages_are_peopled_at_the_end_whatever_the_hour(make: Make, moment: str) -> None:
    found = {life.case.stage for life in make([month_of("2026-10"), month_of("2026-11")], at(moment))}
    assert found == {stage.code for stage in STAGES} | {"archived"}


def test_the_demo_opens_with_work_in_every_stage(year: list[Life]) -> None:
    found = Counter(life.case.stage for life in live(year))
    assert all(found[stage.code] >= 4 for stage in STAGES)
    assert 200 < sum(found.values()) - found["archived"] < 900
    assert found["handling"] > found["called"]


def test_some_open_tickets_are_overdue(year: list[Life], until: datetime) -> None:
    overdue = [life for life in live(year) if life.case.completed_at is None and life.case.due_at and life.case.due_at < until]
    assert 3 <= len(overdue) <= 60


def test_once_everything_has_had_its_time_everything_is_archived(make: Make) -> None:
    found = make([month_of("2026-04")], at("2026-10-01 00:00"), 600)
    assert {life.case.stage for life in live(found)} == {"archived"}
    assert {life.case.ended for life in found} == {"", "voided", "merged"}


def test_the_same_seed_makes_the_same_months_and_another_seed_others(make: Make) -> None:
    months = [month_of("2026-03"), month_of("2026-04")]
    until = at("2026-04-20 10:00")
    assert make(months, until) == make(months, until)
    assert make(months, until) != make(months, until, seed=7)


PRINT = """
import hashlib
from app.domain.examples import at
from app.domain.period import month_of
from app.demo.tickets import Ids, stories
from app.demo.district import rows
from tests.demo.conftest import create_district, usual_clocks
number = lambda name, since: {row["code"]: n for n, row in enumerate(rows(name), since)}
ids = Ids(number("street_towns", 1), number("communities", 1), number("departments", 11), number("matters", 1), number("channels", 1),
          number("partners", 1), 99)
found = stories(create_district(ids, usual_clocks(), listed=True), [month_of("2026-08")], at("2026-08-20 08:00"), per_month=60)
told = [(s.source_no, sorted(s.facts.items()), [(t.at, t.actor.name, t.action, sorted(t.said.items())) for t in s.steps]) for s in found]
print(hashlib.sha256(repr(told).encode()).hexdigest())
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
    known = {life.story.source_no: life for life in late}
    moved = 0
    for before in early:
        after = known[before.story.source_no]
        seen = [(happening.action, happening.happened_at, who.name) for happening, who in before.happened]
        assert seen == [(happening.action, happening.happened_at, who.name) for happening, who in after.happened][: len(seen)]
        moved += len(after.happened) > len(seen)
    assert moved > 3


def test_months_without_tickets_and_no_months_make_none(make: Make) -> None:
    assert make([month_of("2026-06")], at("2026-06-01 00:00")) == []
    assert make([], at("2026-06-01 00:00")) == []


def test_a_code_that_nobody_knows_is_an_error(district: District) -> None:
    ids = district.ids
    poor = District(Ids({}, ids.communities, ids.departments, ids.matters, ids.channels), district.calendar, district.rules_of)
    with pytest.raises(KeyError):
        next(stories(poor, [month_of("2026-06")], at("2026-07-01 00:00")))
