"""Tickets for programs: the generated list and, by ticket number, the whole state, every move, calls, ratings and events.

All of it goes through the services that the screens use. What is described here in a line, ``app.api.ticket_operations`` says in full.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import update_wrapper
from typing import Any, ClassVar

from flask import Response, request
from flask_appbuilder import expose
from flask_appbuilder.api import protect
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy import select

from app.api.move_schemas import move_schemas
from app.api.ticket_components import COMPONENTS
from app.api.ticket_operations import OPERATIONS
from app.api.ticket_state import calls, ledger, stage, state_of, timeline
from app.core.acting import current_actor
from app.core.db import db
from app.core.languages import words
from app.crud.columns import Origin
from app.crud.columns.texts import storable
from app.crud.reading import number_of
from app.crud.resource import CREATE, READ, resource_of
from app.crud.rest import RestApi
from app.domain.casefile import OPEN, TO_DEPARTMENT, TO_STREET_TOWN, CaseFile
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_, NotFound, Phrase, Refused
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.entities.unit import Unit
from app.services.progress import Moved, move, plain, sit
from app.services.saying import reading_of

WORK = "work"


def answered(door: Callable[..., Response]) -> Callable[..., Response]:
    """Refusals become answers; one that says that the ticket stands elsewhere brings along how it stands now."""

    def wraps(self: TicketRest, *args: Any, **kwargs: Any) -> Response:
        try:
            return door(self, *args, **kwargs)
        except Refused as refused:
            number = kwargs.get("no", "")
            db.session.rollback()
            state = {"ticket": state_of(db.session(), self.found(number))} if refused.status == 409 and number else {}
            return self.refusal(refused, **state)

    return update_wrapper(wraps, door)


class TicketRest(RestApi):
    """The generated doors, and those that know what a ticket is."""

    address = "number"
    method_permission_name: ClassVar[dict[str, str]] = {
        **RestApi.method_permission_name,
        "register": CREATE,
        "state": READ,
        "events": READ,
        "calls": READ,
        "ratings": READ,
        "moves": WORK,
        "call": WORK,
        "part_moves": WORK,
        "rate": WORK,
    }
    openapi_spec_methods: ClassVar[dict[str, Any]] = OPERATIONS

    def add_apispec_components(self, api_spec: Any) -> None:
        """The schemas that the descriptions speak of; those of moves come from the table of moves."""
        super().add_apispec_components(api_spec)
        for name, schema in {**COMPONENTS, **move_schemas()}.items():
            api_spec.components.schema(name, schema)

    # --- reading -----------------------------------------------------------------------------------------

    @expose("/<ticket:no>", methods=["GET"])
    @protect()
    @permission_name("state")
    @answered
    def state(self, no: str) -> Response:
        """One ticket by its number.
        ---
        get:
          summary: A ticket's whole state, and what may be done with it now
        """
        return self.shown(200, self.found(no))

    @expose("/<ticket:no>/events", methods=["GET"])
    @protect()
    @permission_name("events")
    @answered
    def events(self, no: str) -> Response:
        """Its timeline.
        ---
        get:
          summary: A ticket's timeline, oldest first
        """
        session, ticket = db.session(), self.found(no)
        return self.response(200, result=timeline(session, ticket, sit(session, ticket).case))

    @expose("/<ticket:no>/calls", methods=["GET"])
    @protect()
    @permission_name("calls")
    @answered
    def calls(self, no: str) -> Response:
        """Its calls.
        ---
        get:
          summary: A ticket's calls with the departments called
        """
        return self.response(200, result=calls(db.session(), self.found(no)))

    @expose("/<ticket:no>/ratings", methods=["GET"])
    @protect()
    @permission_name("ratings")
    @answered
    def ratings(self, no: str) -> Response:
        """Its ratings.
        ---
        get:
          summary: A ticket's ratings, those of others once they are open to both sides
        """
        return self.response(200, result=ledger(db.session(), Rating, self.found(no)))

    # --- writing -----------------------------------------------------------------------------------------

    @expose("", methods=["POST"])
    @protect()
    @permission_name("register")
    def register(self) -> Response:
        """The same as with a slash at the end.
        ---
        post:
          summary: Register a ticket
        """
        return self.post_headless()

    @expose("/<ticket:no>/moves", methods=["POST"])
    @protect()
    @permission_name("moves")
    @answered
    def moves(self, no: str) -> Response:
        """Move it along.
        ---
        post:
          summary: Make a move of the table of moves
        """
        said = self.sent()
        action, part = said.pop("action", None), said.pop("part", None)
        if not isinstance(action, str) or not action.strip():
            raise Refused("required", N_("Say which move: “action” is missing."), field="action")
        if part is not None and not isinstance(part, str):
            raise Refused("not-a-part", N_("A called department is named by call and unit, as in “1.17”."), field="part")
        return self.moved(no, action.strip(), said, part or "")

    @expose("/<ticket:no>/calls", methods=["POST"])
    @protect()
    @permission_name("call")
    @answered
    def call(self, no: str) -> Response:
        """Call departments.
        ---
        post:
          summary: Call departments to a ticket
        """
        return self.moved(no, "call", self.sent(), status=201)

    @expose("/<ticket:no>/calls/<int:ordinal>/units/<string:unit>/moves", methods=["POST"])
    @protect()
    @permission_name("part_moves")
    @answered
    def part_moves(self, no: str, ordinal: int, unit: str) -> Response:
        """Move one called department's part along.
        ---
        post:
          summary: Make a move about one called department
        """
        said = self.sent()
        action = said.pop("action", None)
        if not isinstance(action, str) or not action.strip():
            raise Refused("required", N_("Say which move: “action” is missing."), field="action")
        code = storable(unit)
        named = Unit.id == number_of(code) if number_of(code) is not None else Unit.code == code
        found = db.session.execute(select(Unit.id).where(named)).scalars().first()
        return self.moved(no, action.strip(), said, f"{ordinal}.{found or 0}")

    @expose("/<ticket:no>/ratings", methods=["POST"])
    @protect()
    @permission_name("rate")
    @answered
    def rate(self, no: str) -> Response:
        """Rate as whoever one is.
        ---
        post:
          summary: Rate a department as a street-town, or the call as a department
        """
        said = self.sent()
        part = said.pop("part", None)
        if part is not None and not isinstance(part, str):
            raise Refused("not-a-part", N_("A called department is named by call and unit, as in “1.17”."), field="part")
        action, about = _rating_due(sit(db.session(), self.found(no)).case, part or "")
        return self.moved(no, action, said, about, status=201)

    # --- shared ------------------------------------------------------------------------------------------

    def found(self, no: str) -> Ticket:
        """The ticket of that number, if it is there for the actor; foreign and missing ones are answered alike."""
        statement = select(Ticket).where(Ticket.number == no)
        ticket = db.session().execute(statement).scalar_one_or_none() if storable(no) == no else None
        if ticket is None:
            raise NotFound()
        return ticket

    def shown(self, status: int, ticket: Ticket) -> Response:
        """The state of a ticket, with its version as a tag that ``If-Match`` may bring back."""
        state = state_of(db.session(), ticket)
        answer = self.response(status, **state)
        answer.headers["ETag"] = f'"{state["version"]}"'
        return answer

    def moved(self, no: str, action: str, said: dict[str, Any], part: str = "", status: int = 200) -> Response:
        """Make a move and say what came of it."""
        session = db.session()
        ticket = self.found(no)
        seen = said.pop("version", None)
        seen = request.headers.get("If-Match", "").strip('W/" ') if seen is None else seen
        if seen == "":
            raise Refused("version-missing", N_("Send the “version” you read, so that nobody's change is overwritten."), status=428)
        version = None if isinstance(seen, bool) else number_of(seen)
        if version is None:
            raise Refused("not-a-version", N_("“version” must be the number that was read with the ticket."), field="version")
        known = BY_ACTION.get(action)
        if part and known is not None and not known.part:
            raise Refused("unknown-field", N_("The move does not ask for “%(name)s”."), field="part", name="part")
        done = move(ticket.id, action, version, _by_number(action, said), reading_of(session, Origin.API, words()), part=part)
        return self.response(status, ticket=state_of(session, done.ticket), happening=_happening(done))


def _happening(done: Moved) -> dict[str, Any]:
    happened = done.happening
    return {
        "action": happened.action,
        "name": words()(BY_ACTION[happened.action].name),
        "from": stage(happened.from_stage),
        "to": stage(happened.to_stage),
        "version": done.version,
        "details": plain(happened.details),
    }


def _by_number(action: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Other tickets may be named by their numbers, which are looked up here one by one: there are too many to read them all."""
    found = dict(said)
    wanted = [need.name for need in BY_ACTION[action].needs if need.kind == "ticket"] if action in BY_ACTION else []
    for name in wanted:
        if isinstance(found.get(name), str) and found[name].strip():
            number = storable(found[name].strip())[:80]
            found[name] = db.session().execute(select(Ticket.id).where(Ticket.number == number)).scalar()
            if found[name] is None:
                ticket = Phrase(resource_of("Ticket").singular)
                raise Refused(
                    "no-such-record", N_("There is no %(resource)s called “%(value)s”"), field=name, resource=ticket, value=number
                )
    return found


def _rating_due(case: CaseFile, part: str) -> tuple[str, str]:
    """Which of the two ratings between units is the actor's, and of which part: what is awaited says so, else the kind of unit."""
    actor = current_actor()
    units = {actor.unit_id, actor.stationed_id} - {None}
    for kind, action in ((TO_DEPARTMENT, "rate_department"), (TO_STREET_TOWN, "rate_street_town")):
        waiting = [rating for rating in case.ratings if rating.kind == kind and rating.state == OPEN and rating.rater_id in units]
        parts = [rating.part for rating in waiting if rating.rated_id != actor.unit_id]
        if part and parts:
            return action, part
        if len(parts) > 1:
            raise Refused(
                "which-part", N_("Several ratings wait for your unit; say which with “part”: %(parts)s."), field="part", parts=parts
            )
        if parts:
            return action, parts[0]
    return "rate_department" if actor.unit_type == "street_town" else "rate_street_town", part


REST = ("Ticket", TicketRest)
