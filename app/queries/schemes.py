"""Which scheme version scores which group in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evaluation import Scheme as SchemeValue
from app.domain.indicators import all_indicators
from app.domain.period import Period
from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Line, Names
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme import GROUPS, Scheme
from app.entities.scheme_line import SchemeLine, params_of
from app.entities.scheme_version import SchemeVersion


@dataclass(frozen=True, slots=True)
class InForce:
    """A group and the scheme version that scores it."""

    group: str
    names: Names
    scheme: SchemeValue


GROUP_NAMES = {"street_town": Names("街镇", "Street-towns"), "department": Names("责任部门", "Departments")}


def schemes_in_force(session: Session, period: Period) -> list[InForce]:
    """The approved version of each active scheme in force on the period's first day.

    Raises ``Refused("no-scheme")`` when there is none at all, ``Refused("two-schemes")`` when two score one group.
    """
    found: dict[str, InForce] = {}
    schemes = session.execute(select(Scheme).where(Scheme.active.is_(True)).order_by(Scheme.position, Scheme.id)).scalars().all()
    for scheme in schemes:
        version = session.execute(
            select(SchemeVersion)
            .where(
                SchemeVersion.scheme_id == scheme.id,
                SchemeVersion.state == "approved",
                SchemeVersion.effective_from <= period.first,
            )
            .order_by(SchemeVersion.effective_from.desc())
            .limit(1)
        ).scalar_one_or_none()
        if version is None:
            continue
        if scheme.group in found:
            label = next(option.label for option in GROUPS if option.value == scheme.group)
            raise Refused(
                "two-schemes", N_("Two schemes in use score the group “%(group)s”; switch one off."), group=Phrase(label), status=409
            )
        found[scheme.group] = InForce(scheme.group, GROUP_NAMES[scheme.group], _value(session, scheme, version))
    if not found:
        raise Refused("no-scheme", N_("No approved scheme is in force on %(day)s."), day=period.first, status=409)
    return list(found.values())


def _value(session: Session, scheme: Scheme, version: SchemeVersion) -> SchemeValue:
    rows = session.execute(
        select(SchemeLine).where(SchemeLine.scheme_version_id == version.id).order_by(SchemeLine.position, SchemeLine.id)
    ).scalars()
    known = all_indicators()
    lines = tuple(
        Line(
            code=row.indicator,
            name=known[row.indicator].name,
            weight=Fraction(row.weight),
            shape=row.shape,
            params=params_of(row.params),
            na_policy=row.na_policy,
            target=None if row.target is None else Fraction(row.target),
        )
        for row in rows
    )
    names = Names(scheme.name_zh, scheme.name_en)
    return SchemeValue(names, version.number, lines, Fraction(version.full_marks), version.min_sample, version.ties)


def list_in_force(session: Session, period: Period) -> str:
    """The responsibility list version in force on the period's first day; empty where there is none."""
    return list_in_force_on(session, period.first)


def list_in_force_on(session: Session, day: date) -> str:
    """The responsibility list version in force on a day: the latest approved one that has begun; empty where there is none."""
    found = session.execute(
        select(ResponsibilityList.code)
        .where(ResponsibilityList.state == "approved", ResponsibilityList.effective_from <= day)
        .order_by(ResponsibilityList.effective_from.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found or ""
