"""Laying the foundation: roles and the reference data every district starts with; adds what is missing, changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.transaction import transaction
from app.entities.calendar_day import CalendarDay
from app.entities.calendar_year import CalendarYear
from app.entities.channel import Channel
from app.entities.dictionary_entry import DictionaryEntry
from app.entities.exclusion_reason import ExclusionReason
from app.entities.parameter import Parameter
from app.entities.reminder_rule import ReminderRule
from app.entities.role import TITLES
from app.entities.scheme import Scheme
from app.entities.scheme_case import SchemeCase
from app.entities.scheme_line import SchemeLine
from app.entities.scheme_version import SchemeVersion
from app.entities.source_system import SourceSystem
from app.entities.time_limit import TimeLimit
from app.reference import rows
from app.reference.holidays import announced_days, known_years

PACKAGE = "chinesecalendar"
SINCE = date(2000, 1, 1)


def lay_foundation() -> int:
    """Add missing roles and reference rows; returns how many were added."""
    with transaction() as session:
        added = [_roles(session), _dictionaries(session), _channels(session), _sources(session)]
        added += [
            _parameters(session),
            _calendar(session),
            _schemes(session),
            _cases(session),
            _limits(session),
            _reminders(session),
            _exclusions(session),
        ]
        return sum(added)


def _missing(session: Session, entity: Any, columns: tuple[str, ...], wanted: list[dict[str, Any]]) -> int:
    """Add those of ``wanted`` whose natural key is not there yet."""
    present = {tuple(row) for row in session.execute(select(*(getattr(entity, name) for name in columns)))}
    fresh = [values for values in wanted if tuple(values[name] for name in columns) not in present]
    session.add_all(entity(**values) for values in fresh)
    session.flush()
    return len(fresh)


def _roles(session: Session) -> int:
    return _missing(session, Role, ("name",), [{"name": name} for name in TITLES])


def _dictionaries(session: Session) -> int:
    wanted = [
        {
            "dictionary": r["dictionary"],
            "code": r["code"],
            "name_zh": r["label_zh"],
            "name_en": r["label_en"],
            "tone": r["tone"],
            "position": int(r["position"]),
        }
        for r in rows("dictionaries")
    ]
    return _missing(session, DictionaryEntry, ("dictionary", "code"), wanted)


def _channels(session: Session) -> int:
    wanted = [
        {
            "code": r["code"],
            "name_zh": r["name_zh"],
            "name_en": r["name_en"],
            "kind": r["kind"],
            "active": r["active"] == "1",
            "position": place,
        }
        for place, r in enumerate(rows("channels"), start=1)
    ]
    return _missing(session, Channel, ("code",), wanted)


def _sources(session: Session) -> int:
    return _missing(session, SourceSystem, ("code",), [dict(r) for r in rows("source_systems")])


def _parameters(session: Session) -> int:
    return _missing(session, Parameter, ("code",), [dict(r) for r in rows("parameters")])


def _limits(session: Session) -> int:
    """The usual time limits, unless the district keeps limits of its own."""
    if session.execute(select(TimeLimit.id).limit(1)).first():
        return 0
    return _missing(session, TimeLimit, ("code",), [dict(r) for r in rows("time_limits")])


def _reminders(session: Session) -> int:
    """The usual reminder rules, unless the district keeps rules of its own."""
    if session.execute(select(ReminderRule.id).limit(1)).first():
        return 0
    wanted = [{**r, "mail": r["mail"] == "1", "urgent": r["urgent"] == "1"} for r in rows("reminder_rules")]
    return _missing(session, ReminderRule, ("code",), wanted)


def _exclusions(session: Session) -> int:
    """The usual reasons for excluding tickets (handbook §2.10), unless the district keeps reasons of its own."""
    if session.execute(select(ExclusionReason.id).limit(1)).first():
        return 0
    wanted = [{**r, "position": int(r["position"])} for r in rows("exclusion_reasons")]
    return _missing(session, ExclusionReason, ("code",), wanted)


def _calendar(session: Session) -> int:
    days: list[dict[str, Any]] = [
        {"day": d.day, "kind": d.kind, "name_zh": d.name_zh, "name_en": d.name_en, "source": PACKAGE} for d in announced_days()
    ]
    years = [{"year": year, "known": True, "notice": PACKAGE} for year in known_years()]
    if session.execute(select(CalendarYear.year).limit(1)).first():
        # A district that keeps its own calendar decides about new years itself; only whole new years are added.
        present = set(session.execute(select(CalendarYear.year)).scalars())
        years = [y for y in years if y["year"] not in present]
        days = [d for d in days if d["day"].year in {y["year"] for y in years}]
    return _missing(session, CalendarDay, ("day",), days) + _missing(session, CalendarYear, ("year",), years)


def _cases(session: Session) -> int:
    """The worked examples of the default schemes, where version 1 has none and still holds the lines they were computed for."""
    added = 0
    for scheme, lines in _by_scheme("schemes").items():
        version = session.execute(
            select(SchemeVersion).join(Scheme).where(Scheme.code == scheme, SchemeVersion.number == 1)
        ).scalar_one_or_none()
        if version is None or version.cases or not _as_shipped(version, lines):
            continue
        for r in _by_scheme("scheme_cases").get(scheme, []):
            said = {name: r[name] for name in ("title_zh", "title_en", "line", "expected", "given")}
            session.add(SchemeCase(scheme_version=version, number=int(r["number"]), **said))
            added += 1
    session.flush()
    return added


def _by_scheme(name: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for r in rows(name):
        found.setdefault(r["scheme"], []).append(r)
    return found


def _as_shipped(version: SchemeVersion, lines: list[dict[str, str]]) -> bool:
    """Whether points are given as they were when it was shipped; lines that are only shown change none."""
    kept = {(line.indicator, Decimal(line.weight), line.shape) for line in version.lines if line.weight}
    return kept == {(r["indicator"], Decimal(r["weight"]), r["shape"]) for r in lines if Decimal(r["weight"])}


def _schemes(session: Session) -> int:
    """The default schemes, version 1, unless the district has schemes of its own."""
    if session.execute(select(Scheme.id).limit(1)).first():
        return 0
    added = 0
    made: dict[str, SchemeVersion] = {}
    for r in rows("schemes"):
        version = made.get(r["scheme"])
        if version is None:
            scheme = Scheme(code=r["scheme"], group=r["group"], name_zh=r["name_zh"], name_en=r["name_en"], position=len(made) + 1)
            version = made[r["scheme"]] = SchemeVersion(scheme=scheme, number=1, effective_from=SINCE, state="approved")
            session.add(version)
            added += 2
        session.add(
            SchemeLine(
                scheme_version=version,
                indicator=r["indicator"],
                position=int(r["position"]) * 10,
                weight=Decimal(r["weight"]),
                shape=r["shape"],
            )
        )
        added += 1
    return added
