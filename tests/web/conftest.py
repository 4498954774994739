"""The laboratory of plain Flask-AppBuilder, for the tests of this floor."""

from __future__ import annotations

from tests.plainfab.laboratory import _laboratory, laboratory

__all__ = ["_laboratory", "laboratory"]
