"""Reports from tickets that were really walked, on both databases: whose rows they show, what they count, and that real files open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from flask import Flask

from app.core.acting import acting_as
from app.core.db import db
from app.core.languages import speaking
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import NotFound, Phrase, Refused
from app.entities.ticket import Ticket
from app.services.evaluation import compute, publish
from reports.definitions import all_reports, report
from reports.listing import Listing
from reports.printing import render
from reports.report import EVALUATION, PERIOD, TICKET, UNIT, Copy, Order
from tests.services.month_of_tickets import Month, city, walk_the_month

PHONE, CITIZEN = "13905911234", "林小满"


@pytest.fixture
def march(app: Flask) -> Month:
    month = walk_the_month()
    month.office.at = city("04-05 09:00")
    return month


def read(month: Month, code: str, who: str, **order: str) -> Any:
    db.session.expire_all()
    actor = SYSTEM if who == "system" else month.office.actor(who)
    with month.office.now(), acting_as(actor):
        return report(code).read(db.session(), Order(**order))


def rows(listing: Listing, title: str) -> list[Any]:
    return list(next(part.rows for part in listing.parts if part.title == title))


def test_an_overdue_list_shows_late_tickets_of_the_own_unit_only(march: Month) -> None:
    everything = read(march, "overdue", "system", period="2026-03")
    with acting_as(SYSTEM):
        tickets = db.session.query(Ticket).all()
        at = march.office.at
        late = {
            t.number
            for t in tickets
            if t.due_at and t.due_at.astimezone().month >= 3 and not t.ended and not t.suspended and (t.completed_at or at) > t.due_at
        }
    shown = [row[0] for row in rows(everything, "Late tickets")]
    assert set(shown) <= late and len(shown) == len(set(shown)) and shown
    hours = [row[7] for row in rows(everything, "Late tickets") if row[7] is not None]
    assert hours == sorted(hours, reverse=True)
    own = {row[0] for row in rows(read(march, "overdue", "neighbour", period="2026-03"), "Late tickets")}
    with acting_as(march.office.actor("neighbour")):
        assert own <= {t.number for t in db.session.query(Ticket).all()} and own < set(shown)


def test_call_response_tells_the_department_that_was_a_minute_late(march: Month) -> None:
    listing = read(march, "call_response", "system", period="2026-03")
    number = march.tickets["B"].number
    amiss = [row for row in rows(listing, "Not answered in time") if row[0] == number]
    assert [(row[2].zh, str(row[6])) for row in amiss] == [("部门D-2", "Responded late")]
    assert next(one for one in listing.figures if one.label == "Called departments").value == sum(
        row[1] for row in rows(listing, "By department")
    )


def test_a_gap_is_a_ticket_whose_matter_no_list_names(march: Month) -> None:
    before = read(march, "responsibility_gaps", "system", period="2026-03")
    march.report("GAP", "20 09:00", matter=march.matter_id)
    after = read(march, "responsibility_gaps", "system", period="2026-03")
    listed = {row[0] for row in rows(after, "Tickets without an entry")}
    assert march.tickets["GAP"].number not in listed
    assert listed == {row[0] for row in rows(before, "Tickets without an entry")}
    assert all(str(row[2]) == "Without a matter" for row in rows(after, "Tickets without an entry"))


def test_three_tickets_about_one_matter_in_one_place_are_a_hotspot(march: Month) -> None:
    for letter, day in (("H1", "21"), ("H2", "22"), ("H3", "22")):
        march.report(letter, f"{day} 09:00", matter=march.matter_id, address="东街口  1 号" if letter == "H1" else "东街口 1 号")
    spots = [row for row in rows(read(march, "hotspots", "system", period="2026-03"), "The hottest") if row[0].zh == "东街口 1 号"]
    assert [(row[2].zh, row[3], row[4], row[5], row[6]) for row in spots] == [("占道经营", 3, 0, 2, 3)]
    assert not [row for row in rows(read(march, "hotspots", "neighbour", period="2026-03"), "The hottest") if row[0].zh == "东街口 1 号"]


def test_workload_counts_a_ticket_once_per_person_and_day(march: Month) -> None:
    listing = read(march, "workload", "clerk", period="2026-03")
    assert {row[0].zh for row in rows(listing, "By unit")} == {"街道S-1"}
    before = rows(listing, "By unit")[0]
    march.report("W", "25 09:00", sign="25 09:02")
    after = rows(read(march, "workload", "clerk", period="2026-03"), "By unit")[0]
    # Signed and begun by the clerk: one ticket more, two acts more.
    assert (after[2] - before[2], after[3] - before[3]) == (1, 2)
    total = read(march, "workload", "system", period="2026-03")
    assert sum(row[1] for row in rows(total, "By hour of the day")) == sum(row[3] for row in rows(total, "By unit"))


def test_a_dossier_tells_every_step_and_masks_the_citizen(march: Month, tmp_path: Path) -> None:
    with transaction() as session, acting_as(SYSTEM):
        ticket = session.get(Ticket, march.tickets["B"].id)
        ticket.reporter_name, ticket.reporter_phone = CITIZEN, PHONE
        number = ticket.number
    dossier = read(march, "dossier", "clerk", number=number)
    text = ""
    for fmt, language in (("pdf", "zh"), ("pdf", "en"), ("xlsx", "zh+en")):
        path = render(dossier, "dossier", fmt, language.split("+"), tmp_path / f"d.{language}.{fmt}")
        text = text_of(path)
        assert number in text and PHONE not in text and CITIZEN not in text
    assert "由园林部门牵头处置" in text
    with acting_as(SYSTEM):
        events = db.session.execute(
            db.text("select count(*) from ticket_event where ticket_id = :id"), {"id": march.tickets["B"].id}
        ).scalar()
    assert len(rows(dossier, "Timeline")) == events
    with pytest.raises(NotFound):
        read(march, "dossier", "neighbour", number=number)


@pytest.mark.parametrize("spoken", ["zh", "en"])
def test_a_dossier_names_records_in_the_files_language_whatever_language_its_reader_speaks(
    march: Month, tmp_path: Path, spoken: str
) -> None:
    with speaking(spoken):
        dossier = read(march, "dossier", "clerk", number=march.tickets["B"].number)
        english = text_of(render(dossier, "dossier", "pdf", ["en"], tmp_path / "en.pdf"))
        chinese = text_of(render(dossier, "dossier", "pdf", ["zh"], tmp_path / "zh.pdf"))
    assert "Street-town S-1" in english and "街道S-1" not in english
    assert "街道S-1" in chinese and "Street-town S-1" not in chinese


def test_every_report_comes_in_both_formats_and_languages_and_says_for_whom(march: Month, tmp_path: Path) -> None:
    with march.office.now(), acting_as(SYSTEM):
        compute("2026-03")
        publish("2026-03")
    orders = {
        EVALUATION: {"period": "2026-03"}, PERIOD: {"period": "2026-03"}, TICKET: {"number": march.tickets["B"].number},
        UNIT: {"period": "2026-03", "group": "street_town", "unit": "S-1"},
    }  # fmt: skip
    for definition in all_reports().values():
        matter = read(march, definition.code, "system", **orders[definition.needs])
        copy = Copy("王工", march.office.at) if definition.personal(matter) else None
        for fmt in ("pdf", "xlsx"):
            for language in ("zh", "en", "zh+en"):
                with march.office.now(), acting_as(SYSTEM):
                    path = render(matter, definition.code, fmt, language.split("+"), tmp_path / f"{definition.code}.{language}.{fmt}", copy)
                assert ("王工" in text_of(path)) == (copy is not None), (definition.code, fmt, language)
        assert (copy is None) == (definition.code in ("scorecard", "unit_scorecard")), definition.code


def test_a_list_of_a_period_nobody_can_read_is_refused_in_words(march: Month) -> None:
    with pytest.raises(Refused) as refused:
        read(march, "overdue", "system", period="2026-13")
    assert "2026-13" in str(refused.value.phrase)


def test_a_list_without_rows_says_so(march: Month, tmp_path: Path) -> None:
    for code in ("overdue", "call_response", "responsibility_gaps", "hotspots", "workload"):
        listing = read(march, code, "system", period="2024-01")
        assert all(part.rows == [] for part in listing.parts)
        text = text_of(render(listing, code, "pdf", ["en"], tmp_path / f"{code}.pdf"))
        assert listing.parts[0].empty in text
        assert Phrase(listing.parts[0].empty).message in text_of(render(listing, code, "xlsx", ["en"], tmp_path / f"{code}.xlsx"))


def text_of(path: Path) -> str:
    """All that can be read in a PDF or a workbook, edges of its pages included."""
    if path.suffix == ".pdf":
        return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())
    book = openpyxl.load_workbook(path)
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return "\n".join([*cells, *(str(sheet.oddFooter.left.text) for sheet in book)])
