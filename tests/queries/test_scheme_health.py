"""An installation's check runs the golden cases of its approved versions."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.scheme_case import SchemeCase
from app.queries.scheme_health import scheme_finding


def test_the_default_schemes_prove_themselves(app: Flask) -> None:
    found = scheme_finding(db.session())
    count = len(db.session.execute(select(SchemeCase.id)).all())
    assert (found.well, str(found.detail)) == (True, f"{count} come out") and count >= 9


def test_a_case_that_no_longer_comes_out_is_told_with_its_version(app: Flask) -> None:
    with transaction() as session:
        case = session.execute(select(SchemeCase).where(SchemeCase.expected == "93.72")).scalar_one()
        case.expected = "93.73"
    found = scheme_finding(db.session())
    assert not found.well
    assert str(found.detail).startswith("Department scorecard 1: “") and str(found.detail).endswith("expected 93.73, got 93.72")


def test_versions_without_cases_are_counted(lite: Flask) -> None:
    with transaction() as session:
        for case in session.execute(select(SchemeCase)).scalars():
            session.delete(case)
    found = scheme_finding(db.session())
    assert found.well and "approved versions have none" in str(found.detail)
