"""The outbox: the generated list, which says first why nothing goes out."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.services.mailing import why_waiting


class MailScreen(ExchangeScreen):
    """Outgoing mail."""

    def notices(self) -> Sequence[str]:
        """What is missing before mail can go out."""
        missing = why_waiting()
        return (words().phrase(missing),) if missing else ()


SCREEN = ("Mail", MailScreen)
