"""Spans of time on a page: in two units at most, because nobody compares minutes of days."""

from __future__ import annotations

from datetime import timedelta

from app.core.languages import Words
from app.domain.refusals import N_
from app.domain.spans import WHOLE_DAY, span

MINUTE = timedelta(minutes=1)


def span_words(length: timedelta, writer: Words) -> str:
    """A length that is not negative: minutes, hours and minutes, from a day on days and hours."""
    minutes = length // MINUTE
    if minutes < 1:
        return writer(N_("under a minute"))
    return writer.phrase(span(minutes - minutes % 60 if minutes >= WHOLE_DAY else minutes, WHOLE_DAY))
