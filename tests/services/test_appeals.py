"""Appeals and exclusions: who may bring what forward, who may hear it, what each refusal says, and that nobody reads another's."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import NotAllowed, NotFound, Refused
from app.entities.appeal import Appeal
from app.entities.appeal_step import Proof
from app.entities.exclusion import Exclusion
from app.entities.notice import Notice
from app.entities.parameter import Parameter
from app.queries.appeals import tallies
from app.services.appeals import Filing, file_appeal
from app.services.evaluation import compute
from app.services.exclusions import exclude, withdraw_exclusion
from app.services.hearing import Verdict, hear, withdraw_appeal
from app.services.proofs import Upload
from tests.services.cycle import MARCH, Cycle

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def cycle(app: Flask) -> Cycle:
    return Cycle()


@pytest.fixture
def out(cycle: Cycle) -> Cycle:
    cycle.preliminary()
    return cycle


def _told(cycle: Cycle, name: str) -> list[str]:
    db.session.expire_all()
    with acting_as(SYSTEM):
        rows = db.session.execute(select(Notice.key).where(Notice.user_id == cycle.office.people[name].id, Notice.kind == "appeal"))
        return [key.partition(":")[2].partition(":")[2] for key in rows.scalars()]


def test_a_unit_may_contest_what_counts_against_it_and_nothing_else(out: Cycle) -> None:
    assert out.misses("S-1", "DONE_OT") == ["D", "E", "I", "J", "L", "M"]
    with pytest.raises(Refused, match="Only tickets that cost your unit points"):
        out.appeal("clerk", "DONE_OT", "A")
    with pytest.raises(Refused, match="Name the tickets"):
        out.appeal("clerk", "DONE_OT")
    with pytest.raises(Refused, match="on what grounds"):
        out.does("clerk", file_appeal, MARCH, "DONE_OT", Filing("dispute", " ", [out.ticket("D").id]))
    with pytest.raises(Refused, match="does not take that kind"):
        out.appeal("clerk", "DONE_OT", "D", kind="complaint")
    with pytest.raises(NotFound):
        out.appeal("clerk", "NO_LINE", "D")


def test_a_figure_where_less_is_better_is_contested_for_what_was_counted(out: Cycle) -> None:
    assert out.misses("S-1", "REWORK") == ["D", "E"]
    assert out.misses("S-1", "CALL_ACC") == []


def test_only_who_leads_a_unit_appeals_for_it(out: Cycle) -> None:
    for name in ("gardener", "officer"):
        with pytest.raises(NotAllowed):
            out.appeal(name, "DONE_OT", "J")
    with pytest.raises(NotFound):
        out.appeal("eva", "DONE_OT", "J")
    appeal = out.appeal("head", "DONE_OT", "J")
    with acting_as(SYSTEM):
        assert db.session.get_one(Appeal, appeal.id).unit_id == out.office.parks.id


def test_there_is_one_appeal_per_line_and_a_window(out: Cycle) -> None:
    first = out.appeal("clerk", "DONE_OT", "D", at="04-09 17:59")
    with pytest.raises(Refused, match="appealed already"):
        out.appeal("chief", "DONE_OT", "I")
    out.does("clerk", withdraw_appeal, first.id)
    with pytest.raises(Refused, match="appealed already"):
        out.appeal("clerk", "DONE_OT", "D")
    with pytest.raises(Refused, match=r"Appeals were taken until"):
        out.appeal("clerk", "SIGN10", "I", at="04-09 18:00")
    assert out.final().revision == 1, "what was withdrawn keeps nobody waiting and changes nothing"


def test_before_a_list_is_out_there_is_nothing_to_contest(cycle: Cycle) -> None:
    cycle.does("eva", compute, MARCH)
    with pytest.raises(NotFound):
        cycle.appeal("clerk", "DONE_OT", "D")


def test_every_node_is_another_persons_and_nobody_decides_the_own_matter(out: Cycle) -> None:
    appeal = out.appeal("clerk", "DONE_OT", "D")
    for name in ("clerk", "neighbour", "head", "viewer"):
        with pytest.raises((NotAllowed, NotFound)):
            out.hears(name, appeal, "check", "upheld")
    out.hears("eva", appeal, "check", "upheld")
    with pytest.raises(NotAllowed, match="spoken at an earlier node"):
        out.hears("eva", appeal, "review", "upheld")
    with pytest.raises(Refused, match="Another node has spoken"):
        out.hears("evan", appeal, "check", "rejected")
    out.hears("evan", appeal, "review", "upheld")
    decided = out.hears("duty", appeal, "lead", "upheld")
    assert decided.state == "upheld"
    with pytest.raises(Refused, match="no longer being heard"):
        out.hears("director", appeal, "lead", "rejected")
    with pytest.raises(Refused, match="no longer being heard"):
        out.does("clerk", withdraw_appeal, appeal.id)


def test_who_entered_an_exclusion_does_not_hear_the_appeal_about_its_ticket(out: Cycle) -> None:
    appeal = out.appeal("clerk", "DONE_OT", "D", "I")
    out.does("eva", exclude, out.ticket("D").id, "SAT", "malicious", basis="考核办法第九条")
    with pytest.raises(NotAllowed, match="Whoever entered the deduction"):
        out.hears("eva", appeal, "check", "upheld")
    assert out.hears("evan", appeal, "check", "upheld").state == "open"


def test_a_verdict_says_why_and_for_which_tickets(out: Cycle) -> None:
    appeal = out.appeal("clerk", "DONE_OT", "D", "I")
    with pytest.raises(Refused, match="upheld, partly upheld or rejected"):
        out.hears("eva", appeal, "check", "perhaps")
    with pytest.raises(Refused, match="opinion"):
        out.does("eva", hear, appeal.id, "check", Verdict("rejected", "  "))
    with pytest.raises(Refused, match="exclusion reasons in use"):
        out.hears("eva", appeal, "check", "upheld", reason="")
    with pytest.raises(Refused, match="other figures only"):
        out.hears("eva", appeal, "check", "upheld", reason="unreachable")
    with pytest.raises(Refused, match="Choose the tickets"):
        out.hears("eva", appeal, "check", "partly")
    with pytest.raises(Refused, match="All tickets are chosen"):
        out.hears("eva", appeal, "check", "partly", "D", "I")
    with pytest.raises(Refused, match="Only tickets that the appeal names"):
        out.hears("eva", appeal, "check", "partly", "M")


def test_what_upholding_would_change_is_told_before_anybody_decides(out: Cycle) -> None:
    """S-1 earned 6 of 12 on a line of 25 points: 12.50. Without one miss it is 6 of 11 (13.64), without two 6 of 10: 15.00."""
    appeal = out.appeal("clerk", "DONE_OT", "D", "I")
    assert appeal.effect["points"] == ["12.50", "15.00"]
    partly = out.decided(appeal, "partly", "D")
    assert partly.effect["points"] == ["12.50", "13.64"]
    assert partly.granted == [out.ticket("D").id]
    out.final()
    assert out.counted("S-1", "DONE_OT") == (6, 11, 1)
    unit = next(u for u in out.card().group("street_town").units if u.code == "S-1")
    assert str(unit.score) == partly.effect["score"][1], "the final list says what was told"


def test_people_are_told_at_each_step(out: Cycle) -> None:
    appeal = out.appeal("clerk", "DONE_OT", "D")
    assert _told(out, "eva") == _told(out, "evan") == _told(out, "director") == _told(out, "duty") == ["filed"]
    out.hears("eva", appeal, "check", "rejected")
    assert _told(out, "clerk") == _told(out, "chief") == ["unit.step1"]
    assert _told(out, "evan") == ["filed", "step1"]
    assert _told(out, "eva") == ["filed"], "who has spoken is not called again"
    assert _told(out, "neighbour") == _told(out, "head") == []
    out.hears("evan", appeal, "review", "rejected")
    out.hears("director", appeal, "lead", "rejected")
    assert _told(out, "clerk") == ["unit.step1", "unit.step2", "unit.step3"]


def test_two_nodes_are_enough_where_the_district_says_so(cycle: Cycle) -> None:
    with transaction() as session, acting_as(SYSTEM):
        session.execute(select(Parameter).where(Parameter.code == "appeal_nodes")).scalar_one().value = "2"
    cycle.preliminary()
    appeal = cycle.appeal("clerk", "DONE_OT", "D")
    cycle.hears("eva", appeal, "check", "upheld")
    assert cycle.hears("evan", appeal, "lead", "upheld").state == "upheld"


def test_a_unit_sees_its_own_appeals_and_their_proofs_alone(out: Cycle, app: Flask) -> None:
    uploads = [Upload("停机通知.pdf", BytesIO(PDF))]
    appeal = out.appeal("clerk", "DONE_OT", "D", storage=app.config["STORAGE"], uploads=uploads)
    seen = {}
    for name in ("clerk", "chief", "neighbour", "head", "officer", "eva", "director"):
        with out.as_(name):
            appeals = db.session.execute(select(Appeal.id)).scalars().all()
            proofs = db.session.execute(select(Proof.name)).scalars().all()
            seen[name] = (list(appeals), list(proofs))
    mine = ([appeal.id], ["停机通知.pdf"])
    assert {name for name, found in seen.items() if found == mine} == {"clerk", "chief", "eva", "director"}
    assert {name for name, found in seen.items() if found == ([], [])} == {"neighbour", "head", "officer"}
    with pytest.raises(Refused, match="kind of file"):
        out.appeal("clerk", "SIGN10", "I", storage=app.config["STORAGE"], uploads=[Upload("x.pdf", BytesIO(b"MZ nothing"))])


def test_appeals_are_counted_per_unit(out: Cycle) -> None:
    out.decided(out.appeal("clerk", "DONE_OT", "D"), "upheld")
    out.decided(out.appeal("clerk", "SIGN10", "I"), "rejected")
    out.does("clerk", withdraw_appeal, out.appeal("clerk", "DONE", "I").id)
    out.appeal("head", "DONE_OT", "J")
    with acting_as(SYSTEM):
        found = tallies(db.session.execute(select(Appeal)).scalars())
    street, parks = found[out.office.street.id], found[out.office.parks.id]
    assert (street.filed, street.upheld, street.partly, street.rejected, street.withdrawn, street.open) == (3, 1, 0, 1, 1, 0)
    assert (parks.filed, parks.open) == (1, 1)


def test_an_exclusion_has_a_rule_a_reason_that_fits_and_a_name(cycle: Cycle) -> None:
    ticket = cycle.ticket("D").id
    for name in ("clerk", "director", "duty", "viewer"):
        with pytest.raises(NotAllowed):
            cycle.does(name, exclude, ticket, "DONE_OT", "system_fault", basis="考核办法第九条")
    with pytest.raises(Refused, match="Name the rule"):
        cycle.does("eva", exclude, ticket, "DONE_OT", "system_fault")
    with pytest.raises(Refused, match="no indicator"):
        cycle.does("eva", exclude, ticket, "NOTHING", "system_fault", basis="第九条")
    with pytest.raises(Refused, match="other figures only"):
        cycle.does("eva", exclude, ticket, "*", "unreachable", basis="第九条")
    with pytest.raises(NotFound):
        cycle.does("eva", exclude, 987654, "*", "test", basis="第九条")
    row = cycle.does("eva", exclude, ticket, "DONE_OT", "system_fault", basis="考核办法第九条")
    assert (row.entered_by, row.origin) == ("Eva", "rule")
    with pytest.raises(Refused, match="excluded from this figure already"):
        cycle.does("evan", exclude, ticket, "DONE_OT", "test", basis="第九条")
    cycle.does("eva", compute, MARCH)
    assert cycle.counted("S-1", "DONE_OT") == (6, 11, 1)
    assert cycle.card().excluded == 1
    cycle.does("eva", withdraw_exclusion, row.id)
    cycle.does("eva", compute, MARCH)
    assert cycle.counted("S-1", "DONE_OT") == (6, 12, 0)
    with pytest.raises(Refused, match="withdrawn already"):
        cycle.does("eva", withdraw_exclusion, row.id)


def test_an_exclusion_for_one_unit_leaves_the_others_figures_alone(cycle: Cycle) -> None:
    """J counts late for the street-town and for the parks."""
    cycle.does("eva", exclude, cycle.ticket("J").id, "*", "force_majeure", basis="第九条", unit_id=cycle.office.parks.id)
    cycle.does("eva", compute, MARCH)
    assert cycle.counted("S-1", "DONE_OT") == (6, 12, 0)
    assert cycle.counted("D-1", "DONE_OT") == (2, 3, 1)


def test_what_was_published_is_not_changed_by_a_later_exclusion(out: Cycle) -> None:
    out.final()
    out.does("eva", exclude, out.ticket("D").id, "*", "system_fault", basis="第九条")
    assert out.does("eva", compute, MARCH).state == "final"
    assert out.counted("S-1", "DONE_OT") == (6, 12, 0)


def test_an_exclusion_that_was_decided_stands(out: Cycle) -> None:
    out.decided(out.appeal("clerk", "DONE_OT", "D"), "upheld")
    with acting_as(SYSTEM):
        row = db.session.execute(select(Exclusion)).scalars().one()
    with pytest.raises(Refused, match="appeal that was decided"):
        out.does("eva", withdraw_exclusion, row.id)
