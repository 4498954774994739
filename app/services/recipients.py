"""Recipients (收件人): whom a schedule's files go to, by which way, in which language, and which of the files each may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as
from app.core.clock import now
from app.core.languages import LANGUAGES
from app.core.phrases import to_json
from app.core.runs import Run
from app.domain.actors import SYSTEM
from app.domain.facts import GROUPS
from app.domain.refusals import N_, Phrase
from app.domain.reminders import Habits
from app.domain.scorecard import Names
from app.entities.account import Account
from app.entities.artefact import Artefact
from app.entities.delivery import QUEUED, SENT, WITHHELD, Delivery
from app.entities.schedule import Schedule, addresses_of
from app.entities.unit import Unit
from app.queries.artefacts import readable
from app.queries.reminding import habits_of
from app.queries.staff import Member, staff
from app.services.notices import tell

INBOX, MAIL = "inbox", "mail"
FILES = "files"
"""Kind of the notices that say so; their keys begin with it and the run's number."""

NOT_YOURS = N_("Nothing in these files may be read by this recipient.")
NOT_OUT = N_("Only what is published leaves the house.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody, or some place, that gets the files. ``to`` names it within a run; a person is ``account``."""

    to: str
    routes: tuple[str, ...]
    name: str
    language: str
    account: Account | None = None
    target_id: int | None = None


def recipients_of(session: Session, schedule: Schedule) -> list[Recipient]:
    """Everybody once, in order: people, then registered targets, then addresses. Whoever may no longer sign in gets nothing."""
    with acting_as(SYSTEM):
        people = {account.id: account for account in _people(session, schedule) if account.active}
        found = [_person(account, schedule.route) for _, account in sorted(people.items())]
        usual = schedule.languages[:2] if schedule.languages[:2] in LANGUAGES else "zh"
        for target in sorted(schedule.targets, key=lambda one: one.id):
            if target.active:
                found.append(Recipient(f"target:{target.id}", (target.kind,), str(target.name), target.language, target_id=target.id))
        found += [Recipient(f"mail:{address}", (MAIL,), address, usual) for address in dict.fromkeys(addresses_of(schedule.addresses))]
        return found


def _people(session: Session, schedule: Schedule) -> Iterator[Account]:
    if schedule.to_owner and schedule.owner is not None:
        yield schedule.owner
    yield from schedule.accounts
    wanted = {role.id for role in schedule.roles}
    if wanted:
        yield from session.execute(select(Account).where(Account.roles.any(Role.id.in_(wanted)))).scalars()
    if schedule.leads:
        ids = {member.account_id for member in _leads(session, schedule.leads)}
        yield from session.execute(select(Account).where(Account.id.in_(ids))).scalars()


def _leads(session: Session, groups: str) -> Iterator[Member]:
    """The leads of every unit of the group that is valid today."""
    today = now().date()
    wanted = GROUPS if groups == "all" else (groups,)
    units = (
        session.execute(select(Unit.id).where(Unit.type.in_(wanted), Unit.valid_to.is_(None) | (Unit.valid_to >= today)).order_by(Unit.id))
        .scalars()
        .all()
    )
    people = staff(session, units)
    for unit in units:
        yield from people.leads_of(unit)


def _person(account: Account, route: str) -> Recipient:
    routes = (INBOX, MAIL) if route == MAIL and account.email else (INBOX,)
    language = account.language if account.language in LANGUAGES else "zh"
    return Recipient(f"user:{account.id}", routes, account.label(), language, account)


def languages_for(schedule_languages: str, recipients: Iterable[Recipient]) -> tuple[str, ...]:
    """In which languages files are made: those asked for, or those of the people who get them."""
    if schedule_languages != "own":
        return tuple(schedule_languages.split(","))
    spoken = {one.language for one in recipients}
    return tuple(language for language in LANGUAGES if language in spoken) or ("zh",)


def hand_out(session: Session, run: Run, schedule: Schedule, recipients: Sequence[Recipient], artefacts: Sequence[Artefact]) -> None:
    """Enter who gets what, and tell those who read it here; joins the transaction in which the run ends.

    A recipient gets the files of the own language where everybody gets the own, and of those the ones that the row scope shows.
    """
    habits = habits_of(session)
    for recipient in recipients:
        mine = [one for one in artefacts if schedule.languages != "own" or one.language == recipient.language]
        given = readable(session, recipient.account, [one.id for one in mine])
        for route in recipient.routes:
            reason = None if given else Phrase(NOT_YOURS if recipient.account is not None else NOT_OUT)
            told = bool(given) and route == INBOX
            session.add(
                Delivery(
                    run_id=run.id,
                    route=route,
                    to=recipient.to,
                    user_id=recipient.account.id if recipient.account is not None else None,
                    target_id=recipient.target_id,
                    name=recipient.name[:200],
                    language=recipient.language,
                    artefacts=[one.id for one in given],
                    state=SENT if told else QUEUED if given else WITHHELD,
                    sent_at=now() if told else None,
                    next_at=now() if given and not told else None,
                    reason=to_json(reason) if reason else None,
                    message_id=_message_id(run.id, route, recipient.to),
                )
            )
            if told:
                _tell(session, run, schedule, recipient, len(given), habits)


def _tell(session: Session, run: Run, schedule: Schedule, recipient: Recipient, count: int, habits: Habits) -> None:
    assert recipient.account is not None
    text = Phrase(
        N_("“%(name)s” of %(period)s is ready: %(count)s files"),
        name=Names(schedule.name_zh, schedule.name_en),
        period=run.period,
        count=count,
    )
    member = Member(recipient.account.id, frozenset(), frozenset(), "")
    tell(session, [member], f"{FILES}:{run.id}", FILES, text, habits=habits, mail=False)


def _message_id(run_id: int, route: str, to: str) -> str:
    """The same over all attempts, and different for everybody; it gives no address away."""
    host = (urlsplit(current_app.config["PUBLIC_URL"]).hostname or "frontline")[:60]
    return f"frontline.files.{run_id}.{sha256(f'{route}|{to}'.encode()).hexdigest()[:20]}@{host}"
