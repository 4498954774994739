"""Appeals by the rules alone: the window in working days, whose turn it is, who may speak, and what a verdict grants."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.appeals import (
    CHECK,
    LEAD,
    OPEN,
    PARTLY,
    REJECTED,
    REVIEW,
    STATES,
    UPHELD,
    Heard,
    granted_of,
    node_of,
    nodes,
    why_not_decide,
    window_ends,
)
from app.domain.calendar import MAKEUP, OFF, WorkingCalendar
from app.domain.examples import at
from app.domain.refusals import Refused

CALENDAR = WorkingCalendar("1", {date(2026, 2, 14): MAKEUP, **{date(2026, 2, day): OFF for day in range(15, 24)}}, frozenset({2026}))


@pytest.mark.parametrize(
    ("published", "days", "ends"),
    [
        ("2026-03-03 10:00", 3, "2026-03-06 18:00"),  # Tuesday: Wednesday, Thursday, Friday
        ("2026-03-03 23:30", 1, "2026-03-04 18:00"),
        ("2026-03-06 09:00", 1, "2026-03-09 18:00"),  # over the weekend
        ("2026-02-13 17:30", 1, "2026-02-14 18:00"),  # a Saturday worked in exchange
        ("2026-02-13 17:30", 2, "2026-02-24 18:00"),  # and then the holiday
    ],
)
def test_the_window_closes_with_the_office_hours_of_its_last_working_day(published: str, days: int, ends: str) -> None:
    assert window_ends(CALENDAR, at(published), days) == at(ends)


def test_nodes_speak_in_their_order() -> None:
    assert nodes(3) == (CHECK, REVIEW, LEAD)
    assert nodes(2) == (CHECK, LEAD)
    assert node_of(nodes(2), []) == CHECK
    assert node_of(nodes(2), [Heard(CHECK, 1)]) == LEAD
    assert node_of(nodes(2), [Heard(CHECK, 1), Heard(LEAD, 2)]) == ""


@pytest.mark.parametrize(
    ("who", "units", "entered", "allowed"),
    [
        (5, frozenset(), frozenset(), True),
        (None, frozenset(), frozenset(), False),
        (1, frozenset(), frozenset(), False),  # filed it
        (2, frozenset(), frozenset(), False),  # spoke before
        (5, frozenset({40}), frozenset(), False),  # works for the unit
        (5, frozenset(), frozenset({5}), False),  # entered the deduction
        (5, frozenset({41}), frozenset({6}), True),
    ],
)
def test_nobody_decides_the_own_matter_or_twice(who: int | None, units: frozenset[int], entered: frozenset[int], allowed: bool) -> None:
    assert (why_not_decide(who, 1, [Heard(CHECK, 2)], entered, units, 40) is None) is allowed


def test_a_verdict_grants_all_some_or_nothing_of_what_was_asked() -> None:
    assert granted_of(UPHELD, [7, 8], [], manual=False) == (7, 8)
    assert granted_of(PARTLY, [7, 8], [8], manual=False) == (8,)
    assert granted_of(REJECTED, [7, 8], [7], manual=False) == ()
    assert granted_of(PARTLY, [], [], manual=True) == ()
    for chosen in ([], [7, 8], [9]):
        with pytest.raises(Refused):
            granted_of(PARTLY, [7, 8], chosen, manual=False)
    with pytest.raises(Refused):
        granted_of(OPEN, [7], [], manual=False)
    assert set(STATES) >= {UPHELD, PARTLY, REJECTED}
