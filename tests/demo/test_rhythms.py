"""The demo year is believable: shares, rhythms and units lie where a district's would."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.district import rows
from app.demo.rhythm import storm_days
from app.demo.tickets import Ids
from app.demo.walk import Life
from app.domain.calendar import WorkingCalendar
from app.domain.period import Period, month_of
from tests.demo.conftest import CALENDAR, MAKEUP

Make = Callable[..., list[Life]]
CITY = ZoneInfo("Asia/Shanghai")
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(scope="module")
def over(make: Make, months: list[Period]) -> list[Life]:
    """The same twelve months, looked at when everything is over."""
    return make(months, months[-1].end + timedelta(days=90), 1200)


@pytest.fixture(scope="module")
def finished(over: list[Life]) -> list[Life]:
    """Those that were settled; what was void or merged aside."""
    return [life for life in over if not life.case.ended]


def share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def local(instant: datetime) -> datetime:
    return instant.astimezone(CITY)


def on_time(life: Life) -> bool:
    assert life.case.completed_at and life.case.due_at
    return life.case.completed_at <= life.case.due_at


def test_a_year_has_twelve_times_the_mean_month(over: list[Life]) -> None:
    reported = [life for life in over if not life.story.whole]
    assert len(reported) == 14_400
    months = Counter(local(life.case.reported_at).month for life in reported)
    assert months[2] == min(months.values()) and months[7] == max(months.values())


def test_everything_that_may_come_between_does(over: list[Life], finished: list[Life]) -> None:
    done = Counter(happening.action for life in over for happening, _ in life.happened)
    often = ("request_extension", "request_suspension", "approve_extension", "reject_extension", "approve_suspension", "follow_up", "note")
    assert all(done[action] >= 80 for action in often), done
    rare = (
        "void",
        "merge",
        "split",
        "escalate",
        "backstop",
        "reopen",
        "supervise",
        "answer_order",
        "refer",
        "lapse_return",
        "cancel_return",
    )
    assert all(done[action] >= 8 for action in rare), done
    calls = ("withdraw_call", "return_call", "accept_call_return", "reject_call_return", "mark_absent", "report_in", "conclude")
    assert all(done[action] >= 8 for action in calls), done
    assert done["resume"] > 20 and done["resume_on_time"] > 20 and done["archive_on_time"] > done["archive"] > 1000
    assert done["fail_review"] > done["reject_claim"] > 20
    split = [life for life in over if life.story.whole]
    assert len(split) == done["split"] == done["amend"]
    assert share(life.case.extensions_granted > 0 for life in finished) == pytest.approx(0.015, abs=0.007)


def test_units_rate_each_other_as_a_rule_and_some_do_not(finished: list[Life]) -> None:
    mutual = [rating for life in finished for rating in life.case.ratings if rating.part]
    assert {rating.state for rating in mutual} == {"given", "missed"}
    assert 0.7 < share(rating.state == "given" for rating in mutual) < 0.9
    given = [rating for rating in mutual if rating.state == "given"]
    assert 0.8 < share(rating.accuracy == "accurate" for rating in given if rating.accuracy) < 0.95
    assert {rating.accuracy for rating in given} == {"", "accurate", "partly", "not_ours", "own"}
    assert {rating.arrival for rating in given} == {"", "on_time", "late", "remote", "absent"}
    assert {rating.effect for rating in given} == {"", "solved", "partly", "unsolved"}
    arrivals = Counter(part.arrival for life in finished for part in life.case.parts if part.valid)
    assert arrivals["on_time"] > 10 * arrivals["late"] > 0 and arrivals["absent"] > 20


def test_a_clock_that_stood_still_over_a_make_up_saturday_lost_its_working_hours(finished: list[Life]) -> None:
    found = [
        (pause, turn)
        for life in finished
        for pause in life.case.pauses
        for turn in life.case.turns[pause.round - 1 : pause.round]
        if pause.reason != "under_review" and pause.from_at and pause.to_at and len(life.case.pauses) == 1
        if any(local(pause.from_at).date() < saturday < local(pause.to_at).date() for saturday in MAKEUP)
    ]
    assert found
    for pause, turn in found:
        assert pause.from_at and pause.to_at and turn.base_due_at and turn.due_at
        stood = CALENDAR.working_time_between(pause.from_at, pause.to_at)
        assert stood >= timedelta(hours=8)
        assert CALENDAR.working_time_between(turn.base_due_at, turn.due_at) == stood


def test_channels_are_mixed_as_a_district_s_are(finished: list[Life], ids: Ids) -> None:
    used = Counter(life.story.facts["channel_id"] for life in finished)
    mix = {code: used[key] / len(finished) for code, key in ids.channels.items()}
    assert mix["HOTLINE_12345"] == pytest.approx(0.47, abs=0.02)
    assert mix["GRID"] == pytest.approx(0.25, abs=0.02)
    assert mix["BRAIN_APP"] == pytest.approx(0.13, abs=0.015)
    assert mix["XINGFUTONG"] == pytest.approx(0.09, abs=0.015)
    assert all(mix.values())


def test_urgencies_natures_and_results_are_mixed(finished: list[Life]) -> None:
    urgency = Counter(life.case.urgency for life in finished)
    assert urgency["at_once"] / len(finished) == pytest.approx(0.06, abs=0.012)
    assert urgency["quickly"] / len(finished) == pytest.approx(0.54, abs=0.03)
    assert urgency["within_limit"] / len(finished) == pytest.approx(0.40, abs=0.03)
    nature = Counter(life.story.facts["nature"] for life in finished)
    assert len(nature) == 7 and nature.most_common(1)[0][0] == "complaint"
    assert share(life.case.result == "solved" for life in finished) > 0.6


def test_returns_calls_reworks_and_ratings_are_as_frequent_as_they_should_be(finished: list[Life]) -> None:
    assert share(life.case.turns[0].returned != "" for life in finished) == pytest.approx(0.033, abs=0.007)
    decisions = Counter(turn.returned for life in finished for turn in life.case.turns)
    assert decisions["approved"] > decisions["rejected"] > decisions["lapsed"] > 0
    assert share(bool(life.case.call_list) for life in finished) == pytest.approx(0.17, abs=0.02)
    assert share(len(call.parts) > 1 for life in finished for call in life.case.call_list) > 0.2
    assert 0.018 < share(life.case.reworks > 0 for life in finished) < 0.032
    assert share(life.case.rating != "" for life in finished) == pytest.approx(0.30, abs=0.02)
    ratings = Counter(life.case.rating for life in finished)
    assert ratings["satisfied"] / (len(finished) - ratings[""]) > 0.7
    assert 0.05 < share(life.case.proactive for life in finished) < 0.2
    assert 0.002 < share(life.case.fallback for life in finished) < 0.03


def test_dispatch_takes_minutes_and_signing_less_than_ten_as_a_rule(finished: list[Life]) -> None:
    waits = sorted(turn.dispatched_at - life.case.reported_at for life in finished for turn in life.case.turns[:1] if turn.dispatched_at)
    assert waits[len(waits) // 2] < timedelta(minutes=4)
    by_night: dict[bool, list[bool]] = defaultdict(list)
    for life in finished:
        for turn in life.case.turns:
            if turn.dispatched_at is None or turn.signed_at is None:
                assert turn.kind == "reopen"
                continue
            night = not 7 <= local(turn.dispatched_at).hour < 19
            by_night[night].append(turn.signed_at - turn.dispatched_at <= TEN_MINUTES)
    assert share(by_night[False]) > share(by_night[True]) > 0.8
    assert not any(turn.auto_signed for life in finished for turn in life.case.turns)


def test_street_towns_sign_and_complete_within_the_expected_bands(finished: list[Life], ids: Ids) -> None:
    for unit in ids.street_towns.values():
        own = [turn for life in finished for turn in life.case.turns if turn.unit_id == unit]
        signed = share(turn.signed_at - turn.dispatched_at <= TEN_MINUTES for turn in own if turn.signed_at and turn.dispatched_at)
        assert 0.87 < signed < 0.97
        assert 0.86 < share(on_time(life) for life in finished if life.case.street_town_id == unit) < 0.97


def test_departments_with_enough_work_answer_and_finish_within_the_expected_bands(finished: list[Life]) -> None:
    called = defaultdict(list)
    for life in finished:
        for call in life.case.call_list:
            for part in call.parts:
                if not part.withdrawn_at:
                    called[part.unit_id].append(part)
    busy = [own for own in called.values() if len(own) >= 100]
    assert len(busy) >= 8
    for own in busy:
        assert (
            share(p.responded_at is not None and p.response_due_at is not None and p.responded_at <= p.response_due_at for p in own) > 0.82
        )
        assert 0.80 < share(p.finished_at is not None and p.due_at is not None and p.finished_at <= p.due_at for p in own) < 0.99


def test_two_street_towns_run_neck_and_neck_one_rises_and_one_falls(finished: list[Life], ids: Ids, months: list[Period]) -> None:
    def rate(code: str, span: list[Period]) -> float:
        unit = ids.street_towns[code]
        return share(
            on_time(life) for life in finished if life.case.street_town_id == unit and any(month.holds(life.case.due_at) for month in span)
        )

    dongjie, huada, wenquan, shuibu = "350102004", "350102007", "350102003", "350102008"
    assert abs(rate(dongjie, months) - rate(huada, months)) < 0.01
    assert rate(wenquan, months[-3:]) - rate(wenquan, months[:3]) > 0.03
    assert rate(shuibu, months[:3]) - rate(shuibu, months[-3:]) > 0.03
    ranked = sorted(ids.street_towns, key=lambda code: rate(code, months))
    assert set(ranked[-2:]) == {dongjie, huada}
    assert rate(ranked[-1], months) - rate(ranked[0], months) > 0.04


def test_work_is_completed_in_office_hours_as_a_rule(finished: list[Life], calendar: WorkingCalendar) -> None:
    def at_work(instant: datetime) -> bool:
        wall = local(instant)
        return calendar.is_working(wall.date()) and (8 <= wall.hour < 12 or 14 <= wall.hour < 18)

    assert 0.8 < share(at_work(life.case.completed_at) for life in finished if life.case.completed_at) < 0.97


def test_the_day_has_a_morning_peak_and_noise_comes_in_the_evening(finished: list[Life], ids: Ids) -> None:
    hours = Counter(local(life.case.reported_at).hour for life in finished)
    assert hours.most_common(1)[0][0] in {9, 10}
    assert hours[3] < hours[10] / 10
    noise = ids.matters["05001"]
    assert share(local(life.case.reported_at).hour >= 20 for life in finished if life.case.matter_id == noise) > 0.3
    weekdays = Counter(local(life.case.reported_at).weekday() for life in finished)
    assert max(weekdays[5], weekdays[6]) < min(weekdays[day] for day in range(5))


def test_holidays_are_quiet_and_typhoons_are_not(finished: list[Life], ids: Ids) -> None:
    days = Counter(local(life.case.reported_at).date() for life in finished)
    holiday = [days[date(2026, 10, day)] for day in (1, 2, 5, 6, 7)]
    after = [days[date(2026, 10, day)] for day in (8, 9, 12, 13, 14)]
    assert sum(holiday) < 0.85 * sum(after)
    storm = storm_days(month_of("2026-08"))
    assert len(storm) == 2 and storm_days(month_of("2026-03")) == ()
    hazards = {ids.matters[code] for code in ("06002", "08011", "08013", "02010")}
    found = Counter(local(life.case.reported_at).date() for life in finished if life.case.matter_id in hazards)
    august = [day for day in found if day.month == 8]
    assert sum(found[day] for day in storm) > 0.3 * sum(found[day] for day in august)


def test_every_street_town_has_its_own_kind_of_matters(finished: list[Life], ids: Ids) -> None:
    tourism = ids.matters["11008"]
    where = Counter(life.case.street_town_id for life in finished if life.case.matter_id == tourism)
    assert where.most_common(1)[0][0] == ids.street_towns["350102005"]
    assert {life.story.facts["community_id"] for life in finished} == {ids.communities[row["code"]] for row in rows("communities")}
