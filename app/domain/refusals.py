"""How a rule says no: a code for programs, an English message id for people, and what fills it in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def N_(message: str) -> str:
    """Mark ``message`` for the catalogues without translating it here.

    The domain knows no reader, so it speaks in message ids; doors translate them.
    """
    return message


class Phrase:
    """A sentence to be spoken later, in a reader's language: a message id and the values that fill it.

    Values may be phrases themselves (a column's label inside a sentence about the column).
    """

    __slots__ = ("message", "values")

    def __init__(self, message: str, **values: Any) -> None:
        self.message = message
        self.values = values

    def __str__(self) -> str:
        if not self.values:
            return self.message
        return self.message % {key: value if isinstance(value, int) else _plain(value) for key, value in self.values.items()}

    def __repr__(self) -> str:
        return f"Phrase({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.message, self.values) == (other.message, other.values)

    def __hash__(self) -> int:
        return hash((self.message, tuple(sorted((k, str(v)) for k, v in self.values.items()))))


def _plain(value: Any) -> str:
    """A value inside an English sentence: days as ISO writes them, several values in a row."""
    return ", ".join(map(_plain, value)) if isinstance(value, (list, tuple)) else str(value)


class Refused(Exception):
    """An act that the rules do not allow, with the reason in words a user can act on.

    ``code`` is stable and machine-readable (``not-found``, ``changed-meanwhile``); ``field`` names the
    column it concerns, when it concerns one; ``status`` is the HTTP status that doors answer with.
    """

    def __init__(self, code: str, message: str, *, field: str = "", status: int = 422, **values: Any) -> None:
        self.code = code
        self.phrase = Phrase(message, **values)
        self.field = field
        self.status = status
        super().__init__(str(self.phrase))


class RefusedAll(Refused):
    """Several refusals at once, so that a form or a file is answered completely and not one error at a time."""

    def __init__(self, refusals: Iterable[Refused]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("refused", N_("%(count)d entries need correction"), count=len(self.refusals))


class NotFound(Refused):
    """The thing is not there, or not there for this person: both are answered alike."""

    def __init__(self, message: str = N_("There is no such record, or it is not yours to see."), **values: Any) -> None:
        super().__init__("not-found", message, status=404, **values)


class NotAllowed(Refused):
    """The person may not do this kind of thing at all."""

    def __init__(self, message: str = N_("Your role does not allow this."), **values: Any) -> None:
        super().__init__("not-allowed", message, status=403, **values)


class ChangedMeanwhile(Refused):
    """Somebody was faster: the row is no longer the one the user saw."""

    def __init__(
        self,
        message: str = N_("Somebody changed this record after you opened it. Nothing you typed is lost: compare, then save again."),
        **values: Any,
    ) -> None:
        super().__init__("changed-meanwhile", message, status=409, **values)
