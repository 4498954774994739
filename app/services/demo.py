"""Loading the demo district: Gulou's units, a responsibility list, accounts, and a year of generated tickets, marked as such."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.runs import Progress
from app.core.transaction import transaction
from app.crud.aliases import OtherName, add_alias
from app.demo.accounts import ACCOUNTS
from app.demo.district import STREET, rows
from app.domain.actors import SYSTEM
from app.domain.period import month_holding
from app.domain.refusals import N_, Phrase, Refused
from app.domain.reminders import NEVER
from app.entities.account import Account
from app.entities.command_centre import CommandCentre
from app.entities.community import Community
from app.entities.department import Department
from app.entities.enterprise import Enterprise
from app.entities.matter import Matter
from app.entities.parameter import Parameter
from app.entities.partner import Partner
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.staff_profile import StaffProfile
from app.entities.street_town import StreetTown
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.services.demo_tickets import MONTHS, load_tickets
from app.services.evaluation import publish
from app.services.sign_in import set_first_password

PUBLISHED = 6
"""So many of the latest complete months are published, so that trends can be seen."""


def is_empty(session: Session) -> bool:
    """Whether nothing but reference data is there."""
    return not any(session.execute(select(func.count()).select_from(entity.__table__)).scalar_one() for entity in (Unit, Ticket, Matter))


def load_demo(password: str, progress: Progress) -> dict[str, int]:
    """Load the district; returns counts. Raises ``Refused("not-empty")`` where the database holds anything else."""
    with acting_as(SYSTEM):
        with transaction() as session:
            if not is_empty(session):
                raise Refused(
                    "not-empty", N_("The database already holds units or tickets. The demo district needs an empty one."), status=409
                )
            progress.begin(Phrase(N_("Master data")))
            lay_out(session, password)
            progress.begin(Phrase(N_("Tickets")), MONTHS * 1200)
            counted = load_tickets(session, progress)
        period = month_holding(now())
        published = 0
        for back in range(PUBLISHED, 0, -1):
            publish(period.back(back).key, progress=progress)
            published += 1
        return {**counted, "months": published, "accounts": len(ACCOUNTS)}


def lay_out(session: Session, password: str) -> None:
    """The district without its tickets: units, matters, responsibility list, partners, accounts."""
    _units(session)
    _matters(session)
    _responsibility(session)
    _parameters(session)
    _partners(session)
    _accounts(session, password)


def _units(session: Session) -> None:
    """Centre, street-towns with communities, departments with their parents and former names."""
    for r in rows("command_centre"):
        session.add(CommandCentre(**_names(r), code=r["code"]))
    streets: dict[str, StreetTown] = {}
    for r in rows("street_towns"):
        streets[r["code"]] = StreetTown(
            **_names(r),
            code=r["code"],
            sub_centre_zh=r["sub_centre_zh"],
            sub_centre_en=r["sub_centre_en"],
            hex_column=int(r["hex_column"]),
            hex_row=int(r["hex_row"]),
            area=Decimal(r["area_km2"]),
            population=Decimal(r["population_k"]) / 10,
        )
    session.add_all(streets.values())
    for r in rows("communities"):
        session.add(Community(code=r["code"], name_zh=r["name_zh"], name_en=r["name_en"], street_town=streets[r["street_town"]]))
    departments: dict[str, Department] = {}
    for r in rows("departments"):
        since = date.fromisoformat(r["valid_from"]) if r["valid_from"] else None
        kind = Enterprise if r["kind"] == "enterprise" else Department
        departments[r["code"]] = kind(**_names(r), code=r["code"], kind=r["kind"], valid_from=since)
    session.add_all(departments.values())
    session.flush()
    for r in rows("departments"):
        if r["parent"]:
            departments[r["code"]].parent = departments[r["parent"]]
    communities = {c.code: c for c in session.execute(select(Community)).scalars()}
    owners: dict[str, Any] = {**streets, **departments, **communities}
    for r in rows("aliases"):
        row = owners[r["code"]]
        days = [date.fromisoformat(r[k]) if r[k] else None for k in ("valid_from", "valid_to")]
        add_alias(session, row.__tablename__, row.id, OtherName(r["name"], "former", r["language"], *days))
    session.flush()


def _names(r: dict[str, str]) -> dict[str, str]:
    return {k: r[k] for k in ("name_zh", "name_en", "short_zh", "short_en")}


def _matters(session: Session) -> None:
    made: dict[str, Matter] = {}
    for r in sorted(rows("matters"), key=lambda r: r["level"]):
        made[r["code"]] = Matter(
            code=r["code"], name_zh=r["name_zh"], name_en=r["name_en"], level=int(r["level"]), parent=made.get(r["parent"])
        )
        made[r["code"]].public = r["level"] == "3"
    session.add_all(made.values())
    session.flush()


def _responsibility(session: Session) -> None:
    version = ResponsibilityList(
        code="2025-1",
        name_zh="鼓楼区一线处置责任清单（演示）",
        name_en="Gulou front-line responsibility list (demo)",
        effective_from=date(2025, 1, 1),
        state="approved",
    )
    session.add(version)
    units = {u.code: u for u in session.execute(select(Department)).scalars()}
    matters = {m.code: m for m in session.execute(select(Matter)).scalars()}
    for r in rows("responsibility"):
        session.add(
            ResponsibilityItem(
                list_version=version,
                number=r["item_no"],
                matter=matters[r["matter"]],
                name_zh=r["item_zh"],
                name_en=r["item_en"],
                duty=r["duty_kind"],
                lead=None if r["lead"] == STREET else units[r["lead"]],
                support=[units[code] for code in r["support"].split("|") if code],
                at_once=r["limit_at_once"],
                quickly=r["limit_quickly"],
                within_limit=r["limit_within"],
                basis_zh=r["basis_zh"],
                basis_en=r["basis_en"],
            )
        )
    session.flush()


def _parameters(session: Session) -> None:
    wanted = {"district.zh": "福州市鼓楼区", "district.en": "Gulou District, Fuzhou", "demo": "1"}
    for row in session.execute(select(Parameter).where(Parameter.code.in_(wanted))).scalars():
        row.value = wanted[row.code]


def _partners(session: Session) -> None:
    session.add_all(Partner(**row) for row in rows("partners"))


def _accounts(session: Session, password: str) -> None:
    """One account per role, all with the same password; the hash is made once because it is slow on purpose.

    Their addresses lead nowhere, so nothing is mailed to them.
    """
    roles = {role.name: role for role in session.execute(select(Role)).scalars()}
    units = {u.code: u for u in session.execute(select(Unit)).scalars()}
    hashed = ""
    for wanted in ACCOUNTS:
        account = Account(
            username=wanted.username,
            first_name=wanted.name_zh,
            last_name="",
            email=f"{wanted.username}@demo.invalid",
            active=True,
            roles=[roles[wanted.role]],
        )
        if not hashed:
            set_first_password(account, password)
            hashed = account.password
        account.password, account.password_changed_at = hashed, now()
        session.add(account)
        session.flush()
        session.add(
            StaffProfile(account_id=account.id, unit_id=units[wanted.unit].id if wanted.unit else None, employment="full_time", mails=NEVER)
        )
    session.flush()


def random_demo_password() -> str:
    """A password to be printed once."""
    return f"Gulou-{secrets.token_hex(4)}"
