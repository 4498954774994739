"""Files on disk: where everything lives, and a store that names each file by the hash of its bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.core.sheets_at_work import lying_in
from app.domain.refusals import N_, Refused

_CHUNK = 1 << 20


class Storage:
    """The data directory (``FRONTLINE_HOME``) and its content-addressed files."""

    def __init__(self, home: Path, desk: str = "") -> None:
        """``desk`` names a folder of its own for what is being written, which can be cleared as a whole."""
        self.home = home
        for part in ("files", "work"):
            (home / part).mkdir(parents=True, exist_ok=True)
        self.desk = home / "work" / desk

    def path(self, digest: str) -> Path:
        """Where the file with this SHA-256 hex digest lies; ``Refused("file-missing")`` if it does not."""
        path = self._place(digest)
        if not path.is_file():
            raise Refused("file-missing", N_("The stored file is no longer there."), status=404)
        return path

    def keep(self, source: Path) -> str:
        """Move ``source`` into the store and return its digest; keeping the same bytes twice is one file."""
        digest = digest_of(source)
        target = self._place(digest)
        if target.exists():
            target.touch()  # it is young again: the sweep of files that nobody refers to leaves it alone
            source.unlink()
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb+") as handle:
            os.fsync(handle.fileno())
        source.replace(target)
        _sync(target.parent)
        return digest

    @contextmanager
    def scratch(self, suffix: str = "") -> Iterator[Path]:
        """A path to write a file to; what is left there afterwards is removed."""
        handle, name = tempfile.mkstemp(suffix=suffix, dir=self.desk)
        os.close(handle)
        path = Path(name)
        try:
            with lying_in(self.desk):
                yield path
        finally:
            path.unlink(missing_ok=True)

    @contextmanager
    def own_desk(self, work: str, attempt: int) -> Iterator[Storage]:
        """The same store with a desk for this attempt at this work; what earlier attempts left on theirs is cleared away.

        An attempt that was taken for dead and goes on after all finds no desk any more, and can leave nothing behind.
        """
        name = f"{work}-{attempt}"
        for old in (self.home / "work").glob(f"{work}-*"):
            self.clear(old)
        (self.home / "work" / name).mkdir()
        try:
            yield Storage(self.home, name)
        finally:
            self.clear(self.home / "work" / name)

    def left_over(self) -> list[Path]:
        """What lies among the work in progress: desks and files of work that goes on, or that was broken off."""
        return list((self.home / "work").iterdir())

    @staticmethod
    def clear(path: Path) -> bool:
        """Remove a file or a folder of work; whether it is gone. What cannot be removed now is removed by the next sweep."""
        for _ in range(2):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
        return not path.exists()

    def free_bytes(self) -> int:
        """Free space where the data lives."""
        return shutil.disk_usage(self.home).free

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise Refused("file-missing", N_("The stored file is no longer there."), status=404)
        return self.home / "files" / digest[:2] / digest


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hex."""
    found = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
