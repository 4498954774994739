"""How a file speaks: one language, or two side by side, over ``Words`` for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.core.languages import LANGUAGES, Words, words
from app.domain.period import Period
from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import Names


class Voice:
    """Texts in every language of the file; figures and dates once, as the first language writes them."""

    def __init__(self, writers: Sequence[Words]) -> None:
        self.writers = tuple(writers)
        self.first = self.writers[0]

    @property
    def languages(self) -> tuple[str, ...]:
        """The file's languages, the leading one first."""
        return tuple(writer.language for writer in self.writers)

    @property
    def both(self) -> bool:
        """Whether two languages stand side by side."""
        return len(self.writers) > 1

    def each(self, message: str, /, **values: Any) -> list[str]:
        """A sentence per language; equal ones once."""
        return _once(writer(message, **values) for writer in self.writers)

    def phrases(self, phrase: Phrase) -> list[str]:
        """A sentence of the domain per language."""
        return _once(writer.phrase(phrase) for writer in self.writers)

    def __call__(self, message: str, /, **values: Any) -> str:
        """A text in one line."""
        return " ".join(self.each(message, **values))

    def stacked(self, message: str, /, **values: Any) -> str:
        """A text with one line per language, for headers."""
        return "\n".join(self.each(message, **values))

    def told(self, phrase: Phrase) -> str:
        """A sentence of the domain in one line."""
        return " ".join(self.phrases(phrase))

    def sentence(self, phrase: Phrase) -> str:
        """A sentence of the domain, one line per language."""
        return "\n".join(self.phrases(phrase))

    def tell(self, speak: Callable[[Words], str], between: str = "\n") -> str:
        """A longer text, spoken whole in one language and then in the other."""
        return between.join(_once(speak(writer) for writer in self.writers))

    def names(self, names: Names, between: str = " ") -> str:
        """A name of master data."""
        return between.join(_once(writer.names(names) for writer in self.writers))

    def named(self, names: Names) -> str:
        """A name of master data, one line per language."""
        return self.names(names, "\n")

    def month(self, period: Period) -> str:
        """The period's name."""
        return " ".join(_once(writer.month(period) for writer in self.writers))

    def number(self, value: int) -> str:
        """A whole number."""
        return self.first.number(value)

    def decimal(self, value: Fraction | Decimal, places: int = 2) -> str:
        """A figure with ``places`` decimals."""
        return self.first.decimal(value, places)

    def marks(self, value: Fraction) -> str:
        """Full marks: without decimals where there are none to show."""
        return self.first.decimal(value, 0 if value.denominator == 1 else 2)

    def percent(self, value: Fraction | None, sign: str = "%") -> str:
        """A rate as a percentage with two decimals."""
        return self.first.percent(value, sign=sign)

    def change(self, value: Fraction | Decimal | None) -> str:
        """A difference with its sign."""
        return self.first.change(value)

    def moment(self, instant: datetime | None) -> str:
        """Day and time on the city's clock."""
        return self.first.moment(instant)

    def day(self, day: date | None) -> str:
        """A day."""
        return self.first.day(day)


def voice(languages: Sequence[str], zone: str = "Asia/Shanghai") -> Voice:
    """The voice for ``languages`` (``["zh"]``, ``["en"]`` or two).

    Raises ``Refused("unknown-language")`` for anything that is not one or two known languages.
    """
    if not languages or any(language not in LANGUAGES for language in languages) or len(set(languages)) != len(languages):
        raise Refused("unknown-language", N_("“%(value)s” is not a language of this system."), value="+".join(languages))
    return Voice([words(language, zone) for language in languages])


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
