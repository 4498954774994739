"""Which scheme version scores which group in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evaluation import Scheme as SchemeValue
from app.domain.period import Period
from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Names
from app.entities.responsibility_list import ResponsibilityList
from app.entities.scheme import GROUPS, Scheme
from app.entities.scheme_version import SchemeVersion
from app.entities.unit import Unit


@dataclass(frozen=True, slots=True)
class InForce:
    """A group and the scheme version that scores it."""

    group: str
    names: Names
    scheme: SchemeValue


GROUP_NAMES = {
    "street_town": Names("街镇", "Street-towns"),
    "department": Names("责任部门", "Departments"),
    "enterprise": Names("企事业单位", "Enterprises"),
}


def schemes_in_force(session: Session, period: Period) -> list[InForce]:
    """The approved version of each active scheme in force on the period's first day; a group without any unit is not evaluated.

    Raises ``Refused("no-scheme")`` when there is none at all, ``Refused("two-schemes")`` when two score one group.
    """
    found: dict[str, InForce] = {}
    types = set(session.execute(select(Unit.type).distinct()).scalars())
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
        found[scheme.group] = InForce(scheme.group, GROUP_NAMES[scheme.group], version.value())
    if not found:
        raise Refused("no-scheme", N_("No approved scheme is in force on %(day)s."), day=period.first, status=409)
    return [one for one in found.values() if one.group in types] or list(found.values())


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
