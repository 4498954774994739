"""Engines: who wakes the workers, one file each with ``attach``, ``work`` and ``beat``; a thin face before runs and ticker."""
