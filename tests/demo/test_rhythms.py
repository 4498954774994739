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
from app.domain.calendar import WorkingCalendar
from app.domain.history import TicketHistory
from app.domain.period import Period, month_of

Make = Callable[..., list[TicketHistory]]
CITY = ZoneInfo("Asia/Shanghai")
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(scope="module")
def finished(make: Make, months: list[Period]) -> list[TicketHistory]:
    """The same twelve months, looked at when everything is over."""
    return make(months, months[-1].end + timedelta(days=90), 1200)


def share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def local(instant: datetime) -> datetime:
    return instant.astimezone(CITY)


def on_time(history: TicketHistory) -> bool:
    assert history.completed_at and history.due_at
    return history.completed_at <= history.due_at


def test_a_year_has_twelve_times_the_mean_month(finished: list[TicketHistory]) -> None:
    assert len(finished) == 14_400
    months = Counter(local(history.reported_at).month for history in finished)
    assert months[2] == min(months.values()) and months[7] == max(months.values())


def test_channels_are_mixed_as_a_district_s_are(finished: list[TicketHistory], ids: Ids) -> None:
    used = Counter(history.channel_id for history in finished)
    mix = {code: used[key] / len(finished) for code, key in ids.channels.items()}
    assert mix["HOTLINE_12345"] == pytest.approx(0.47, abs=0.02)
    assert mix["GRID"] == pytest.approx(0.25, abs=0.02)
    assert mix["BRAIN_APP"] == pytest.approx(0.13, abs=0.015)
    assert mix["XINGFUTONG"] == pytest.approx(0.09, abs=0.015)
    assert all(mix.values())


def test_urgencies_natures_and_results_are_mixed(finished: list[TicketHistory]) -> None:
    urgency = Counter(history.urgency for history in finished)
    assert urgency["at_once"] / len(finished) == pytest.approx(0.06, abs=0.012)
    assert urgency["quickly"] / len(finished) == pytest.approx(0.54, abs=0.03)
    assert urgency["within_limit"] / len(finished) == pytest.approx(0.40, abs=0.03)
    nature = Counter(history.nature for history in finished)
    assert len(nature) == 7 and nature.most_common(1)[0][0] == "complaint"
    assert share(history.result == "solved" for history in finished) > 0.6


def test_returns_calls_reworks_and_ratings_are_as_frequent_as_they_should_be(finished: list[TicketHistory]) -> None:
    assert share(history.rounds[0].returned != "" for history in finished) == pytest.approx(0.033, abs=0.007)
    decisions = Counter(turn.returned for history in finished for turn in history.rounds)
    assert decisions["approved"] > decisions["rejected"] > decisions["lapsed"] > 0
    assert share(bool(history.calls) for history in finished) == pytest.approx(0.17, abs=0.02)
    assert share(len(call.departments) > 1 for history in finished for call in history.calls) > 0.2
    assert 0.018 < share(history.reworks > 0 for history in finished) < 0.032
    assert share(history.rating != "" for history in finished) == pytest.approx(0.30, abs=0.02)
    ratings = Counter(history.rating for history in finished)
    assert ratings["satisfied"] / (len(finished) - ratings[""]) > 0.7
    assert 0.05 < share(history.proactive for history in finished) < 0.2
    assert 0.002 < share(history.fallback for history in finished) < 0.03


