"""Where half-written sheets lie: openpyxl writes each to a temporary file of its own, and what stands in them is nobody else's business.

Inside ``lying_in`` they lie in that folder, which is the house's own and is cleared with the work; elsewhere in the machine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from tempfile import NamedTemporaryFile

from openpyxl.worksheet import _writer as writer

_folder: ContextVar[Path | None] = ContextVar("sheets_at_work", default=None)


@contextmanager
def lying_in(folder: Path) -> Iterator[None]:
    """Inside, sheets are written here."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def _temporary_file(suffix: str = "") -> str:
    with NamedTemporaryFile(mode="w+", suffix=suffix, prefix="sheet.", delete=False, dir=_folder.get()) as file:
        writer.ALL_TEMP_FILES.append(file.name)
        return file.name


writer.create_temporary_file = _temporary_file
