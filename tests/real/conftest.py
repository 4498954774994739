"""Ledgers of real districts are brought in as anybody's file would be."""

from __future__ import annotations

from tests.importing.conftest import bring, desk, house

__all__ = ["bring", "desk", "house"]
