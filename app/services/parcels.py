"""Parcels (寄送内容): what one recipient is sent of a run, in the own language: the report, its period and state, and the files."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from sqlalchemy.orm import Session

from app.core.languages import Words, words
from app.core.offers import all_offers
from app.core.post import Enclosure, Trouble
from app.core.run import Run
from app.core.storage import Storage
from app.crud.file_types import PDF, XLSX
from app.delivery import Parcel, Settings
from app.domain.evaluation import STATES
from app.domain.period import period_of
from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Names
from app.entities.account import Account
from app.entities.artefact import Artefact
from app.entities.delivery import Delivery
from app.entities.delivery_target import DeliveryTarget
from app.entities.parameter import parameter
from app.entities.schedule import Schedule
from app.queries.calendar import city_zone
from app.services.mailing import product_name

MEDIA_TYPES = {"xlsx": XLSX.media_type, "pdf": PDF.media_type, "json": "application/json"}
MOST_NAMED = 20
"""So many files are named in a message; of the others their number."""


def parcel_of(session: Session, delivery: Delivery, artefacts: Sequence[Artefact], recipient: str) -> Parcel:
    """What ``recipient`` (an address) is sent. ``Trouble`` where a file is no longer kept."""
    writer = words(delivery.language)
    run = session.get(Run, delivery.run_id)
    assert run is not None
    what = title_of(session, run, artefacts, writer)
    link = "" if delivery.user_id is None and delivery.target_id is None else link_to(run.id)
    return Parcel(
        message_id=delivery.message_id,
        language=delivery.language,
        sender=parameter("mail_from"),
        sender_name=product_name(writer),
        recipient=recipient,
        subject=writer(N_("%(product)s: %(what)s"), product=product_name(writer), what=what),
        text=_text(session, run, artefacts, what, link, writer),
        link=link,
        files=tuple(_enclosure(one) for one in artefacts),
        written_at=delivery.created_at,
    )


def settings_for(target: DeliveryTarget | None) -> Settings:
    """What a route must know of this installation and of a registered target."""
    config = current_app.config
    return Settings(
        smtp_url=config["SMTP_URL"],
        attach_bytes=int(parameter("mail_attach_mb", "10")) * 2**20,
        drop=config["DROP"],
        secret=target.secret if target is not None else "",
        allow_private=target is not None and target.allow_private,
    )


def address_of(delivery: Delivery, account: Account | None, target: DeliveryTarget | None) -> str:
    """Where it goes: to the account's address of today, to the registered target, or to the address that was written down."""
    if account is not None:
        return account.email or ""
    return target.address if target is not None else delivery.to.partition(":")[2]


def title_of(session: Session, run: Run, artefacts: Sequence[Artefact], writer: Words) -> str:
    """The report, its period and the state of what it was printed from: 绩效评价表，2026年9月（已公布）."""
    offer = all_offers().get(artefacts[0].report)
    name = writer(offer.title) if offer is not None else schedule_name(session, run, writer)
    period = writer.month(period_of(run.period, city_zone())) if run.period else ""
    state = writer(STATES.get(artefacts[0].state, ""))
    if period and state:
        return writer(N_("%(report)s, %(period)s (%(state)s)"), report=name, period=period, state=state)
    return writer(N_("%(report)s, %(period)s"), report=name, period=period) if period else name


def schedule_name(session: Session, run: Run, writer: Words) -> str:
    """The schedule behind a run, by its name; the run's own title where it is gone."""
    schedule = session.get(Schedule, run.schedule_id) if run.schedule_id is not None else None
    return writer.names(Names(schedule.name_zh, schedule.name_en)) if schedule is not None else writer(N_("Files"))


def link_to(run_id: int) -> str:
    """The page with the files of a run, for whoever signs in."""
    return f"{current_app.config['PUBLIC_URL']}/my-files/?run={run_id}"


def _text(session: Session, run: Run, artefacts: Sequence[Artefact], what: str, link: str, writer: Words) -> str:
    made = Phrase(N_("“%(schedule)s” has made: %(what)s."), schedule=schedule_name(session, run, writer), what=what)
    named = [writer(N_("%(name)s (%(size)s)"), name=one.name, size=size_of(one.size)) for one in artefacts[:MOST_NAMED]]
    if len(artefacts) > MOST_NAMED:
        named.append(writer(N_("and %(count)s more files"), count=len(artefacts) - MOST_NAMED))
    parts = [writer.phrase(made), writer(N_("Files:")) + "\n" + "\n".join(named)]
    if link:
        parts.append(writer(N_("They lie in “My files”, where you can confirm that you received them:")) + "\n" + link)
    return "\n\n".join((*parts, product_name(writer)))


def size_of(size: int) -> str:
    """A size as people read it: 312 KB, 4.2 MB."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"


def _enclosure(artefact: Artefact) -> Enclosure:
    storage: Storage = current_app.config["STORAGE"]
    try:
        path = storage.path(artefact.digest)
    except Refused as refused:
        raise Trouble("lost_file", artefact.name, lasting=True) from refused
    return Enclosure(artefact.name, MEDIA_TYPES.get(artefact.format, "application/octet-stream"), path, artefact.size, artefact.digest)
