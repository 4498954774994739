"""Points entered by hand: before the list is out, on lines that wait for them, with note and proof, and known by who entered them."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.crud.resource import resource_of
from app.crud.writing import add, change, delete
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused, RefusedAll
from app.entities.account import Account
from app.entities.evaluation import Evaluation
from app.entities.evaluation_result import EvaluationLine
from app.entities.manual_entry import ManualEntry
from app.entities.scheme import Scheme
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.queries.manual_entries import entered_by, manual_points
from app.queries.people import actor_of
from app.queries.scores import scorecard_of
from app.services.evaluation import compute
from app.services.manual_entries import prove
from tests.people import create_person, reloaded
from tests.services.month_of_tickets import Month, city, walk_the_month
from tests.services.specimens import pdf

API = Reading(origin=Origin.API)
LATER = city("04-20 09:00")
MB = 2**20


def waiting_line(section: str = "bonus") -> None:
    """The street-towns' version has a line that is entered by hand."""
    with transaction() as session:
        version = session.execute(select(SchemeVersion).join(Scheme).where(Scheme.code == "STREET")).scalar_one()
        values = {"name_zh": "创新加分", "name_en": "Innovation", "weight": Decimal(5), "shape": "manual", "section": section}
        session.add(SchemeLine(scheme_version=version, code="EXTRA", indicator="", position=900, **values))


def entry(month: Month, **values: Any) -> ManualEntry:
    """Points for the street-town of the walked month."""
    raw = {"period": "2026-03", "unit": month.office.street.id, "line": "EXTRA", "points": "2.5", "note": "获市级通报表扬", **values}
    row = add(resource_of("ManualEntry"), raw, API)
    assert isinstance(row, ManualEntry)
    return row


def reason(act: Any) -> Refused:
    """The one reason why ``act`` is refused."""
    with pytest.raises(Refused) as refused:
        act()
    found = refused.value
    (one,) = found.refusals if isinstance(found, RefusedAll) else (found,)
    return one


def test_the_engine_takes_points_and_note(app: Flask) -> None:
    month = walk_the_month()
    waiting_line()
    with stopped_at(LATER):
        without = _score(compute("2026-03"), month)
        entry(month)
        evaluation = compute("2026-03")
    assert _score(evaluation, month) == without + Decimal("2.50")
    line = db.session.execute(
        select(EvaluationLine).where(EvaluationLine.indicator == "EXTRA", EvaluationLine.points == "5/2")
    ).scalar_one()
    assert line.note == "获市级通报表扬"


def _score(evaluation: Evaluation, month: Month) -> Decimal:
    group = scorecard_of(db.session(), evaluation).group("street_town")
    return next(unit.score for unit in group.units if unit.unit_id == month.office.street.id and unit.score is not None)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"points": "5.01"}, "points", "The line gives or takes at most 5.00 points."),
        ({"line": "DONE"}, "line", "“DONE” is not entered by hand for"),
        ({"line": "NONE"}, "line", "“NONE” is not entered by hand for"),
        ({"period": "2026-3"}, "period", "“2026-3” is not a period."),
        ({"note": " "}, "note", ""),
        ({"points": "-1"}, "points", ""),
    ],
)
def test_what_does_not_fit_is_refused_in_words(lite: Flask, values: dict[str, str], field: str, sentence: str) -> None:
    month = walk_the_month()
    waiting_line()
    found = reason(lambda: entry(month, **values))
    assert str(found).startswith(sentence)
    assert found.field == field or field == "period"


def test_a_unit_of_another_group_has_no_such_line(lite: Flask) -> None:
    month = walk_the_month()
    waiting_line()
    assert reason(lambda: entry(month, unit=month.office.parks.id)).code == "not-manual"


def test_once_the_list_is_out_nothing_is_entered_changed_or_removed(app: Flask) -> None:
    month = walk_the_month()
    waiting_line()
    row = entry(month)
    with stopped_at(LATER):
        evaluation = compute("2026-03")
    with transaction() as session:
        session.get_one(Evaluation, evaluation.id).state = "preliminary"
    kit = resource_of("ManualEntry")
    acts = [
        lambda: entry(month, unit=month.office.other_street.id),
        lambda: change(kit, row.id, row.version, {"points": "3"}, API),
        lambda: delete(kit, row.id, row.version),
    ]
    assert [reason(act).code for act in acts] == ["published"] * 3
    assert reloaded(row).points == Decimal("2.50")


def test_who_entered_and_who_changed_is_known(app: Flask) -> None:
    month = walk_the_month()
    waiting_line()
    first, second = create_person("evaluator", None, "first"), create_person("evaluator", None, "second")
    with acting_as(_actor(first)):
        row = entry(month)
    with acting_as(_actor(second)):
        change(resource_of("ManualEntry"), row.id, row.version, {"points": "3"}, API)
    assert entered_by(db.session(), "2026-03", month.office.street.id, "EXTRA") == {first.id, second.id}
    assert manual_points(db.session(), "2026-03") == {(month.office.street.id, "EXTRA"): (3, "获市级通报表扬")}
    assert manual_points(db.session(), "2026-04") == {}


def test_a_unit_reads_its_points_once_the_list_is_out_and_nobody_elses(app: Flask) -> None:
    month = walk_the_month()
    waiting_line()
    entry(month)
    entry(month, unit=month.office.other_street.id)
    clerk = month.office.actor("clerk")
    with stopped_at(LATER):
        evaluation = compute("2026-03")
    with acting_as(clerk):
        assert db.session.execute(select(ManualEntry)).scalars().all() == []
    with transaction() as session, acting_as(SYSTEM):
        session.get_one(Evaluation, evaluation.id).state = "preliminary"
    db.session.expire_all()
    with acting_as(clerk):
        (seen,) = db.session.execute(select(ManualEntry)).scalars()
    assert seen.unit_id == month.office.street.id  # type: ignore[attr-defined]


def test_a_proof_is_examined_and_kept_under_its_hash(lite: Flask) -> None:
    month, storage = walk_the_month(), lite.config["STORAGE"]
    waiting_line()
    row = entry(month)
    kept = prove(storage, row.id, "通报.pdf", BytesIO(pdf()), MB)
    assert (kept.proof, kept.proof_type) == ("通报.pdf", "application/pdf")
    assert storage.path(kept.proof_digest).read_bytes() == pdf()
    assert reason(lambda: prove(storage, row.id, "page.html", BytesIO(b"<html><script>1</script></html>"), MB)).field == "file"
    assert reason(lambda: prove(storage, row.id, "big.pdf", BytesIO(pdf() + b" " * MB), MB)).code == "too-large"
    assert reloaded(row).proof == "通报.pdf"


def _actor(account: Account) -> Any:
    with acting_as(SYSTEM):
        return actor_of(db.session.get(Account, account.id))
