"""Score shapes: one file each, found by listing this folder; how figures become points is written nowhere else (handbook §2.4)."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from app.domain.refusals import N_, Phrase, Refused
from app.domain.scorecard import BONUS, DEDUCTION
from app.domain.shapes.base import NOT_A_NUMBER, OUT_OF_RANGE, Band, Given, Shape, Values, clamp, refused

__all__ = ["ELSE", "NOT_MORE_THAN", "SHAPES", "Given", "Shape", "Values", "amount", "checked_params", "clamp", "gather", "params_of"]

ELSE, NOT_MORE_THAN = "else", "not_more_than"

_NUMBER = re.compile(r"[-+]?\d{1,9}(\.\d{1,9})?(/\d{1,9})?", re.ASCII)
_LIMIT = re.compile(r"(<=|<)?(\d{1,9}(\.\d{1,9})?)%?", re.ASCII)
_WRITTEN = str.maketrans({"，": ",", "＝": "=", "＜": "<", "≤": "<=", "−": "-", "％": "%"})


def gather(shapes: Iterable[Shape]) -> dict[str, Shape]:
    """Shapes by their code, in the order the handbook lists them. Raises ``ValueError`` where two share a code."""
    found: dict[str, Shape] = {}
    for one in sorted(shapes, key=lambda shape: (shape.position, shape.code)):
        if one.code in found:
            raise ValueError(f"two shapes call themselves {one.code}")
        found[one.code] = one
    return found


def _listed() -> Iterator[Shape]:
    for module in pkgutil.iter_modules(__path__):
        if module.name != "base":
            yield importlib.import_module(f"{__name__}.{module.name}").SHAPE


SHAPES: Mapping[str, Shape] = gather(_listed())


def params_of(text: str) -> dict[str, str]:
    """``T=95, k=0.5`` or ``<50=-0.25, else=0`` as a mapping, in the order they were written.

    Raises ``Refused("bad-parameter")`` where an equals sign is missing, ``Refused("parameter-twice")``.
    """
    found: dict[str, str] = {}
    for part in text.translate(_WRITTEN).split(","):
        if not part.strip():
            continue
        name, equals, value = (piece.strip() for piece in part.rpartition("="))
        if not equals or not name or not value:
            raise refused("bad-parameter", N_("“%(value)s” is not a parameter; write it as T=95"), value=part.strip())
        if name in found:
            raise refused("parameter-twice", N_("“%(name)s” is given twice; each parameter and each limit stands once."), name=name)
        found[name] = value
    return found


def checked_params(code: str, weight: Fraction, params: Mapping[str, str], section: str = "") -> Values:
    """The parameters of shape ``code`` read exactly, defaults filled in; limits in ascending order.

    Raises ``Refused`` with ``unknown-shape``, ``shape-not-here`` (in this section), ``unknown-parameter``, ``missing-parameter``,
    ``bad-parameter``, ``limits-overlap``, ``no-else`` or ``mixed-signs``.
    """
    return _read(code, weight, tuple(params.items()), section)


@lru_cache(maxsize=512)
def _read(code: str, weight: Fraction, written: tuple[tuple[str, str], ...], section: str) -> Values:
    """Every unit of a group is scored by the same rules; they are read once."""
    params = dict(written)
    if code not in SHAPES:
        raise Refused("unknown-shape", N_("There is no score shape “%(value)s”."), field="shape", value=code)
    shape = SHAPES[code]
    if section and section not in shape.sections:
        message = N_("The score shape “%(shape)s” adds nothing; it cannot stand on a bonus line.")
        if section == DEDUCTION:
            message = N_("The score shape “%(shape)s” takes nothing; it cannot stand on a deduction line.")
        raise Refused("shape-not-here", message, field="shape", shape=Phrase(shape.name))
    known = {*shape.needs, *shape.optional, *((NOT_MORE_THAN,) if shape.crosses else ())}
    limits = {name: text for name, text in params.items() if shape.limits and name not in known}
    for name in params:
        if name not in known and name not in limits:
            message = N_("The score shape “%(shape)s” has no parameter “%(name)s”.")
            raise Refused("unknown-parameter", message, field="params", shape=Phrase(shape.name), name=name)
    numbers = dict(_numbers(shape, weight, params))
    return Values(numbers, params.get(NOT_MORE_THAN, ""), _bands(shape, weight, limits, section) if shape.limits else ())


def _numbers(shape: Shape, weight: Fraction, params: Mapping[str, str]) -> Iterator[tuple[str, Fraction]]:
    for name in (*shape.needs, *shape.optional):
        text, default = params.get(name), shape.optional.get(name)
        if text is None and name in shape.needs:
            message = N_("The score shape “%(shape)s” needs the parameter “%(name)s”.")
            raise Refused("missing-parameter", message, field="params", shape=Phrase(shape.name), name=name)
        value = default if text is None else _number(name, text)
        if value is None:
            continue
        if value < 0 or (name in ("floor", "cap") and value > weight) or (name == "day" and not 0 < value <= 24):
            raise refused("bad-parameter", OUT_OF_RANGE, value=str(text), name=name)
        yield name, value


def _number(name: str, text: str) -> Fraction:
    if not _NUMBER.fullmatch(text):
        raise refused("bad-parameter", NOT_A_NUMBER, value=text, name=name)
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise refused("bad-parameter", NOT_A_NUMBER, value=text, name=name) from error


def _bands(shape: Shape, weight: Fraction, limits: Mapping[str, str], section: str) -> tuple[Band, ...]:
    """The limits in order, what is left over last."""
    if ELSE not in limits:
        raise refused("no-else", N_("Say what is given beyond the last limit: end with else=0, for example."))
    bands = [_band(shape, name, _number(name, text)) for name, text in limits.items()]
    bands.sort(key=lambda band: (band.limit is None, band.limit or 0))
    for one, other in itertools.pairwise(bands):
        if one.limit == other.limit:
            raise refused("limits-overlap", N_("Two limits are at %(value)s; each limit stands once."), value=f"{float(one.limit or 0):g}")
    values = [band.value for band in bands]
    if not any(values) or (min(values) < 0 < max(values)):
        message = N_("Write what is given above 0, or what is taken below 0: not both in one line, and not 0 everywhere.")
        raise refused("mixed-signs", message)
    if (section == DEDUCTION and max(values) > 0) or (section == BONUS and min(values) < 0):
        raise refused("mixed-signs", N_("A deduction is written below 0 (<50=-0.25), a bonus above 0 (<50=0.25)."))
    for band in bands:
        if weight and abs(band.value) > weight:
            raise refused("bad-parameter", N_("%(value)s is more than the line's weight."), value=f"{float(band.value):g}")
    return tuple(bands)


def _band(shape: Shape, name: str, value: Fraction) -> Band:
    if name == ELSE:
        return Band(None, False, value)
    found = _LIMIT.fullmatch(name.replace(" ", ""))
    if found is None:
        message = N_("The score shape “%(shape)s” has no parameter “%(name)s”; write limits as %(example)s")
        raise Refused(
            "unknown-parameter", message, field="params", shape=Phrase(shape.name), name=name, example=shape.example.partition(",")[0]
        )
    return Band(Fraction(found[2]), found[1] == "<=" or (not found[1] and shape.limits == "cases"), value)


def amount(code: str, given: Given, weight: Fraction, params: Mapping[str, str]) -> Fraction:
    """What a line with this shape gives, or, in the section of deductions, takes: exact, never below 0 nor above ``weight``.

    Raises ``Refused`` as ``checked_params`` does.
    """
    values = checked_params(code, weight, params, given.section)
    shape = SHAPES[code]
    found = clamp(shape.amount(given, weight, values), Fraction(0), weight)
    return weight - found if shape.loses and given.section != DEDUCTION else found
