"""Who sees which rows: one SQL condition per table for any actor, applied beneath every door (``app.core.row_scope``)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from app.core.row_scope import Policy
from app.domain.actors import Actor
from app.domain.bulletin import APPROVED
from app.domain.evaluation import COMPUTED
from app.entities.appeal import Appeal
from app.entities.appeal_step import AppealStep, Proof
from app.entities.artefact import Artefact, ArtefactReading
from app.entities.assignment_round import AssignmentRound
from app.entities.attachment import Attachment
from app.entities.bulletin import Bulletin
from app.entities.call import Call
from app.entities.called_unit import CalledUnit
from app.entities.consultation import Consultation
from app.entities.delivery import Delivery
from app.entities.evaluation import Evaluation
from app.entities.evaluation_fact import EvaluationFact
from app.entities.exclusion import Exclusion
from app.entities.extension import Extension
from app.entities.follow_up import FollowUp
from app.entities.manual_entry import ManualEntry
from app.entities.notice import Notice
from app.entities.rating import Rating
from app.entities.schedule import Schedule
from app.entities.staff_profile import StaffProfile
from app.entities.supervision_order import SupervisionOrder
from app.entities.suspension import Suspension
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent

# Conditions speak of tables, not of entities: an entity inside a policy would be given its own policy again.
_TICKET: Any = Ticket.__table__
_ROUND: Any = AssignmentRound.__table__
_CALL: Any = Call.__table__
_CALLED: Any = CalledUnit.__table__
_APPEAL: Any = Appeal.__table__
_EXCLUSION: Any = Exclusion.__table__
_EVALUATION: Any = Evaluation.__table__


def units_of(actor: Actor) -> tuple[int, ...]:
    """The units an actor works for: the own one and the one where it is stationed."""
    return tuple(unit for unit in (actor.unit_id, actor.stationed_id) if unit is not None)


def _ticket_ids(actor: Actor) -> Any:
    """Tickets an actor's units have to do with: in their territory, once assigned to them, called by or on them."""
    units = units_of(actor)
    territory = select(_TICKET.c.id).where(_TICKET.c.street_town_id.in_(units))
    held = select(_ROUND.c.ticket_id).where(_ROUND.c.unit_id.in_(units))
    calling = select(_CALL.c.ticket_id).where(_CALL.c.street_town_id.in_(units))
    called = select(_CALL.c.ticket_id).join(_CALLED, _CALLED.c.call_id == _CALL.c.id).where(_CALLED.c.unit_id.in_(units))
    return territory.union(held, calling, called)


def _of_ticket(column: Any) -> Policy:
    def policy(actor: Actor) -> ColumnElement[bool]:
        if actor.sees_all:
            return column.is_not(None)
        if not units_of(actor):
            return false()
        return column.in_(_ticket_ids(actor))

    return policy


def _called_units(actor: Actor) -> ColumnElement[bool]:
    """Parts of calls on tickets one may see."""
    if not units_of(actor):
        return false()
    of_mine = exists().where(and_(_CALL.c.id == CalledUnit.call_id, _CALL.c.ticket_id.in_(_ticket_ids(actor))))
    return of_mine


def _ratings(actor: Actor) -> ColumnElement[bool]:
    """Ratings of tickets one may see: the own ones at once, the others' when they are open to both sides (blind until then).

    Who is stationed at a street-town is blind to what that writes of the own department.
    """
    units = units_of(actor)
    if not units:
        return false()
    given = and_(Rating.rater_id.in_(units), or_(Rating.rated_id.is_(None), Rating.rated_id != (actor.unit_id or 0)))
    mine = or_(given, Rating.revealed_at.is_not(None))
    return and_(Rating.ticket_id.in_(_ticket_ids(actor)), mine)


def _notices(actor: Actor) -> ColumnElement[bool]:
    """Everybody reads the own inbox, and only that."""
    return Notice.user_id == actor.user_id if actor.user_id is not None else false()


def _facts(actor: Actor) -> ColumnElement[bool]:
    """Frozen duties: a unit sees its own; rankings are for everybody, evidence is not."""
    units = units_of(actor)
    return EvaluationFact.unit_id.in_(units) if units else false()


def _staff(actor: Actor) -> ColumnElement[bool]:
    """Profiles: those of one's own units and one's own; whoever keeps the accounts sees all, or nobody could be given a unit."""
    if "security_admin" in actor.roles:
        return StaffProfile.id.is_not(None)
    own = StaffProfile.account_id == actor.user_id
    units = units_of(actor)
    return or_(own, StaffProfile.unit_id.in_(units)) if units else own


def _appeals(actor: Actor) -> ColumnElement[bool]:
    """A unit's own appeals; whoever hears them sees all rows anyway."""
    units = units_of(actor)
    return Appeal.unit_id.in_(units) if units else false()


