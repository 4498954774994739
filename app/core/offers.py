"""Offers: what a schedule may be told to make; whoever can make something says so here, so that no floor must know the ones above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WHOLE, GROUP, UNIT = "whole", "group", "unit"
"""Of whom: the whole district, every unit of one group, or one unit."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be made on a schedule. ``title`` and ``about`` are message ids.

    ``kind`` is the kind of run that makes it. ``scopes`` says of whom it can be made, ``subject`` whose ``export`` right its owner
    must have and whose ``read`` right its receivers. ``awaits`` says that it is printed from an evaluation, whose publication can be
    waited for. ``formats`` are file formats it comes in.
    """

    code: str
    title: str
    about: str
    kind: str
    subject: str
    scopes: tuple[str, ...]
    formats: tuple[str, ...]
    awaits: bool = False


_offers: dict[str, Offer] = {}


def offer(offers: Iterable[Offer]) -> None:
    """Make these known; whatever had the same code before is replaced, so that an application may be put together twice."""
    _offers.update({one.code: one for one in offers})


def all_offers() -> Mapping[str, Offer]:
    """Everything that is offered, by code."""
    return _offers
