"""How a list's contents are written: the same for paper and sheets, in one language or two."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Names
from reports.listing import COUNT, MOMENT, RATE, SPAN, Content, Listing
from reports.sheets import Value
from reports.voice import Voice

NOTHING = "—"
FIGURES = frozenset({COUNT, RATE, SPAN})


def spoken(content: Content, kind: str, voice: Voice, *, stacked: bool = True) -> str:
    """A content in words; ``stacked`` puts each language on a line of its own."""
    if content is None or content == "":
        return NOTHING
    if isinstance(content, Names):
        return voice.named(content) if stacked else voice.names(content)
    if isinstance(content, Phrase):
        return voice.sentence(content) if stacked else " ".join(voice.phrases(content))
    if isinstance(content, datetime):
        return voice.moment(content)
    if isinstance(content, Fraction):
        return voice.percent(content) if kind == RATE else voice.decimal(content, 1)
    return voice.number(content) if isinstance(content, int) else content


def stored(content: Content, kind: str, voice: Voice) -> tuple[Value, str]:
    """A content as a sheet keeps it, and the look of its cell."""
    if content is None or content == "":
        return NOTHING, "none" if kind in FIGURES else "text"
    if isinstance(content, datetime):
        return voice.first.local(content).replace(tzinfo=None, microsecond=0), "moment"
    if isinstance(content, Fraction):
        return (content * 100, "rate") if kind == RATE else (content, "hours")
    if isinstance(content, int):
        return content, "figure"
    return spoken(content, kind, voice, stacked=False), {"long": "wrap"}.get(kind, "text")


def moment_look(kind: str) -> str:
    """The look of a column as a whole, for rows that are streamed."""
    return {COUNT: "figure", RATE: "rate", SPAN: "hours", MOMENT: "moment"}.get(kind, "text")


def title(listing: Listing, voice: Voice) -> str:
    """The list's title with its district, one line per language."""
    message = N_("%(district)s: %(title)s")
    if not (listing.head.district.zh or listing.head.district.en):
        return voice.stacked(listing.title)
    return voice.tell(lambda words: words(message, district=listing.head.district, title=Phrase(listing.title)))


def about(listing: Listing, voice: Voice) -> str:
    """What the list is about: its period's name, or what it says itself."""
    if listing.subject is not None:
        return " ".join(voice.phrases(listing.subject))
    return voice.month(listing.period) if listing.period is not None else ""


def origin(listing: Listing, voice: Voice) -> str:
    """District and product, and a clear word where the data is made up."""
    made_up = voice(N_("Demo data (generated)")) if listing.head.demo else ""
    return " · ".join(filter(None, (voice.names(listing.head.district), voice.names(listing.head.product), made_up)))


def as_of(listing: Listing, voice: Voice) -> str:
    """The instant up to which the list knows what happened."""
    return voice.stacked(N_("Data as of %(moment)s"), moment=voice.moment(listing.head.as_of))
