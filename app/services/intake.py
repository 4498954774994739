"""Intake (受理): a report from any channel becomes a ticket, once; whoever sends it again gets the ticket that it became."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.storage import Storage
from app.core.transaction import one_by_one, transaction
from app.crud.columns import Origin, Reading
from app.crud.lookups import Lookups
from app.domain.actors import SYSTEM
from app.domain.intake import LONGEST_NUMBER, Enclosed, Report
from app.domain.refusals import N_, Refused, RefusedAll
from app.entities.channel import Channel
from app.entities.source_system import SourceSystem
from app.entities.ticket import Ticket
from app.services.attachments import Examined, Limits, examined, keep_with
from app.services.registration import Came, register

MOST_FILES = 10
"""So many files come with one report; more are put on the ticket afterwards."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report: its ticket; ``fresh`` unless it had been registered before; files that could not be kept, and why."""

    ticket: Ticket
    fresh: bool
    left_out: tuple[tuple[str, Refused], ...] = ()


def take_in(report: Report, storage: Storage, limits: Limits) -> Taken:
    """Register a report in the current actor's name, or find the ticket it became when it came before.

    Raises ``RefusedAll`` or ``Refused`` with every reason; then nothing was registered and no file kept. Reports with the same
    source and number wait for each other, so that of two that race the second finds the first's ticket.
    """
    _check_number(report.number)
    with ExitStack() as stack:
        files, left_out = _examined(storage, stack, report, limits)
        with transaction() as session:
            one_by_one(session, f"intake {report.source} {report.number}")
            source, channel = _list_entry(session, SourceSystem, report.source), _list_entry(session, Channel, report.channel)
            known = registered_as(session, source.id, report.number)
            if known is not None:
                return Taken(known, False)
            details: dict[str, Any] = {"channel": report.channel, "source": report.source, "source_no": report.number}
            if left_out:
                details["left_out"] = [name for name, _ in left_out]
            reading = Reading(origin=Origin.API, on_day=now().date(), resolve=Lookups(session, source=report.source))
            ticket = register({**report.values, "channel": channel.id}, reading, Came(source.id, report.number, details))
            keep_with(session, storage, ticket, files, current_actor())
            return Taken(ticket, True, left_out)


def registered_as(session: Session, source_id: int, number: str) -> Ticket | None:
    """The ticket that a source's number became, whoever may see it: the answer to a retry says nothing that the sender does not know."""
    with acting_as(SYSTEM):
        return session.execute(select(Ticket).where(Ticket.source_id == source_id, Ticket.source_no == number)).scalar_one_or_none()


def _check_number(number: str) -> None:
    if not number or len(number) > LONGEST_NUMBER or not number.isprintable():
        raise Refused("no-number", N_("A report needs its source's own number, of at most %(most)d characters."), most=LONGEST_NUMBER)


def _examined(storage: Storage, stack: ExitStack, report: Report, limits: Limits) -> tuple[list[Examined], tuple[tuple[str, Refused], ...]]:
    """The files that can be kept, and those that cannot with the reason; a strict report with one of those is refused."""
    good: list[Examined] = []
    bad: list[tuple[str, Refused]] = []
    for place, file in enumerate(report.files):
        try:
            if place >= min(MOST_FILES, limits.files):
                raise Refused("too-many-files", N_("At most %(most)d files come with one report."), field="file", most=MOST_FILES)
            good.append(examined(storage, stack, file.name, file.content, limits))
        except Refused as refused:
            if report.strict:
                raise RefusedAll([_named(file, refused)]) from refused
            bad.append((file.name, refused))
    return good, tuple(bad)


def _named(file: Enclosed, refused: Refused) -> Refused:
    """The refusal of one of several files says which."""
    return Refused("file", N_("“%(name)s”: %(reason)s"), field="file", status=refused.status, name=file.name[:80], reason=refused.phrase)


def _list_entry(session: Session, entity: Any, code: str) -> Any:
    """The channel or source system of that code, in use."""
    with acting_as(SYSTEM):
        found = session.execute(select(entity).where(entity.code == code)).scalar_one_or_none()
    if found is None or not found.active:
        sentence = N_("This way in is closed at present: “%(entry)s” is not among the entries in use.")
        raise Refused("channel-closed", sentence, status=503, entry=code)
    return found
