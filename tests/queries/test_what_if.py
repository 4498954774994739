"""What if: the ranking under a scheme or list that is only tried, from the duties that were frozen with a past month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from flask import Flask

from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.domain.evaluation import Scheme
from app.domain.facts import DEPARTMENT, STREET_TOWN
from app.domain.period import month_of
from app.domain.refusals import Refused
from app.domain.rounding import half_up
from app.domain.scorecard import UnitScore
from app.domain.trial import with_edits
from app.entities.evaluation import Evaluation
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.queries.frozen_facts import frozen_facts
from app.queries.relisting import relisted
from app.queries.schemes import schemes_in_force
from app.queries.what_if import what_if
from app.services.evaluation import compute
from tests.services.casework import create_office
from tests.services.month_of_tickets import city, walk_the_month

LATER = city("04-20 09:00")


def evaluated_month() -> Evaluation:
    """March, walked and computed."""
    walk_the_month()
    with stopped_at(LATER):
        return compute("2026-03")


def scheme_of(group: str) -> Scheme:
    """The scheme in force for a group."""
    return next(used.scheme for used in schemes_in_force(db.session(), month_of("2026-03")) if used.group == group)


def weighed(unit: UnitScore, weights: dict[str, int], inverse: frozenset[str]) -> Fraction:
    """A total by the textbook: rates times weights over the weights that have a rate, times all weights."""
    told = {code: unit.lines[code].rate for code in weights if unit.lines[code].rate is not None}
    worth = {code: (1 - rate if code in inverse else rate) * weights[code] for code, rate in told.items() if rate is not None}
    return sum(worth.values(), Fraction(0)) * sum(weights.values()) / sum(weights[code] for code in told)


def test_the_scheme_of_then_gives_the_ranking_of_then(app: Flask) -> None:
    evaluation = evaluated_month()
    for group in (STREET_TOWN, DEPARTMENT):
        trial = what_if(db.session(), evaluation, group, scheme_of(group))
        assert len(trial.units) >= 2
        ranked = [unit for unit in trial.units if unit.new_score is not None]
        assert ranked and all((unit.gained, unit.climbed) == (0, 0) for unit in ranked)
        assert all(line.old == line.new for unit in trial.units for line in unit.lines)
        assert trial.tried.lines == trial.published.lines


def test_another_weight_gives_the_total_that_a_textbook_gives(app: Flask) -> None:
    evaluation = evaluated_month()
    edits = {"DONE_OT": {"weight": "5"}, "SIGN10": {"weight": "35"}}
    trial = what_if(db.session(), evaluation, STREET_TOWN, with_edits(scheme_of(STREET_TOWN), edits))
    weights = {"SIGN10": 35, "FIRST": 5, "DONE_OT": 5, "DONE": 10, "SAT": 20, "REWORK": 10, "OVER_OPEN": 5, "CALL_ACC": 10}
    (unit,) = trial.tried.units
    then = next(one for one in trial.published.units if one.code == unit.code)
    expected = half_up(weighed(then, weights, frozenset({"REWORK", "OVER_OPEN"})))
    assert unit.score == expected != then.score
    (move,) = (one for one in trial.units if one.code == unit.code)
    assert move.gained == expected - (then.score or 0)


def test_trying_writes_nothing(app: Flask) -> None:
    evaluation = evaluated_month()
    seal, version = evaluation.snapshot_hash, evaluation.version
    what_if(db.session(), evaluation, STREET_TOWN, with_edits(scheme_of(STREET_TOWN), {"SAT": {"weight": "15"}, "DONE": {"weight": "15"}}))
    assert not db.session.new and not db.session.dirty
    db.session.expire_all()
    assert (evaluation.snapshot_hash, evaluation.version) == (seal, version)


def test_weights_that_do_not_add_up_are_refused_with_both_sums(lite: Flask) -> None:
    evaluation = evaluated_month()
    with pytest.raises(Refused, match=r"The weights add up to 95\.00, the full marks are 100\.00\."):
        what_if(db.session(), evaluation, STREET_TOWN, with_edits(scheme_of(STREET_TOWN), {"SAT": {"weight": "15"}}))


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [({"weight": "much"}, "SAT: “much” is no weight; write 15 or 12.5"), ({"params": "T"}, "SAT: “T” is not a parameter")],
)
def test_what_cannot_be_tried_is_refused_with_the_line(lite: Flask, edit: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        with_edits(scheme_of(STREET_TOWN), {"SAT": edit})
    assert str(refused.value).startswith(sentence)


def test_a_line_that_is_new_or_gone_stands_beside_the_others(lite: Flask) -> None:
    evaluation, scheme = evaluated_month(), scheme_of(STREET_TOWN)
    lines = tuple(replace(line, code="PUNCTUAL", measure="DONE_OT") if line.code == "DONE_OT" else line for line in scheme.lines)
    trial = what_if(db.session(), evaluation, STREET_TOWN, replace(scheme, lines=lines))
    (unit,) = (one for one in trial.units if one.new_score is not None)
    told = {move.line.code: (move.old, move.new) for move in unit.lines}
    assert told["PUNCTUAL"][0] is None and told["DONE_OT"][1] is None
    assert told["PUNCTUAL"][1] == told["DONE_OT"][0] is not None
    assert unit.gained == 0


def test_the_same_list_changes_nothing(app: Flask) -> None:
    evaluation = evaluated_month()
    facts = frozen_facts(db.session(), evaluation.id)
    found = relisted(db.session(), evaluation.id, facts, "2026-1")
    assert (found.facts, found.calls, found.dues) == (facts, 0, 0)


def test_a_list_without_department_leads_asks_for_no_calls(app: Flask) -> None:
    evaluation = evaluated_month()
    with transaction() as session:
        session.add(ResponsibilityList(code="2026-9", name_zh="试行", effective_from=date(2026, 9, 1), state="draft"))
    facts = frozen_facts(db.session(), evaluation.id)
    wanted = sum(fact.wants_call for fact in facts)
    found = relisted(db.session(), evaluation.id, facts, "2026-9")
    assert wanted > 0 and found.calls == wanted
    assert not any(fact.wants_call for fact in found.facts)


def test_a_shorter_limit_of_the_list_moves_the_due_times_that_came_from_the_list(app: Flask) -> None:
    office = create_office()
    with transaction() as session:
        matter = Matter(code="M-1", name_zh="占道经营", name_en="Street vending", level=1)
        for code, month, limit, state in (("2026-1", 1, "24h", "approved"), ("2026-9", 9, "2h", "draft")):
            listed = ResponsibilityList(code=code, name_zh="责任清单", effective_from=date(2026, month, 1), state=state)
            session.add(ResponsibilityItem(list_version=listed, number="1", matter=matter, name_zh="占道经营", quickly=limit))
        session.flush()
        matter_id = matter.id
    ticket = office.register(matter=matter_id)
    by_hand = office.register("井盖松动", matter=matter_id)
    office.do("duty", ticket, "dispatch", unit=office.street.id)
    office.do("duty", by_hand, "dispatch", unit=office.street.id, due_at=city("05 12:00"))
    with stopped_at(LATER):
        evaluation = compute("2026-03")
    facts = frozen_facts(db.session(), evaluation.id)
    found = relisted(db.session(), evaluation.id, facts, "2026-9")
    then = {fact.key: fact.due_at for fact in facts}
    now = {fact.key: fact.due_at for fact in found.facts}
    assert then[f"T{ticket.id}"] == then[f"R{ticket.id}.1"] == city("03 09:00")
    assert now[f"T{ticket.id}"] == now[f"R{ticket.id}.1"] == city("02 11:00")
    assert now[f"T{by_hand.id}"] == now[f"R{by_hand.id}.1"] == city("05 12:00")
    assert (found.dues, found.kept) == (2, 2)
