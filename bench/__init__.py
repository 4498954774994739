"""Measurements: each figure of ours beside a named rival in the same run, as a ratio, because machines are noisy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One comparison. ``ours`` and ``rivals`` are in ``unit``; smaller is better. ``limit`` is the ratio or figure promised."""

    what: str
    ours: float
    rival: str
    rivals: float
    unit: str = "s"
    note: str = ""

    @property
    def ratio(self) -> float:
        """Ours against the rival's: below 1 is better."""
        return self.ours / self.rivals if self.rivals else float("nan")