def _appeal_steps(actor: Actor) -> ColumnElement[bool]:
    """What was said about appeals one may see."""
    return AppealStep.appeal_id.in_(select(_APPEAL.c.id).where(_APPEAL.c.unit_id.in_(units_of(actor))))


def _proofs(actor: Actor) -> ColumnElement[bool]:
    """Proofs of appeals and of exclusions one may see."""
    appeals = select(_APPEAL.c.id).where(_APPEAL.c.unit_id.in_(units_of(actor)))
    exclusions = select(_EXCLUSION.c.id).where(_EXCLUSION.c.ticket_id.in_(_ticket_ids(actor)), _of_own_units(actor, _EXCLUSION.c.unit_id))
    return or_(Proof.appeal_id.in_(appeals), Proof.exclusion_id.in_(exclusions))


def _of_own_units(actor: Actor, column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column.in_(units_of(actor)))


def _exclusions(actor: Actor) -> ColumnElement[bool]:
    """Exclusions of tickets one may see, but for those that concern another unit alone."""
    if not units_of(actor):
        return false()
    return and_(Exclusion.ticket_id.in_(_ticket_ids(actor)), _of_own_units(actor, Exclusion.unit_id))


def _manual_entries(actor: Actor) -> ColumnElement[bool]:
    """Points entered for one's own units, once the list they stand in is out."""
    out = select(_EVALUATION.c.period).where(_EVALUATION.c.state != COMPUTED)
    return and_(ManualEntry.unit_id.in_(units_of(actor)), ManualEntry.period.in_(out))


def _evaluations(_actor: Actor) -> ColumnElement[bool]:
    """Who is assessed sees what was published, not what is still being reckoned."""
    return Evaluation.state != COMPUTED


def _bulletins(_actor: Actor) -> ColumnElement[bool]:
    """Who is assessed reads what was approved, not what is still being written."""
    return Bulletin.state == APPROVED


def left_the_house() -> ColumnElement[bool]:
    """Of a file: it was printed from a list that was out by then. What was printed before shows provisional figures for ever."""
    out = select(_EVALUATION.c.id).where(_EVALUATION.c.state != COMPUTED)
    return and_(Artefact.evaluation_id.in_(out), Artefact.state != COMPUTED)


def _artefacts(actor: Actor) -> ColumnElement[bool]:
    """Files of runs: those about one's own units, and district-wide ones of evaluations; never a provisional one."""
    about_mine = and_(Artefact.unit_id.in_(units_of(actor)), or_(Artefact.evaluation_id.is_(None), left_the_house()))
    return or_(about_mine, and_(Artefact.unit_id.is_(None), left_the_house()))


def _artefact_readings(actor: Actor) -> ColumnElement[bool]:
    """What one has taken oneself."""
    return ArtefactReading.user_id == actor.user_id if actor.user_id is not None else false()


def _deliveries(actor: Actor) -> ColumnElement[bool]:
    """What was brought to oneself; a schedule's keeper sees all rows anyway."""
    return Delivery.user_id == actor.user_id if actor.user_id is not None else false()


def _schedules(actor: Actor) -> ColumnElement[bool]:
    """The own ones; the district's roles see all rows anyway."""
    return Schedule.owner_id == actor.user_id if actor.user_id is not None else false()


SCOPES: dict[type[Any], Policy] = {
    Schedule: _schedules,
    Artefact: _artefacts,
    ArtefactReading: _artefact_readings,
    Delivery: _deliveries,
    Bulletin: _bulletins,
    Ticket: _of_ticket(Ticket.id),
    AssignmentRound: _of_ticket(AssignmentRound.ticket_id),
    Call: _of_ticket(Call.ticket_id),
    CalledUnit: _called_units,
    TicketEvent: _of_ticket(TicketEvent.ticket_id),
    Evaluation: _evaluations,
    Appeal: _appeals,
    AppealStep: _appeal_steps,
    Proof: _proofs,
    Exclusion: _exclusions,
    ManualEntry: _manual_entries,
    EvaluationFact: _facts,
    StaffProfile: _staff,
    Suspension: _of_ticket(Suspension.ticket_id),
    Extension: _of_ticket(Extension.ticket_id),
    Rating: _ratings,
    SupervisionOrder: _of_ticket(SupervisionOrder.ticket_id),
    FollowUp: _of_ticket(FollowUp.ticket_id),
    Consultation: _of_ticket(Consultation.ticket_id),
    Attachment: _of_ticket(Attachment.ticket_id),
    Notice: _notices,
}

OPEN = frozenset(
    {
        "unit",
        "community",
        "responsibility_item",
        "responsibility_item_support",
        "evaluation_unit",
    }
)
"""Tables that name units and are meant for every signed-in person: master data and published rankings."""
