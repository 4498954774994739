"""From provisional to final: the gate, the preliminary list, two appeals, the final list, and a correction that supersedes it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import NotFound, Refused
from app.entities.assignment_round import AssignmentRound
from app.entities.exclusion import Exclusion
from app.entities.parameter import Parameter
from app.entities.ticket import Ticket
from app.queries.quality import finding
from app.queries.scores import evaluation_of
from app.queries.seals import all_flaws
from app.services.evaluation import compute, required
from app.services.evaluation_cycle import drop_restatement, finalise, publish_preliminary, publish_restatement, restate
from tests.services.cycle import MARCH, Cycle, states
from tests.services.month_of_tickets import city


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return Cycle()


def test_a_month_goes_from_provisional_to_final_and_is_corrected(cycle: Cycle) -> None:
    cycle.does("eva", compute, MARCH)
    assert states() == [(1, "computed")]
    preliminary = cycle.preliminary()
    assert (preliminary.state, preliminary.appeal_until, preliminary.preliminary_by) == ("preliminary", city("04-09 18:00"), "Eva")
    assert cycle.counted("S-1", "DONE_OT") == (6, 12, 0)

    upheld = cycle.appeal("clerk", "DONE_OT", "D", at="04-07 09:00")
    rejected = cycle.appeal("clerk", "SIGN10", "I")
    assert states() == [(1, "appeals")]
    cycle.decided(upheld, "upheld")
    cycle.decided(rejected, "rejected")
    assert [row.origin for row in db.session.execute(select(Exclusion)).scalars()] == ["appeal"]

    final = cycle.final()
    assert states() == [(1, "superseded"), (2, "final")]
    assert (final.published_by, final.published_at) == ("Eva", city("04-10 09:00"))
    assert cycle.counted("S-1", "DONE_OT") == (6, 11, 1), "D is out of the figure that was appealed"
    assert cycle.counted("S-1", "DONE") == (9, 12, 0), "and of no other"
    assert cycle.counted("S-1", "SIGN10") == (7, 8, 0), "what was rejected counts as before"
    assert cycle.counted("S-1", "DONE_OT", revision=1) == (6, 12, 0), "the preliminary list stays readable"

    _a_late_fact(cycle)
    draft = cycle.does("evan", restate, MARCH, "I 的签收记录补录。", at="05-06 10:00")
    assert states() == [(1, "superseded"), (2, "final"), (3, "computed")]
    assert cycle.counted("S-1", "SIGN10") == (7, 8, 0), "nobody is shown a correction that is not published"
    assert (draft.as_of, draft.list_version) == (preliminary.as_of, preliminary.list_version)
    cycle.does("evan", publish_restatement, MARCH)
    assert states() == [(1, "superseded"), (2, "superseded"), (3, "final")]
    assert cycle.counted("S-1", "SIGN10") == (8, 8, 0)
    assert cycle.counted("S-1", "DONE_OT") == (6, 11, 1), "what an appeal won stays won"
    with acting_as(SYSTEM):
        assert all_flaws(db.session()) == (3, [])
    _what_changed(cycle)


def _what_changed(cycle: Cycle) -> None:
    """The final list took D out of one figure; the correction turned one miss of I into a hit."""
    numbers = {letter: ticket.number for letter, ticket in cycle.month.tickets.items()}
    final, corrected = cycle.card(2).difference(), cycle.card(3).difference()
    assert cycle.card(1).difference() is None
    assert [(duty.ticket_no, duty.kind, duty.verdicts) for duty in final.duties] == [
        (numbers["D"], "excluded", (("DONE_OT", "miss", "excluded"), ("EXCLUDED", "miss", "hit")))
    ]
    (duty,) = corrected.duties
    assert (duty.ticket_no, duty.kind, duty.verdicts) == (numbers["I"], "changed", (("SIGN10", "miss", "hit"),))
    assert [(change.name, change.before > change.after) for change in duty.fields] == [("signed_at", True)]
    assert corrected.reason == "I 的签收记录补录。"
    (street,) = [unit for unit in corrected.units if unit.changed and unit.code == "S-1"]
    (line,) = street.lines
    assert (line.code, (line.before.n, line.before.d), (line.after.n, line.after.d)) == ("SIGN10", (7, 8), (8, 8))
    assert street.gained is not None
    assert street.gained > 0
    entries = cycle.card().appeals
    assert [(entry.unit_code, entry.line, entry.state, entry.tickets, entry.granted) for entry in entries] == [
        ("S-1", "DONE_OT", "upheld", (numbers["D"],), (numbers["D"],)),
        ("S-1", "SIGN10", "rejected", (numbers["I"],), ()),
    ]
    assert cycle.card().excluded == 1


def _a_late_fact(cycle: Cycle) -> None:
    """The signature of I turns up: it was given five minutes after dispatch."""
    with transaction() as session, acting_as(SYSTEM):
        rounds = session.execute(select(AssignmentRound).where(AssignmentRound.ticket_id == cycle.ticket("I").id)).scalars().all()
        first = min(rounds, key=lambda one: one.ordinal)
        first.signed_at = first.dispatched_at


def test_the_gate_keeps_a_month_back_until_its_data_are_right(cycle: Cycle) -> None:
    with transaction() as session, acting_as(SYSTEM):
        ticket = session.get_one(Ticket, cycle.ticket("A").id)
        right, ticket.opinion = ticket.opinion, " "
    with pytest.raises(Refused, match=r"Completed without opinion \(1\)"):
        cycle.preliminary()
    evaluation = cycle.does("eva", compute, MARCH)
    with acting_as(SYSTEM):
        found = finding(db.session(), evaluation.id, "no_opinion")
        assert found is not None
        assert found.tickets == [cycle.ticket("A").id]
        assert finding(db.session(), evaluation.id, "future") is None
    with transaction() as session, acting_as(SYSTEM):
        session.get_one(Ticket, cycle.ticket("A").id).opinion = right
    assert cycle.preliminary().state == "preliminary"


def test_without_an_appeal_the_preliminary_list_itself_becomes_final(cycle: Cycle) -> None:
    preliminary = cycle.preliminary()
    seal = preliminary.snapshot_hash
    final = cycle.final()
    assert states() == [(1, "final")]
    assert final.snapshot_hash == seal
    assert cycle.final().id == final.id, "publishing twice changes nothing"


def test_without_days_for_appeals_a_month_is_published_at_once(cycle: Cycle) -> None:
    _set("appeal_days", "0")
    assert cycle.preliminary().state == "published"
    with pytest.raises(Refused, match="no preliminary list"):
        cycle.final()


def _set(code: str, value: str) -> None:
    with transaction() as session, acting_as(SYSTEM):
        session.execute(select(Parameter).where(Parameter.code == code)).scalar_one().value = value


def test_the_final_list_waits_for_the_window_and_for_every_appeal(cycle: Cycle) -> None:
    cycle.preliminary()
    with pytest.raises(Refused, match="Appeals are taken until"):
        cycle.does("eva", finalise, MARCH, at="04-09 17:59")
    appeal = cycle.appeal("clerk", "DONE_OT", "D")
    with pytest.raises(Refused, match="1 appeals are undecided; appeals are taken until"):
        cycle.does("eva", finalise, MARCH)
    with pytest.raises(Refused, match=r"1 appeals are undecided\. The final list follows"):
        cycle.does("eva", finalise, MARCH, at="04-10 09:00")
    cycle.decided(appeal, "rejected")
    assert cycle.final().revision == 1


def test_a_correction_says_why_and_changes_something(cycle: Cycle) -> None:
    with pytest.raises(NotFound):
        cycle.does("eva", restate, MARCH, "补录")
    cycle.preliminary()
    with pytest.raises(Refused, match="not published; only a published or final"):
        cycle.does("eva", restate, MARCH, "补录")
    cycle.final()
    with pytest.raises(Refused, match="Say why"):
        cycle.does("eva", restate, MARCH, "  ")
    with pytest.raises(Refused, match="No correction"):
        cycle.does("eva", publish_restatement, MARCH)
    cycle.does("eva", restate, MARCH, "补录")
    with pytest.raises(Refused, match="changes nothing"):
        cycle.does("eva", publish_restatement, MARCH)
    cycle.does("eva", drop_restatement, MARCH)
    assert states() == [(1, "final")]


def test_a_unit_reads_what_was_published_and_no_draft_of_it(cycle: Cycle) -> None:
    cycle.does("eva", compute, MARCH)
    with cycle.as_("clerk"), pytest.raises(NotFound):
        required(db.session(), MARCH)
    cycle.preliminary()
    with cycle.as_("clerk"):
        assert required(db.session(), MARCH).state == "preliminary"
    cycle.final()
    cycle.does("eva", restate, MARCH, "补录")
    with cycle.as_("clerk"):
        assert required(db.session(), MARCH).revision == 1
        assert evaluation_of(db.session(), MARCH, 2) is None


def test_a_preliminary_list_is_neither_computed_nor_published_over(cycle: Cycle) -> None:
    cycle.preliminary()
    assert cycle.does("eva", compute, MARCH).state == "preliminary"
    assert cycle.does("eva", publish_preliminary, MARCH).state == "preliminary"
