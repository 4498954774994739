"""Data checks: each finds what it is there for, in tickets that were walked and then spoilt, and nothing in those that are well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused
from app.entities.assignment_round import AssignmentRound
from app.entities.calendar_year import CalendarYear
from app.entities.called_unit import CalledUnit
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.queries.checks import all_checks
from app.queries.quality import finding
from app.services.evaluation import compute, publish
from tests.services.cycle import MARCH, Cycle
from tests.services.month_of_tickets import city


def ticket(cycle: Cycle, letter: str, **values: Any) -> None:
    """Spoil a ticket by SQL: no service would."""
    _change(Ticket, Ticket.id == cycle.ticket(letter).id, **values)


def _change(entity: Any, where: Any, **values: Any) -> None:
    with transaction() as session, acting_as(SYSTEM):
        session.execute(update(entity).where(where).values(**values).execution_options(synchronize_session=False))


def _first_round(cycle: Cycle, letter: str) -> Any:
    return AssignmentRound.ticket_id == cycle.ticket(letter).id


def _reopened_call(cycle: Cycle) -> None:
    with acting_as(SYSTEM):
        part = (
            db.session.execute(select(CalledUnit.id).where(CalledUnit.unit_id == cycle.office.police.id).order_by(CalledUnit.id))
            .scalars()
            .first()
        )
    _change(CalledUnit, CalledUnit.id == part, finished_at=None)


def _alike(cycle: Cycle) -> None:
    ticket(cycle, "E", title="事项 A", reported_at=city("02 09:00"), address="温泉支路 112 号")


SPOILT: dict[str, tuple[Callable[[Cycle], None], str]] = {
    "future": (lambda c: ticket(c, "A", rated_at=city("05-02 09:00")), "A"),
    "order": (lambda c: ticket(c, "A", completed_at=city("02 08:59")), "A"),
    "signed_early": (lambda c: _change(AssignmentRound, _first_round(c, "A"), signed_at=city("02 08:59")), "A"),
    "open_call": (_reopened_call, "B"),
    "no_opinion": (lambda c: ticket(c, "A", opinion=""), "A"),
    "place": (lambda c: ticket(c, "A", street_town_id=None), "A"),
    "unit": (lambda c: ticket(c, "A", unit_id=None), "A"),
    "due": (lambda c: ticket(c, "A", due_at=None), "A"),
    "inactive_unit": (lambda c: _change(Unit, Unit.id == c.office.police.id, valid_from=date(2026, 3, 31)), ""),
    "duplicate_number": (lambda c: ticket(c, "B", source_no=f" {c.ticket('A').source_no.lower()}"), "AB"),
    "suspected_duplicate": (_alike, "AE"),
}


@pytest.fixture
def cycle(lite: Flask) -> Cycle:
    return Cycle()


def _found(cycle: Cycle, code: str) -> tuple[list[str], list[str]]:
    evaluation = cycle.does("eva", compute, MARCH)
    letters = {row.id: letter for letter, row in cycle.month.tickets.items()}
    with acting_as(SYSTEM):
        found = finding(db.session(), evaluation.id, code)
        return ([letters[one] for one in found.tickets], found.days) if found is not None else ([], [])


@pytest.mark.parametrize("code", SPOILT)
def test_a_check_finds_what_was_spoilt_and_nothing_before(cycle: Cycle, code: str) -> None:
    spoil, letters = SPOILT[code]
    assert _found(cycle, code) == ([], [])
    spoil(cycle)
    tickets, _ = _found(cycle, code)
    assert sorted(tickets) == sorted(letters) if letters else tickets
    if all_checks()[code].blocks:
        with pytest.raises(Refused, match="Not published"):
            cycle.does("eva", publish, MARCH)


def test_days_without_a_ticket_are_named_and_open_as_days(cycle: Cycle) -> None:
    tickets, days = _found(cycle, "gaps")
    reported = {city(at).date() for at in ("02 09:00", "03 09:00")}
    assert tickets == []
    assert "2026-03-01" in days
    assert not {day.isoformat() for day in reported} & set(days)


def test_a_year_without_notice_is_counted(cycle: Cycle) -> None:
    _change(CalendarYear, CalendarYear.year == 2026, known=False)
    evaluation = cycle.does("eva", compute, MARCH)
    assert next(check["count"] for check in evaluation.checks if check["code"] == "calendar") == 1


def test_blocking_checks_stand_first_and_every_check_says_what_to_do() -> None:
    checks = list(all_checks().values())
    assert [one.blocks for one in checks] == sorted((one.blocks for one in checks), reverse=True)
    assert all(one.title and one.advice for one in checks)
