"""The shelf of reports at the door: who may take what, for whom a copy is made, and that a refusal loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.acting import acting_as
from app.domain.actors import SYSTEM
from app.services.bulletin import approve, redraft
from app.services.evaluation import compute, publish
from tests.services.month_of_tickets import Month, city, walk_the_month

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def march(lite: Flask) -> Month:
    month = walk_the_month()
    month.office.at = city("04-05 09:00")
    with month.office.now(), acting_as(SYSTEM):
        compute("2026-03")
        publish("2026-03")
    return month


def paper(answer: object) -> str:
    """What stands in a PDF that was sent."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.data)).pages)  # type: ignore[attr-defined]


def test_a_unit_takes_its_own_scorecard_and_nobody_elses(march: Month, sign_in: Enter) -> None:
    clerk = sign_in("clerk")
    own = clerk.get("/files/unit_scorecard/2026-03/street_town/S-1.pdf?lang=en")
    assert own.status_code == 200 and "Street-town S-1" in paper(own) and own.headers["Content-Disposition"].endswith("S-1.en.pdf")
    other = clerk.get("/files/unit_scorecard/2026-03/street_town/S-2.pdf")
    assert other.status_code == 403 and "%PDF" not in other.text
    assert clerk.get("/files/scorecard/2026-03.pdf").status_code in (302, 403)
    page = clerk.get("/reports/").text
    assert "street_town:S-1" in page and "street_town:S-2" not in page and "scorecard.pdf" in page


def test_lists_name_their_reader_and_stay_within_his_rows(march: Month, sign_in: Enter) -> None:
    clerk, neighbour = sign_in("clerk"), sign_in("neighbour")
    number, pk = march.tickets["A"].number, march.tickets["A"].id
    made = clerk.get(f"/lists/dossier/ticket/{pk}.pdf?lang=en")
    assert made.status_code == 200 and number in paper(made) and "Copy for Clerk" in paper(made)
    assert neighbour.get(f"/lists/dossier/ticket/{pk}.pdf").status_code == 404
    assert neighbour.get("/lists/overdue/2026-03.xlsx").status_code == 200
    assert "2026-99" in clerk.get("/lists/overdue/2026-99.pdf").text
    assert clerk.get("/lists/scorecard/2026-03.pdf").status_code == 404


def test_a_refusal_leads_back_with_everything_still_chosen(march: Month, sign_in: Enter) -> None:
    clerk = sign_in("clerk")
    answer = clerk.get("/reports/take?take=dossier.pdf&number=GL19990101-0001&lang=zh", follow_redirects=True)
    assert answer.status_code == 200 and "GL19990101-0001" in answer.text and "that you may see" in answer.text
    assert "Enter a ticket number" in clerk.get("/reports/take?take=dossier.pdf&number=", follow_redirects=True).text
    taken = clerk.get("/reports/take?take=workload.xlsx&year=2026&part=03&cut=&lang=zh%2Ben")
    assert taken.status_code == 200 and "workload-2026-03.zh+en.xlsx" in taken.headers["Content-Disposition"]


def test_who_may_not_export_has_no_shelf(march: Month, sign_in: Enter) -> None:
    viewer = sign_in("viewer")
    assert viewer.get("/reports/").status_code in (302, 403)
    assert "/reports/" not in viewer.get("/").text


def test_a_unit_reads_a_bulletin_once_it_is_approved(march: Month, sign_in: Enter) -> None:
    clerk = sign_in("clerk")
    assert "No bulletin has been approved yet" in clerk.get("/bulletin/2026-03").text
    with march.office.now(), acting_as(SYSTEM):
        redraft("2026-03", "en")
        assert "No bulletin has been approved yet" in clerk.get("/bulletin/2026-03?lang=en").text
        approve("2026-03", "en")
    page = clerk.get("/bulletin/2026-03?lang=en").text
    assert "units were ranked" in page and "<textarea" not in page
    assert clerk.post("/bulletin/2026-03/save", data={"text": "x", "lang": "en"}).status_code in (302, 403)