def test_dispatch_takes_minutes_and_signing_less_than_ten_as_a_rule(finished: list[TicketHistory]) -> None:
    waits = sorted(turn.dispatched_at - history.reported_at for history in finished for turn in history.rounds[:1] if turn.dispatched_at)
    assert waits[len(waits) // 2] < timedelta(minutes=4)
    by_night: dict[bool, list[bool]] = defaultdict(list)
    for history in finished:
        for turn in history.rounds:
            assert turn.dispatched_at and turn.signed_at
            night = not 7 <= local(turn.dispatched_at).hour < 19
            by_night[night].append(turn.signed_at - turn.dispatched_at <= TEN_MINUTES)
    assert share(by_night[False]) > share(by_night[True]) > 0.8
    assert any(turn.auto_signed for history in finished for turn in history.rounds)


def test_street_towns_sign_and_complete_within_the_expected_bands(finished: list[TicketHistory], ids: Ids) -> None:
    for unit in ids.street_towns.values():
        own = [turn for history in finished for turn in history.rounds if turn.unit_id == unit]
        signed = share(turn.signed_at - turn.dispatched_at <= TEN_MINUTES for turn in own if turn.signed_at and turn.dispatched_at)
        assert 0.87 < signed < 0.97
        assert 0.86 < share(on_time(history) for history in finished if history.street_town_id == unit) < 0.97


def test_departments_with_enough_work_answer_and_finish_within_the_expected_bands(finished: list[TicketHistory]) -> None:
    called = defaultdict(list)
    for history in finished:
        for call in history.calls:
            for part in call.departments:
                if not part.withdrawn_at:
                    called[part.department_id].append(part)
    busy = [own for own in called.values() if len(own) >= 100]
    assert len(busy) >= 8
    for own in busy:
        assert (
            share(p.responded_at is not None and p.response_due_at is not None and p.responded_at <= p.response_due_at for p in own) > 0.82
        )
        assert 0.80 < share(p.finished_at is not None and p.due_at is not None and p.finished_at <= p.due_at for p in own) < 0.99


def test_two_street_towns_run_neck_and_neck_one_rises_and_one_falls(finished: list[TicketHistory], ids: Ids, months: list[Period]) -> None:
    def rate(code: str, span: list[Period]) -> float:
        unit = ids.street_towns[code]
        return share(
            on_time(history)
            for history in finished
            if history.street_town_id == unit and any(month.holds(history.due_at) for month in span)
        )

    dongjie, huada, wenquan, shuibu = "350102004", "350102007", "350102003", "350102008"
    assert abs(rate(dongjie, months) - rate(huada, months)) < 0.01
    assert rate(wenquan, months[-3:]) - rate(wenquan, months[:3]) > 0.03
    assert rate(shuibu, months[:3]) - rate(shuibu, months[-3:]) > 0.03
    ranked = sorted(ids.street_towns, key=lambda code: rate(code, months))
    assert set(ranked[-2:]) == {dongjie, huada}
    assert rate(ranked[-1], months) - rate(ranked[0], months) > 0.04


def test_work_is_completed_in_office_hours_as_a_rule(finished: list[TicketHistory], calendar: WorkingCalendar) -> None:
    def at_work(instant: datetime) -> bool:
        wall = local(instant)
        return calendar.is_working(wall.date()) and (8 <= wall.hour < 12 or 14 <= wall.hour < 18)

    assert 0.8 < share(at_work(history.completed_at) for history in finished if history.completed_at) < 0.97


def test_the_day_has_a_morning_peak_and_noise_comes_in_the_evening(finished: list[TicketHistory], ids: Ids) -> None:
    hours = Counter(local(history.reported_at).hour for history in finished)
    assert hours.most_common(1)[0][0] in {9, 10}
    assert hours[3] < hours[10] / 10
    noise = ids.matters["05001"]
    assert share(local(history.reported_at).hour >= 20 for history in finished if history.matter_id == noise) > 0.3
    weekdays = Counter(local(history.reported_at).weekday() for history in finished)
    assert max(weekdays[5], weekdays[6]) < min(weekdays[day] for day in range(5))


def test_holidays_are_quiet_and_typhoons_are_not(finished: list[TicketHistory], ids: Ids) -> None:
    days = Counter(local(history.reported_at).date() for history in finished)
    holiday = [days[date(2026, 10, day)] for day in (1, 2, 5, 6, 7)]
    after = [days[date(2026, 10, day)] for day in (8, 9, 12, 13, 14)]
    assert sum(holiday) < 0.85 * sum(after)
    storm = storm_days(month_of("2026-08"))
    assert len(storm) == 2 and storm_days(month_of("2026-03")) == ()
    hazards = {ids.matters[code] for code in ("06002", "08011", "08013", "02010")}
    found = Counter(local(history.reported_at).date() for history in finished if history.matter_id in hazards)
    august = [day for day in found if day.month == 8]
    assert sum(found[day] for day in storm) > 0.3 * sum(found[day] for day in august)


def test_every_street_town_has_its_own_kind_of_matters(finished: list[TicketHistory], ids: Ids) -> None:
    tourism = ids.matters["11008"]
    where = Counter(history.street_town_id for history in finished if history.matter_id == tourism)
    assert where.most_common(1)[0][0] == ids.street_towns["350102005"]
    assert {history.community_id for history in finished} == {ids.communities[row["code"]] for row in rows("communities")}
