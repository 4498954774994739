"""A unit's scorecard on one page, with what proves it: seal, code to scan, where the whole list is."""

from __future__ import annotations

from app.domain.refusals import N_
from reports.definitions.scorecard import figures, overdue, sentences, unit_page
from reports.definitions.scorecard.group_pages import clipped
from reports.definitions.unit_scorecard.card import UnitCard
from reports.document import Block, Head, NewPage, OnePage, Paper, Paragraphs, Scan
from reports.voice import Voice


def paper(card: UnitCard, voice: Voice) -> Paper:
    """The page."""
    scorecard, group, unit = card.scorecard, card.group, card.unit
    leading = Voice(voice.writers[:1])
    name = clipped(voice.names(unit.names))
    if unit.apart is None:
        late = overdue.longest(card.alone()).get((group.code, unit.code), [])
        blocks = [*unit_page.body(scorecard, figures.standing(scorecard, group), unit, voice), *overdue.table(late, voice)]
    else:
        blocks = _apart(card, voice)
    title = sentences.title(scorecard, voice).replace("\n", " ")
    return Paper(
        title=f"{name} · {title} {voice.month(scorecard.period)}",
        subject=sentences.state(scorecard, voice),
        author=voice.names(scorecard.district) or voice.names(scorecard.product),
        language=voice.languages[0],
        footer_left=sentences.origin(scorecard, leading),
        footer_middle=leading(
            N_("Seal %(hash)s · computed %(moment)s"), hash=sentences.seal(scorecard), moment=voice.moment(scorecard.computed_at)
        ),
        page_text=leading(N_("Page %(page)s of %(pages)s"), page="%(page)d", pages="%(pages)d"),
        made_at=scorecard.computed_at,
        blocks=(NewPage("unit", name), OnePage((*blocks, _proof(card, voice)))),
        mark=sentences.watermark(scorecard, voice),
        seal=scorecard.snapshot_hash,
    )


def _apart(card: UnitCard, voice: Voice) -> list[Block]:
    """A unit without a place: its name, and why."""
    kicker = sentences.DOT.join((voice.names(card.group.names), voice.month(card.period), sentences.state_short(card.scorecard, voice)))
    why = tuple(voice.phrases(card.unit.apart)) if card.unit.apart is not None else ()
    return [Head(clipped(kicker, 120), clipped(voice.names(card.unit.names)), ()), Paragraphs(why)]


def _proof(card: UnitCard, voice: Voice) -> Scan:
    texts = voice.each(
        N_("This page is part of the evaluation with the seal %(hash)s. The code leads to it; every figure opens its tickets there."),
        hash=sentences.seal(card.scorecard),
    )
    versions = sentences.versions(card.scorecard, card.group, voice, "\n").split("\n")
    return Scan(card.scorecard.url, voice.stacked(N_("Scan to verify")).split("\n")[0], (*texts, *versions))
