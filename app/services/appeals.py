"""Appeals (申诉): filing one against a line of the own unit's scorecard, with grounds and proofs, while the list is open to appeals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.storage import Storage
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.appeals import CLASSES, KINDS, OPEN, nodes
from app.domain.evaluation import APPEALS, PRELIMINARY, moved
from app.domain.refusals import N_, NotAllowed, NotFound, Refused
from app.domain.scorecard import Group, Line, UnitScore
from app.entities.appeal import Appeal
from app.entities.evaluation import Evaluation
from app.entities.parameter import parameter
from app.queries.appeals import contestable, effect_of, told
from app.queries.frozen_groups import groups_of
from app.services.appeal_notices import tell_filed
from app.services.attachments import Limits
from app.services.evaluation import required
from app.services.evaluation_outcome import line_in
from app.services.proofs import Upload, examined

MAY_FILE = ("street_town", "department_lead")
"""Roles that speak for a unit."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of one unit's scorecard in a list that takes appeals."""

    evaluation: Evaluation
    group: Group
    unit: UnitScore
    line: Line


@dataclass(frozen=True, slots=True)
class Filing:
    """What a unit brings forward."""

    kind: str
    text: str
    tickets: Sequence[int] = ()


def own_place(session: Session, period: str, code: str) -> Place:
    """The line ``code`` on the acting person's own unit's scorecard. ``NotFound`` where the unit is not in the list or has no such line."""
    evaluation = required(session, period)
    mine = current_actor().unit_id
    for group in groups_of(session, evaluation.id):
        unit = next((unit for unit in (*group.units, *group.apart) if unit.unit_id == mine), None)
        line = line_in([group], group.code, code)
        if unit is not None and line is not None:
            return Place(evaluation, group, unit, line)
    raise NotFound(N_("Your unit has no such line in this list."))


def why_not_file(session: Session, place: Place) -> Refused | None:
    """Why the acting person may not appeal this line now; nothing where it may."""
    who, until = current_actor(), place.evaluation.appeal_until
    if not who.has_role(*MAY_FILE) or who.unit_id != place.unit.unit_id:
        return NotAllowed(N_("A unit's lead appeals for the own unit."))
    if place.evaluation.state not in (PRELIMINARY, APPEALS):
        return Refused("no-window", N_("Appeals are taken while a preliminary list is open."), status=409)
    if until is not None and now() >= until:
        return Refused("too-late", N_("Appeals were taken until %(until)s."), until=until, status=409)
    if not CLASSES.get(place.line.appeal, ()):
        return Refused("no-appeal", N_("“%(line)s” takes no appeals."), line=place.line.title, status=409)
    present = select(Appeal.id).where(
        Appeal.evaluation_id == place.evaluation.id, Appeal.unit_id == place.unit.unit_id, Appeal.line == place.line.code
    )
    if session.execute(present).first() is not None:
        return Refused("appealed", N_("“%(line)s” was appealed already; there is one appeal per line."), line=place.line.title, status=409)
    return None


def file_appeal(
    period: str, code: str, filing: Filing, *, storage: Storage | None = None, uploads: Sequence[Upload] = (), limits: Limits | None = None
) -> Appeal:
    """Appeal a line of the own unit's scorecard, naming the tickets concerned, with grounds and proofs.

    Raises ``Refused``: window closed, kind not taken, no grounds, no or foreign tickets; ``NotAllowed``, ``NotFound``.
    """
    _ask(db.session(), period, code, filing)
    proofs = examined(storage, uploads, limits) if storage is not None else []
    with transaction() as session:
        place = own_place(session, period, code)
        _lock(session, place.evaluation.id)
        _ask(session, period, code, filing)
        appeal = _filed(session, place, filing)
        for proof in proofs:
            proof.appeal_id = appeal.id
        session.add_all(proofs)
        if place.evaluation.state == PRELIMINARY:
            with acting_as(SYSTEM):
                place.evaluation.state = moved(PRELIMINARY, APPEALS)
        session.flush()
        tell_filed(session, appeal, place.line.title)
        return appeal


def _ask(session: Session, period: str, code: str, filing: Filing) -> None:
    """Refuse whoever may not, before a file is looked at; asked again under the lock."""
    place = own_place(session, period, code)
    refused = why_not_file(session, place) or _unfit(session, place, filing)
    if refused is not None:
        raise refused


def _unfit(session: Session, place: Place, filing: Filing) -> Refused | None:
    """What is wrong with what was brought forward."""
    if filing.kind not in KINDS or filing.kind not in CLASSES.get(place.line.appeal, ()):
        return Refused("wrong-kind", N_("This line does not take that kind of appeal."), field="kind")
    if not filing.text.strip():
        return Refused("required", N_("Say on what grounds you appeal."), field="text")
    allowed = {one.ticket_id for one in contestable(session, place.evaluation.id, place.unit.unit_id, place.line)}
    if place.line.measured and not filing.tickets:
        return Refused("none-named", N_("Name the tickets that the appeal is about."), field="tickets")
    if not set(filing.tickets) <= allowed:
        return Refused("not-contestable", N_("Only tickets that cost your unit points on this line can be appealed."), field="tickets")
    return None


def _filed(session: Session, place: Place, filing: Filing) -> Appeal:
    who = current_actor()
    tickets = sorted(set(filing.tickets))
    appeal = Appeal(
        evaluation_id=place.evaluation.id,
        unit_id=place.unit.unit_id,
        group=place.group.code,
        line=place.line.code,
        kind=filing.kind,
        state=OPEN,
        text=filing.text.strip()[:2000],
        filed_at=now(),
        filed_by=who.name[:128],
        filed_by_id=who.user_id,
        nodes=list(nodes(int(parameter("appeal_nodes", "3")))),
        tickets=tickets,
        effect=told(effect_of(session, place.evaluation, place.group.code, place.unit.unit_id, place.line, tickets, "")),
    )
    session.add(appeal)
    session.flush()
    return appeal


def _lock(session: Session, evaluation_id: int) -> None:
    """Hold the list, so that it cannot become final while somebody files."""
    session.execute(select(Evaluation.id).where(Evaluation.id == evaluation_id).with_for_update(of=Evaluation))
