"""The scorecard on paper: cover, every group's ranking, a page per unit, definitions, notes and checks."""

from __future__ import annotations

from app.domain.refusals import N_
from app.domain.scorecard import Scorecard
from reports.definitions.scorecard import closing_pages, difference_pages, figures, group_pages, overdue, sentences, unit_page
from reports.document import Block, Paper
from reports.voice import Voice


def paper(scorecard: Scorecard, voice: Voice) -> Paper:
    """The whole paper, in the voice's language or two."""
    blocks: list[Block] = []
    for index, group in enumerate(scorecard.groups):
        blocks += group_pages.cover(scorecard, group, voice) if index == 0 else group_pages.opening(scorecard, group, voice)
    blocks += difference_pages.pages(scorecard, voice)
    late = overdue.longest(scorecard)
    for group in scorecard.groups:
        standing = figures.standing(scorecard, group)
        for unit in group.units:
            longest = overdue.table(late.get((group.code, unit.code), []), voice)
            blocks += unit_page.page(scorecard, standing, unit, longest, voice)
    blocks += closing_pages.definitions(scorecard, voice)
    blocks += closing_pages.appendix(scorecard, voice)
    # The foot of the page has room for one language.
    leading = Voice(voice.writers[:1])
    title = sentences.title(scorecard, voice).replace("\n", " ")
    return Paper(
        title=f"{title} {voice.month(scorecard.period)}",
        subject=sentences.state(scorecard, voice),
        author=voice.names(scorecard.district) or voice.names(scorecard.product),
        language=voice.languages[0],
        footer_left=sentences.origin(scorecard, leading),
        footer_middle=leading(
            N_("Seal %(hash)s · computed %(moment)s"), hash=sentences.seal(scorecard), moment=voice.moment(scorecard.computed_at)
        ),
        page_text=leading(N_("Page %(page)s of %(pages)s"), page="%(page)d", pages="%(pages)d"),
        made_at=scorecard.computed_at,
        blocks=tuple(blocks),
        mark=sentences.watermark(scorecard, voice),
        seal=scorecard.snapshot_hash,
    )
