"""Text columns: short and long, trimmed, bounded, without characters that no file or page can hold."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from sqlalchemy import String
from sqlalchemy import Text as LongString
from sqlalchemy.types import TypeEngine

from app.crud.columns.base import Field, Reading
from app.domain.refusals import N_

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def storable(text: str) -> str:
    """``text`` without the characters that no column, page or file can hold."""
    return _UNFIT.sub("", text)


class Text(Field):
    """A line of text of at most ``length`` characters; ``lines`` > 1 makes it a text area."""

    kind: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = ("ct", "eq", "sw", "empty")

    def __init__(self, length: int, label: str, *, lines: int = 1, **options: Any) -> None:
        super().__init__(label, **options)
        self.length = length
        self.lines = lines

    def sql_type(self) -> TypeEngine[Any]:
        """``VARCHAR(length)``, or ``TEXT`` beyond 4,000 characters."""
        return String(self.length) if self.length <= 4000 else LongString()

    def sql_options(self) -> dict[str, Any]:
        """Optional text is empty, never NULL: one kind of nothing is enough."""
        options = super().sql_options()
        if not self.unique:
            options.update(nullable=False, default=self.default or "")
        return options

    def read(self, raw: Any, reading: Reading) -> Any:
        """Empty text is ``""``, except where emptiness must not collide (unique columns)."""
        value = super().read(raw, reading)
        return "" if value is None and not self.unique else value

    def parse(self, raw: Any, reading: Reading) -> str:
        """Trimmed, NFC, without control characters."""
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        if not isinstance(raw, (str, int, float)) or isinstance(raw, bool):
            raise self.refused("not-text", N_("“%(label)s” must be text"), value=str(raw)[:80])
        value = str(raw)
        if not value.isprintable() or not unicodedata.is_normalized("NFC", value):
            value = _UNFIT.sub("", unicodedata.normalize("NFC", value.replace("\r\n", "\n")))
        value = value.strip()
        if self.lines == 1:
            value = " ".join(value.split())
        if len(value) > self.length:
            raise self.refused(
                "too-long", N_("“%(label)s” has %(count)d characters; at most %(most)d fit"), count=len(value), most=self.length
            )
        return value
