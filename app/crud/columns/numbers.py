"""Number and yes/no columns."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from sqlalchemy import Boolean, Integer, Numeric
from sqlalchemy.types import TypeEngine

from app.core.languages import NOTHING, Words
from app.crud.columns.base import Field, Reading
from app.domain.refusals import N_

_MOST = 2**31 - 1


class Number(Field):
    """A number; whole when ``places`` is 0, otherwise an exact decimal."""

    kind: ClassVar[str] = "number"
    operators: ClassVar[tuple[str, ...]] = ("eq", "gt", "lt", "empty")
    numeric: ClassVar[bool] = True

    def __init__(self, label: str, *, places: int = 0, least: float | None = None, most: float | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.places = places
        self.least = least
        self.most = most

    def sql_type(self) -> TypeEngine[Any]:
        """``INTEGER`` or ``NUMERIC``."""
        return Numeric(18, self.places, asdecimal=True) if self.places else Integer()

    def parse(self, raw: Any, reading: Reading) -> int | Decimal:
        """Digits with optional thousands marks; full-width digits are digits."""
        if isinstance(raw, bool):
            raise self._not_a_number(raw)
        try:
            value = Decimal(str(raw).strip().replace(",", "").replace("，", "").replace("−", "-"))
        except InvalidOperation:
            raise self._not_a_number(raw) from None
        if not value.is_finite() or (not self.places and value != value.to_integral_value()):
            raise self._not_a_number(raw)
        least, most = Decimal(str(-_MOST if self.least is None else self.least)), Decimal(str(_MOST if self.most is None else self.most))
        if not least <= value <= most:
            raise self.refused(
                "out-of-range",
                N_("“%(label)s” must lie between %(least)s and %(most)s; “%(value)s” does not"),
                least=str(least),
                most=str(most),
                value=str(raw),
            )
        return round(value, self.places) if self.places else int(value)

    def text(self, value: Any, writer: Words) -> str:
        """With this language's thousands marks."""
        if value is None:
            return NOTHING
        return writer.decimal(value, self.places) if self.places else writer.number(value)

    def cell(self, value: Any, writer: Words) -> Any:
        """A number stays a number."""
        return value

    def plain(self, value: Any) -> Any:
        """Exact decimals travel as text."""
        return str(value) if isinstance(value, Decimal) else value

    def _not_a_number(self, raw: Any) -> Exception:
        message = N_("“%(value)s” is not a number") if self.places else N_("“%(value)s” is not a whole number")
        return self.refused("not-a-number", message, value=str(raw)[:80])


_YES = frozenset({"1", "true", "yes", "y", "on", "是", "有", "启用", "√"})
_NO = frozenset({"0", "false", "no", "n", "off", "否", "无", "停用", "×"})


class Flag(Field):
    """Yes or no."""

    kind: ClassVar[str] = "flag"
    operators: ClassVar[tuple[str, ...]] = ("eq",)

    def __init__(self, label: str, *, default: bool = False, **options: Any) -> None:
        super().__init__(label, default=default, **options)

    def sql_type(self) -> TypeEngine[Any]:
        """``BOOLEAN``."""
        return Boolean()

    def sql_options(self) -> dict[str, Any]:
        """Never NULL: a third answer would have to be shown."""
        return {"nullable": False, "default": bool(self.default), "index": self.indexed or None}

    def read(self, raw: Any, reading: Reading) -> bool:
        """Nothing said means the default."""
        value = super().read(raw, reading)
        return bool(self.default) if value is None else bool(value)

    def parse(self, raw: Any, reading: Reading) -> bool:
        """The usual ways to say yes and no in both languages."""
        said = str(raw).strip().lower()
        if said in _YES:
            return True
        if said in _NO:
            return False
        raise self.refused("not-yes-no", N_("“%(value)s” is neither yes nor no"), value=str(raw)[:80])

    def typed(self, value: Any, reading: Reading) -> str:
        """``1`` or ``0``."""
        return "1" if value else "0"

    def tone(self, value: Any) -> str:
        """Yes is calm green, no is neutral."""
        return "ok" if value else "neutral"
