"""A month of tickets that were walked through the services, and every figure of it counted by hand, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.facts import NO_LEDGER_TELLS
from app.domain.history import RoundHistory, TicketHistory
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.queries.scores import scorecard_of
from app.services.evaluation import compute
from app.services.ledger import Entry, record
from tests.services.month_of_tickets import Month, city, walk_the_month

Pair = tuple[int, int]

STREET: dict[str, Pair] = {
    "VOLUME": (11, 11),  # A B C D E F I J K M N of 11 in the group; L was reported in February, G and H are void and merged
    "CARRY": (1, 12),  # L, of it and the eleven; E came back within the month and was not brought along
    "DONE": (9, 12),  # A B C D E E' K L N done; I J M open; F stands still and is not due
    "DONE_OT": (6, 12),  # A B C E K N; D, E' and L were late
    "OVER_OPEN": (3, 12),  # I J M
    "SAT": (4, 6),  # A C D E' content; B and the first life of E not; K found without a citizen
    "SOLVE": (2, 4),  # C E' solved; B partly, E not
    "REWORK": (2, 8),  # D E' of the closings that stood: A B C D E' K L N
    "DISP_ACC": (7, 8),  # all of these but C
    "SIGN10": (7, 8),  # A B C E K M N in time, I after 20 minutes
    "FIRST": (4, 6),  # A C E M; B and N spoke to nobody; I was taken over before, K has no citizen, L belongs to February
    "RETURN": (0, 8),  # A B C E I K M N
    "EXT": (1, 9),  # C of A B C E E' K L M N
    "HANG": (0, 9),
    "CALL_USE": (2, 8),  # B M
    "CALL_DUE": (2, 3),  # B M; N, where the list gives the lead to the police, was settled alone
    "CALL_ACC": (2, 2),  # parks on B, in halves; the police said nothing
    "UNRATED": (0, 2),  # both departments of B were rated
}
PARKS: dict[str, Pair] = {
    "VOLUME": (5, 8),  # D F J, the calls of B and M (third); the first call of M went back with approval
    "CARRY": (0, 5),
    "DONE": (2, 4),  # D and the call of B done; J only claimed, the call of M open; F was taken back in time
    "DONE_OT": (2, 4),
    "OVER_OPEN": (2, 4),
    "SIGN10": (2, 2),  # D J; F was taken away within 600 seconds
    "FIRST": (1, 2),  # J; not D
    "RETURN": (0, 3),  # D (rejected) F J
    "RETURN_BAD": (1, 2),  # D rejected, the call of M approved
    "EXT": (0, 2),  # D J
    "HANG": (1, 2),  # D
    "REWORK": (1, 2),  # D, of it and the finished call of B
    "SAT": (1, 1),  # D
    "RESP": (2, 3),  # B to the second, M by a justified return; the third call of M too late
    "RESP_ANY": (3, 3),
    "REPORTIN": (2, 2),  # B within the grace, M early
    "MUT_ARR": (2, 2),
    "MUT_EFF": (2, 2),
    "UNRATED": (0, 1),
}
POLICE: dict[str, Pair] = {
    "VOLUME": (3, 8),  # F, the calls of B and M; C went back with approval
    "CARRY": (0, 3),
    "DONE": (1, 1),  # the call of B; F stands still, the call of M was withdrawn in time
    "DONE_OT": (1, 1),
    "OVER_OPEN": (0, 1),
    "SIGN10": (1, 1),  # F; C is void
    "FIRST": (1, 1),
    "RETURN": (1, 2),  # C of C and F
    "RETURN_BAD": (0, 1),
    "EXT": (0, 0),
    "HANG": (0, 0),
    "REWORK": (0, 1),
    "SAT": (0, 0),
    "RESP": (0, 2),  # B a minute late, M never
    "RESP_ANY": (1, 2),
    "REPORTIN": (0, 2),  # B a minute late, M absent
    "MUT_ARR": (1, 2),  # late counts half
    "MUT_EFF": (1, 2),  # partly counts half
    "UNRATED": (1, 1),
}
BY_SQL = {"REPEAT", "PROACT", "RATED", "EXCLUDED"}
"""Shown since the hand counted; plain SQL counts them in the same month (``test_fact_recount``)."""
WAITING = {
    ("S-1", "DONE"): 1, ("S-1", "DONE_OT"): 1, ("S-1", "OVER_OPEN"): 1,
    ("D-2", "DONE"): 1, ("D-2", "DONE_OT"): 1, ("D-2", "OVER_OPEN"): 1, ("D-2", "EXT"): 1, ("D-2", "HANG"): 1,
}  # fmt: skip
"""F stands still at the cut-off."""


@pytest.fixture
def march(app: Flask) -> Month:
    month = walk_the_month()
    month.office.at = city("04-05 09:00")
    return month


def computed(month: Month) -> Evaluation:
    with month.office.now(), acting_as(SYSTEM):
        return compute("2026-03")


def test_every_figure_of_a_walked_month_is_what_a_hand_counts(march: Month) -> None:
    with acting_as(SYSTEM):
        card = scorecard_of(db.session(), computed(march))
    counted = {unit.code: unit.lines for group in card.groups for unit in (*group.units, *group.apart)}
    for code, expected in (("S-1", STREET), ("D-1", PARKS), ("D-2", POLICE)):
        assert {name: (line.n, line.d) for name, line in counted[code].items() if name in expected} == expected, code
        assert set(counted[code]) - BY_SQL == set(expected), code
    by_hand = [(unit, name, line) for unit, lines in counted.items() for name, line in lines.items() if name not in BY_SQL]
    pending = {(unit, name): line.pending for unit, name, line in by_hand if line.pending}
    assert pending == WAITING
    assert not any(line.unknown or line.excluded for _, _, line in by_hand)
    assert set(counted) == {"S-1", "S-2", "D-1", "D-2"}, "the command centre is not assessed"


def test_the_same_month_computed_again_has_the_same_seal(march: Month) -> None:
    first = computed(march).snapshot_hash
    assert computed(march).snapshot_hash == first


def test_what_one_side_said_is_not_even_kept_before_both_may_read_it(app: Flask) -> None:
    """Rated before the cut-off, open to both after it: pending in March without a word, counted in April, and only there."""
    m = Month()
    m.report("P", "30 09:00", sign="30 09:01")
    m.do("clerk", "30 09:10", "call", lead=m.office.parks.id, reason="expertise", appointment_at=city("30 10:00"))
    m.do("gardener", "30 09:59", "report_in", m.part(1, "parks"))
    m.do("clerk", "30 10:30", "conclude", opinion="由园林部门当场处置完毕。")
    m.do("gardener", "30 11:00", "finish", m.part(1, "parks"), note="已处置。")
    m.completed("30 15:00")
    m.reviewed("04-01 09:00")
    m.do("clerk", "04-02 09:00", "rate_department", m.part(1, "parks"), arrival="on_time", effect="partly")
    figures = {month: _of_parks(m, month, at) for month, at in (("2026-03", "04-05 09:00"), ("2026-04", "05-05 09:00"))}
    assert figures["2026-03"]["MUT_EFF"] == (0, 0, 1)
    assert figures["2026-04"]["MUT_EFF"] == (1, 2, 0)
    assert figures["2026-04"]["MUT_ARR"] == (2, 2, 0)
    kept = db.session.execute(
        select(EvaluationFact.evaluation_id, EvaluationFact.more).where(EvaluationFact.key == f"C{m.ticket.id}.1.{m.office.parks.id}")
    )
    words = [more["received"].get("effect") for _, more in sorted(kept)]
    assert words == [None, "partly"]


def _of_parks(m: Month, month: str, at: str) -> dict[str, tuple[int, int, int]]:
    m.office.at = city(at)
    with m.office.now(), acting_as(SYSTEM):
        card = scorecard_of(db.session(), compute(month))
    unit = next(unit for group in card.groups for unit in (*group.units, *group.apart) if unit.code == "D-1")
    return {name: (line.n, line.d, line.pending) for name, line in unit.lines.items()}


LEDGER = frozenset({*NO_LEDGER_TELLS, "calls", "responded", "returns", "reworks", "rating", "dispatched", "signed"})
"""What a foreign ledger never tells."""


def brought(m: Month, **told: Any) -> Ticket:
    """A ticket of parks that came from a ledger on 2 March."""
    outcome = {name: value for name, value in told.items() if name in ("completed", "on_time")}
    turn = RoundHistory(1, m.office.parks.id, **outcome)
    unknown = told.pop("unknown", LEDGER)
    place = {"street_town_id": m.office.street.id, "urgency": "quickly"}
    history = TicketHistory("F-1", "路灯不亮", city("02 09:00"), rounds=(turn,), unknown=unknown, **place, **told)
    with m.office.now(), acting_as(SYSTEM), transaction() as session:
        source = SourceSystem(code="F", name_zh="外部系统")
        session.add(source)
        session.flush()
        (made,) = record(session, [Entry("F-1", source.id, history)])
    found: Ticket = db.session.get_one(Ticket, made)
    return found


def test_a_ledger_that_kept_none_of_it_says_so_instead_of_counting_zeros(app: Flask) -> None:
    """No call, no contact, no request is known of its tickets, which is not the same as none."""
    month = Month()
    brought(month, stage="handling")
    month.office.at = city("04-05 09:00")
    with acting_as(SYSTEM), month.office.now():
        card = scorecard_of(db.session(), compute("2026-03"))
    parks = next(unit for unit in card.group("department").units if unit.code == "D-1")
    said = {name: str(parks.lines[name].why) for name in ("SIGN10", "RESP", "REPORTIN", "MUT_EFF", "FIRST", "EXT", "HANG", "RETURN")}
    assert said == {
        "SIGN10": "The source does not record signing times",
        "RESP": "The source does not record responses to calls",
        "REPORTIN": "The source does not record calls",
        "MUT_EFF": "The source does not record calls",
        "FIRST": "The source does not record contacts with citizens",
        "EXT": "The source does not record extensions",
        "HANG": "The source does not record suspensions",
        "RETURN": "The source does not record returns",
    }
    street = next(unit for unit in (*card.group("street_town").units, *card.group("street_town").apart) if unit.code == "S-1")
    assert str(street.lines["CALL_ACC"].why) == "The source does not record calls"


def test_what_is_worked_on_here_is_known_wherever_the_ticket_came_from(app: Flask) -> None:
    """Completed in time as its ledger says, without a moment; opened again here: the first life keeps its result, the second is known."""
    m = Month()
    m.ticket = brought(m, stage="archived", completed=True, on_time=True, unknown=LEDGER | {"due", "completed"})
    m.do("duty", "09 09:00", "reopen", reason="市民反映路灯再次不亮。")
    m.do("gardener", "10 09:00", "claim_done", result="solved", note="已更换灯泡。")
    m.do("chief", "10 10:00", "complete", opinion="现场复核，路灯正常。")
    figures = _of_parks(m, "2026-03", "04-05 09:00")
    assert {code: figures[code] for code in ("DONE", "DONE_OT", "REWORK", "EXT")} == {
        "DONE": (2, 2, 0),
        "DONE_OT": (2, 2, 0),
        "REWORK": (1, 1, 0),
        "EXT": (0, 1, 0),
    }
    m.office.at = city("04-05 09:00")
    with acting_as(SYSTEM), m.office.now():
        street = next(unit for unit in scorecard_of(db.session(), compute("2026-03")).group("street_town").units if unit.code == "S-1")
    assert [(street.lines[code].n, street.lines[code].d) for code in ("DONE", "DONE_OT", "VOLUME")] == [(2, 2), (2, 2), (1, 1)]
