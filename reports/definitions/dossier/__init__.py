"""The dossier (案卷): one ticket on paper, from report to archive: clocks, calls, opinions, ratings, every step; citizens masked."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import N_, NotFound, Phrase
from app.entities.ticket import Ticket
from app.queries.letterhead import letterhead
from app.services.progress import sit
from reports import listing_book, listing_paper
from reports.definitions.dossier.chapters import chapters
from reports.definitions.dossier.writers import written
from reports.listing import Listing
from reports.report import TICKET, Order, Report

TITLE = N_("Ticket dossier")


def read(session: Session, order: Order) -> Listing:
    """The ticket's life as its reader may see it; ``NotFound`` in words for a ticket that is not there, or not for this reader."""
    ticket = session.execute(select(Ticket).where(Ticket.number == order.number)).scalar_one_or_none()
    if ticket is None:
        raise NotFound(N_("There is no ticket “%(number)s” that you may see."), number=order.number)
    head = letterhead(session)
    sitting = sit(session, ticket)
    parts = written(head.zone, lambda writer: chapters(session, ticket, sitting.case, sitting.rules, writer, head.as_of))
    notes = (
        Phrase(N_("Names and numbers of citizens are masked. What is sealed until both sides have rated stays sealed here.")),
        Phrase(N_("Sentences that people typed stand in the language in which they were typed.")),
    )
    return Listing(TITLE, head, None, (), parts, notes, subject=Phrase("%(number)s", number=f"{ticket.number} · {ticket.title}"))


REPORT = Report(
    code="dossier",
    title=TITLE,
    about=N_("One ticket from its report to its archive: clocks, calls, opinions, ratings, every step and every file."),
    needs=TICKET,
    subject="Ticket",
    read=read,
    workbook=listing_book.workbook,
    paper=listing_paper.paper,
    zone=lambda listing: listing.head.zone,
)
