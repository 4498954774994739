"""The files of a ticket as its page shows them: newest last, what each shows, who added it when, and what this person may do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import NOTHING, Words
from app.crud.columns.links import label_of
from app.crud.file_types import BY_MEDIA_TYPE
from app.domain.actors import Actor
from app.domain.casefile import CaseFile
from app.domain.refusals import N_
from app.entities.attachment import PURPOSES, Attachment
from app.entities.ticket import Ticket
from app.services.attachments import may_remove, why_not


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file; ``small`` is the address of its small picture, or empty, ``sign`` the sign of what it is."""

    id: int
    name: str
    kind: str
    size: str
    purpose: str
    tone: str
    by: str
    at: str
    href: str
    save: str
    small: str
    sign: str
    removable: bool


@dataclass(frozen=True, slots=True)
class Files:
    """All of a ticket's files, and the form to add some where this person may."""

    ticket_id: int
    lines: tuple[FileLine, ...]
    purposes: tuple[tuple[str, str], ...]
    open: bool
    back: str


SIGNS = {"image": "image", "audio": "volume-high", "paper": "file-pdf", "": "file"}


def files_of(session: Session, ticket: Ticket, case: CaseFile, actor: Actor, writer: Words) -> Files:
    """A ticket's files for ``macros/attachments.html``; ``case`` is its case file."""
    addable = why_not(case, actor) is None
    rows = session.execute(select(Attachment).where(Attachment.ticket_id == ticket.id).order_by(Attachment.id)).scalars()
    lines = tuple(_line(row, writer, addable and may_remove(row, actor)) for row in rows)
    purposes = tuple((option.value, option.text(writer)) for option in PURPOSES)
    return Files(ticket.id, lines, purposes, addable, request.full_path if request.query_string else request.path)


def _line(row: Attachment, writer: Words, removable: bool) -> FileLine:
    kind = BY_MEDIA_TYPE.get(row.media_type)
    shown = kind.shown if kind else ""
    purpose = next((option for option in PURPOSES if option.value == row.purpose), None)
    href = url_for("Attachments.show", attachment_id=row.id)
    return FileLine(
        id=row.id,
        name=row.name,
        kind=writer(kind.name) if kind else writer(N_("File")),
        size=size_of(row.size),
        purpose=purpose.text(writer) if purpose else NOTHING,
        tone=purpose.tone if purpose else "neutral",
        by=label_of(row.unit, writer) if row.unit else NOTHING,
        at=writer.moment(row.added_at),
        href=href,
        save=f"{href}?save=1",
        small=url_for("Attachments.small", attachment_id=row.id) if shown == "image" else "",
        sign=SIGNS[shown],
        removable=removable,
    )


def size_of(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"
