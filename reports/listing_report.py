"""A report that is a list of a period: told what to read, it comes as a workbook and as a paper by itself."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.domain.period import Period, period_of
from app.queries.letterhead import Letterhead, letterhead
from reports import listing_book, listing_paper
from reports.listing import Listing
from reports.report import PERIOD, Order, Report

Build = Callable[[Session, Period, Letterhead], Listing]


def listing_report(code: str, title: str, about: str, build: Build) -> Report[Listing]:
    """The report ``code``; ``build`` asks the queries for the period's rows and lays them out, under the actor's row scope."""

    def read(session: Session, order: Order) -> Listing:
        head = letterhead(session)
        return build(session, period_of(order.period, head.zone), head)

    return Report(
        code=code,
        title=title,
        about=about,
        needs=PERIOD,
        subject="Ticket",
        read=read,
        workbook=listing_book.workbook,
        paper=listing_paper.paper,
    )
