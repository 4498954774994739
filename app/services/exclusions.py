"""Excluding tickets from figures (剔除): entered by evaluators under a rule, or following from an upheld appeal; withdrawn, never deleted.

What was published stands: an exclusion changes the next computation, the final list after an appeal, or a correction.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.acting import current_actor
from app.core.clock import now
from app.core.storage import Storage
from app.core.transaction import transaction
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, NotAllowed, NotFound, Refused
from app.entities.appeal import Appeal
from app.entities.exclusion import ALL, APPEAL, RULE, Exclusion
from app.entities.exclusion_reason import ExclusionReason
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.services.proofs import Upload, examined

MAY_EXCLUDE = ("evaluator", "system")
"""Roles that take tickets out of figures."""


def exclude(
    ticket_id: int,
    indicator: str,
    reason: str,
    *,
    unit_id: int | None = None,
    basis: str = "",
    note: str = "",
    storage: Storage | None = None,
    uploads: Sequence[Upload] = (),
) -> Exclusion:
    """Take a ticket out of one figure (``*``: out of all), for one unit or every unit that had it.

    Raises ``Refused``: no such reason, one that does not fit the figure, no rule named, already excluded; ``NotAllowed``, ``NotFound``.
    """
    _ask()
    proofs = examined(storage, uploads) if storage is not None else []
    with transaction() as session:
        ticket = session.get(Ticket, ticket_id)
        if ticket is None or (unit_id is not None and session.get(Unit, unit_id) is None):
            raise NotFound()
        if indicator != ALL and indicator not in all_indicators():
            raise Refused("unknown-indicator", N_("There is no indicator %(line)s."), field="indicator", line=indicator[:40])
        if not basis.strip():
            raise Refused("required", N_("Name the rule that the exclusion follows."), field="basis")
        row = _written(session, ticket_id, indicator, fitting(session, reason, indicator), unit_id)
        row.basis, row.note = basis.strip()[:400], note.strip()[:1000]
        session.flush()
        for proof in proofs:
            proof.exclusion_id = row.id
        session.add_all(proofs)
        session.flush()
        return row


def after_appeal(session: Session, appeal: Appeal, indicator: str, reason: str) -> list[Exclusion]:
    """What an upheld appeal excludes: every granted ticket, for the unit and the figure it contested. Joins the caller's transaction."""
    found = fitting(session, reason, indicator)
    rows = []
    for ticket_id in appeal.granted:
        if _present(session, ticket_id, indicator, appeal.unit_id) is None:
            row = _written(session, ticket_id, indicator, found, appeal.unit_id)
            row.origin, row.appeal_id = APPEAL, appeal.id
            rows.append(row)
    session.flush()
    return rows


def withdraw_exclusion(exclusion_id: int) -> Exclusion:
    """Take an exclusion back; the row stays. Those that follow from an appeal stand as the appeal was decided."""
    _ask()
    with transaction() as session:
        row = session.get(Exclusion, exclusion_id)
        if row is None:
            raise NotFound()
        if row.origin == APPEAL:
            raise Refused("decided", N_("The exclusion follows from an appeal that was decided; it stands."), status=409)
        if row.withdrawn_at is not None:
            raise Refused("withdrawn", N_("The exclusion was withdrawn already."), status=409)
        row.withdrawn_at, row.withdrawn_by = now(), current_actor().name[:128]
        session.flush()
        return row


def fitting(session: Session, code: str, indicator: str) -> ExclusionReason:
    """The reason called ``code``, if it is in use and may take a ticket out of the figure."""
    found = session.execute(select(ExclusionReason).where(ExclusionReason.code == code)).scalar_one_or_none()
    if found is None or not found.active:
        raise Refused("not-an-option", N_("Choose one of the exclusion reasons in use."), field="reason")
    if not found.allows(indicator):
        raise Refused(
            "wrong-reason",
            N_("“%(reason)s” takes tickets out of other figures only."),
            field="reason",
            reason=found.name_en or found.name_zh,
        )
    return found


def _ask() -> None:
    if not current_actor().has_role(*MAY_EXCLUDE):
        raise NotAllowed(N_("Only evaluators exclude tickets from figures."))


def _present(session: Session, ticket_id: int, indicator: str, unit_id: int | None) -> Exclusion | None:
    same = (Exclusion.ticket_id == ticket_id, Exclusion.indicator == indicator, Exclusion.withdrawn_at.is_(None))
    whose = Exclusion.unit_id.is_(None) if unit_id is None else Exclusion.unit_id == unit_id
    return session.execute(select(Exclusion).where(*same, whose).limit(1)).scalar_one_or_none()


def _written(session: Session, ticket_id: int, indicator: str, reason: ExclusionReason, unit_id: int | None) -> Exclusion:
    if _present(session, ticket_id, indicator, unit_id) is not None:
        raise Refused("excluded", N_("The ticket is excluded from this figure already."), field="ticket", status=409)
    who = current_actor()
    row = Exclusion(
        ticket_id=ticket_id,
        indicator=indicator,
        unit_id=unit_id,
        reason_id=reason.id,
        origin=RULE,
        entered_at=now(),
        entered_by=who.name[:128],
        entered_by_id=who.user_id,
    )
    session.add(row)
    return row
