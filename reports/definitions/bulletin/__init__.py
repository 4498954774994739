"""The bulletin (通报): the official sentences of an evaluation on paper, and where each of their figures comes from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.languages import LANGUAGES, words
from app.domain.bulletin import APPROVED
from app.domain.period import Period
from app.domain.refusals import N_
from app.domain.scorecard import Scorecard
from app.queries.bulletins import Shown, bulletin_of, draft, known_of, shown
from reports.definitions.scorecard import sentences
from reports.document import Block, Column, Cover, Heading, NewPage, Paper, Paragraphs, Signatures, Table, Text, Together
from reports.reading import asked
from reports.report import EVALUATION, Order, Report
from reports.sheets import Book, Cell, Sheet, sheet_names
from reports.voice import Voice

TITLE = N_("Bulletin")
NAMING = (".name", "district")
"""Placeholders that only name something."""


@dataclass(frozen=True, slots=True)
class BulletinText:
    """The evaluation, its paragraphs by language, and whether they are approved in every language that is printed."""

    scorecard: Scorecard
    paragraphs: dict[str, tuple[tuple[Shown, ...], ...]]
    approved: dict[str, bool]

    @property
    def period(self) -> Period:
        """The evaluation's period."""
        return self.scorecard.period

    def firm(self, voice: Voice) -> bool:
        """Whether every language of the file was approved."""
        return all(self.approved[language] for language in voice.languages)


def read(session: Session, order: Order) -> BulletinText:
    """The saved texts, or what the figures draft where nothing was saved yet."""
    evaluation, card = asked(session, order)
    known = known_of(session, card)
    paragraphs, approved = {}, {}
    for language in LANGUAGES:
        row, writer = bulletin_of(session, evaluation, language), words(language, evaluation.zone)
        text = row.text if row is not None else draft(card, writer)
        paragraphs[language] = tuple(tuple(shown(line, known, writer)) for line in text.split("\n") if line.strip())
        approved[language] = row is not None and row.state == APPROVED
    return BulletinText(card, paragraphs, approved)


def title(bulletin: BulletinText, voice: Voice) -> str:
    """The bulletin's title, one line per language."""
    return voice.stacked(N_("%(district)s: bulletin on front-line disposal"), district=bulletin.scorecard.district)


def mark(bulletin: BulletinText, voice: Voice) -> str:
    """The word across the page: what the evaluation says, and a draft while nobody approved the text."""
    return sentences.watermark(bulletin.scorecard, voice) or ("" if bulletin.firm(voice) else voice(N_("Draft")))


def _said(bulletin: BulletinText, voice: Voice) -> tuple[str, ...]:
    return tuple("".join(piece.text for piece in line) for language in voice.languages for line in bulletin.paragraphs[language])


def _sources(bulletin: BulletinText, voice: Voice) -> list[tuple[str, str, str]]:
    """Every bound figure once: what it reads, what stands behind it, its placeholder. Names are no figures."""
    found = [
        (piece.text, piece.source or "—", piece.key)
        for language in voice.languages
        for line in bulletin.paragraphs[language]
        for piece in line
        if piece.key and not piece.key.endswith(NAMING)
    ]
    return list(dict.fromkeys(found))


def paper(bulletin: BulletinText, voice: Voice) -> Paper:
    """Title, sentences, signatures, and the source of every figure."""
    card, leading = bulletin.scorecard, Voice(voice.writers[:1])
    columns = (
        Column(voice.stacked(N_("Figure")), 34, strong=True),
        Column(voice.stacked(N_("n/d")), 22, figures=True),
        Column(voice.stacked(N_("Placeholder")), 44),
    )
    rows: tuple[tuple[Text | str, ...], ...] = tuple(_sources(bulletin, voice))
    heading = title(bulletin, voice)
    signatures = Signatures(tuple(voice(label) for label in (N_("Prepared by:"), N_("Checked by:"), N_("Issued by:"))))
    blocks: list[Block] = [
        NewPage("bulletin", leading(TITLE)),
        Cover(
            state=sentences.state(card, voice, "\n"),
            title=heading,
            subtitle=voice.month(card.period),
            left="",
            middle=sentences.sealed(card, leading),
            right=sentences.cut_off(card, voice),
            scan=card.url,
            scan_label=voice.stacked(N_("Scan to verify")),
        ),
        Together((Paragraphs(_said(bulletin, voice)), signatures)),
        Heading(voice(N_("Where the figures come from")), voice(N_("each is looked up in the evaluation, none was typed"))),
        Table(columns, rows) if rows else Paragraphs((voice(N_("The text names no figure.")),)),
    ]
    return Paper(
        title=f"{heading.replace(chr(10), ' ')} {voice.month(card.period)}",
        subject=sentences.state(card, voice),
        author=voice.names(card.district) or voice.names(card.product),
        language=voice.languages[0],
        footer_left=sentences.origin(card, leading),
        footer_middle=leading(N_("Seal %(hash)s · computed %(moment)s"), hash=sentences.seal(card), moment=voice.moment(card.computed_at)),
        page_text=leading(N_("Page %(page)s of %(pages)s"), page="%(page)d", pages="%(pages)d"),
        made_at=card.computed_at,
        blocks=tuple(blocks),
        mark=mark(bulletin, voice),
        seal=card.snapshot_hash,
    )


def workbook(bulletin: BulletinText, voice: Voice) -> Book:
    """The sentences, and a table of their figures."""
    card = bulletin.scorecard
    names = sheet_names([voice(TITLE), voice(N_("Figures"))])
    text = Sheet(name=names[0], widths=(110,), landscape=False)
    text.add(Cell(f"{title(bulletin, voice).replace(chr(10), ' ')} · {voice.month(card.period)}", "title"), height=28)
    text.add(Cell(sentences.DOT.join((sentences.state(card, voice), sentences.sealed(card, voice))), "version"), height=16)
    for said in _said(bulletin, voice):
        text.add(Cell(said, "bare_wrap"), height=max(18.0, 16.0 * -(-len(said) * (2 if voice.languages[0] == "zh" else 1) // 105)))
    figures = Sheet(name=names[1], widths=(40, 24, 48), head=1, filtered=True, landscape=False)
    figures.add(
        *(Cell(voice.stacked(one), "head") for one in (N_("Figure"), N_("n/d"), N_("Placeholder"))), height=34 if voice.both else 20
    )
    for row in _sources(bulletin, voice):
        figures.add(*(Cell(one, "text") for one in row))
    return Book(
        title=f"{title(bulletin, voice).replace(chr(10), ' ')} {voice.month(card.period)}",
        subject=sentences.state(card, voice),
        author=voice.names(card.district) or voice.names(card.product),
        made_at=card.computed_at,
        header_right=sentences.seal(card),
        page_text=voice(N_("Page %(page)s of %(pages)s"), page="&P", pages="&N"),
        sheets=(text, figures),
        mark=mark(bulletin, voice),
        seal=card.snapshot_hash,
    )


REPORT = Report(
    code="bulletin",
    title=TITLE,
    about=N_("The official sentences of an evaluation, every figure with its source."),
    needs=EVALUATION,
    subject="Evaluation",
    read=read,
    workbook=workbook,
    paper=paper,
    personal=lambda bulletin: not all(bulletin.approved.values()),
    evaluation=lambda bulletin: bulletin.scorecard,
)
