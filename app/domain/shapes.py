"""Score shapes: how a rate becomes points; one function each, found by the name that scheme lines carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.refusals import N_, Refused

Points = Callable[[Fraction, Fraction, Mapping[str, Fraction]], Fraction]
"""(rate, weight, parameters) → points, all exact."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of scoring. ``params`` maps each parameter to its default, ``None`` where it must be given."""

    code: str
    points: Points
    params: Mapping[str, Fraction | None]


SHAPES: dict[str, Shape] = {}


def shape(code: str, **params: Fraction | None) -> Callable[[Points], Points]:
    """Register a function as the shape ``code`` taking ``params``; a new shape is a new function and nothing else."""

    def keep(points: Points) -> Points:
        if code in SHAPES:
            raise ValueError(f"two shapes call themselves {code}")
        SHAPES[code] = Shape(code, points, params)
        return points

    return keep


def clamp(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """``value``, but never below ``low`` nor above ``high``."""
    return max(low, min(high, value))


@shape("rate")
def by_rate(rate: Fraction, weight: Fraction, params: Mapping[str, Fraction]) -> Fraction:
    """w × rate (handbook §2.4, shape 1)."""
    return weight * rate


@shape("inverse")
def by_inverse(rate: Fraction, weight: Fraction, params: Mapping[str, Fraction]) -> Fraction:
    """w × (1 − rate) (handbook §2.4, shape 2)."""
    return weight * (1 - rate)


@shape("deduction", T=None, k=None, floor=Fraction(0))
def by_deduction(rate: Fraction, weight: Fraction, params: Mapping[str, Fraction]) -> Fraction:
    """clamp(w − k × (T − rate in percentage points), floor, w) (handbook §2.4, shape 3).

    ``T`` is the target in percentage points, ``k`` the points lost per percentage point below it.
    """
    return clamp(weight - params["k"] * (params["T"] - 100 * rate), params["floor"], weight)


@shape("density", k=None)
def by_density(rate: Fraction, weight: Fraction, params: Mapping[str, Fraction]) -> Fraction:
    """w − k × rate, where the rate is cases per size, such as area × population (handbook §2.4, shape 7)."""
    return weight - params["k"] * rate


def checked_params(code: str, weight: Fraction, params: Mapping[str, str]) -> dict[str, Fraction]:
    """The parameters of shape ``code`` as exact numbers, defaults filled in.

    Raises ``Refused`` with ``unknown-shape``, ``unknown-parameter``, ``missing-parameter`` or ``bad-parameter``.
    """
    if code not in SHAPES:
        raise Refused("unknown-shape", N_("There is no score shape “%(value)s”."), field="shape", value=code)
    accepted = SHAPES[code].params
    for name in params:
        if name not in accepted:
            raise Refused(
                "unknown-parameter", N_("The score shape “%(shape)s” has no parameter “%(name)s”."), field="params", shape=code, name=name
            )
    values = {name: _given(code, name, params.get(name), default) for name, default in accepted.items()}
    for name, value in values.items():
        if value < 0 or (name == "floor" and value > weight):
            raise Refused(
                "bad-parameter",
                N_("“%(value)s” is out of range for the parameter “%(name)s”."),
                field="params",
                value=params[name],
                name=name,
            )
    return values


def _given(code: str, name: str, text: str | None, default: Fraction | None) -> Fraction:
    if text is None:
        if default is None:
            raise Refused(
                "missing-parameter",
                N_("The score shape “%(shape)s” needs the parameter “%(name)s”."),
                field="params",
                shape=code,
                name=name,
            )
        return default
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise Refused(
            "bad-parameter", N_("“%(value)s” is not a number for the parameter “%(name)s”."), field="params", value=text, name=name
        ) from error


def points(code: str, rate: Fraction, weight: Fraction, params: Mapping[str, str]) -> Fraction:
    """Exact points for ``rate`` (0 or more) under the shape ``code``, never below 0 nor above ``weight``.

    Raises ``Refused`` as ``checked_params`` does.
    """
    values = checked_params(code, weight, params)
    return clamp(SHAPES[code].points(rate, weight, values), Fraction(0), weight)
