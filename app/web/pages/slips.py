"""Slips for citizens (凭条): number and code for looking the matter up, and the evaluation card; both languages on one sheet."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, render_template, url_for
from flask_appbuilder import expose, has_access

from app.core.acting import current_actor
from app.core.db import db
from app.core.languages import LANGUAGES, Words, words
from app.crud.resource import resource_of
from app.crud.screen import Answer, PageView
from app.crud.writing import fetch
from app.domain.refusals import N_, NotAllowed
from app.entities.rating import Rating
from app.entities.ticket import Ticket
from app.queries.public import CODE_LENGTH, awaited_rating
from app.services.attachments import may_work
from app.services.progress import sit
from app.services.public_rating import QR
from app.web.qr import qr_code


class Slips(PageView):
    """For those who work the ticket: what they hand to the citizen."""

    route_base = "/slips"
    class_permission_name = "Ticket"
    method_permission_name: ClassVar[dict[str, str]] = {"show": "work"}
    default_view = "show"

    @expose("/<int:ticket_id>")
    @has_access
    def show(self, ticket_id: int) -> Answer:
        """The slip, and while the citizen's rating is awaited the card."""
        session = db.session()
        ticket: Ticket = fetch(session, resource_of("Ticket"), ticket_id)
        if not may_work(sit(session, ticket).case, current_actor()):
            raise NotAllowed(N_("Only those who work this ticket hand out its slip."))
        rating = awaited_rating(session, ticket)
        coded = len(ticket.lookup_code) == CODE_LENGTH
        slips = [_slip(words(language), ticket, coded, rating) for language in LANGUAGES]
        return render_template(
            "pages/slip.html",
            ticket=ticket,
            slips=slips,
            coded=coded,
            look_up=qr_code(_address("PublicMatters.look_up", no=ticket.number)) if coded else None,
            card=qr_code(_address("PublicRatings.rate", token=rating.token, by=QR)) if rating is not None and rating.token else None,
            link=_address("PublicRatings.rate", token=rating.token) if rating is not None and rating.token else "",
        )


def _slip(writer: Words, ticket: Ticket, coded: bool, rating: Rating | None) -> dict[str, Any]:
    """One language's half."""
    return {
        "language": writer.language,
        "title": writer(N_("Your matter")),
        "number": (writer(N_("Ticket no.")), ticket.number),
        "code": (writer(N_("Look-up code")), f"{ticket.lookup_code[:4]} {ticket.lookup_code[4:]}") if coded else None,
        "reported": (writer(N_("Reported")), writer.moment(ticket.reported_at)),
        "look_up": writer(N_("Scan to see how far it has come, or open the address below; keep the code to yourself.")),
        "card": writer(N_("How was it handled?")),
        "invite": writer(N_("Scan to rate; no sign-in, once.")),
        "until": writer(N_("You can rate until %(until)s."), until=rating.due_at) if rating is not None and rating.due_at else "",
    }


def _address(endpoint: str, **values: Any) -> str:
    """An address as the outside world reaches it."""
    return str(current_app.config["PUBLIC_URL"]) + url_for(endpoint, **values)


PAGE = Slips
