"""Drop folder: files are put where another program fetches them, whole or not at all, and never over one that is there."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from app.core.file_names import clean_name
from app.core.post import Trouble
from app.core.storage import digest_of
from app.delivery.base import Enclosure, Parcel, Route, Settings
from app.domain.refusals import N_, Refused

NO_ROOM, ADDRESS, LOST = "no_room", "address", "lost_file"
MOST_VERSIONS = 200
LONGEST = 200
"""Bytes of a name; file systems end at 255, and a version's number needs room."""
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def send(parcel: Parcel, settings: Settings) -> str:
    """Put every file down; the names they have there. Doing it again puts nothing down twice."""
    folder = _folder(parcel.recipient, settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = [_put(folder, file, parcel.message_id) for file in parcel.files]
    except FileNotFoundError as error:
        raise Trouble(LOST, str(error.strerror), lasting=True) from error
    except OSError as error:
        raise Trouble(NO_ROOM, error.strerror or type(error).__name__, server=True) from error
    return ", ".join(names)


def _put(folder: Path, file: Enclosure, message_id: str) -> str:
    """One file: written under a hidden name beside its place, brought to the disk, compared, then named."""
    hidden = folder / f".{sha256(f'{message_id}|{file.digest}'.encode()).hexdigest()[:24]}.part"
    hidden.unlink(missing_ok=True)  # what an interrupted attempt left; opened anew, because it may already have its name
    try:
        with file.path.open("rb") as source, hidden.open("xb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        if digest_of(hidden) != file.digest:
            raise Trouble(LOST, file.name, lasting=True)
        return _name(folder, hidden, file)
    finally:
        hidden.unlink(missing_ok=True)
        _sync(folder)


def _name(folder: Path, hidden: Path, file: Enclosure) -> str:
    """Its own name, or the next version of it where other bytes have that; the same bytes are there already."""
    stem, ending = _parts(file.name)
    for version in range(1, MOST_VERSIONS):
        place = folder / (f"{stem}{ending}" if version == 1 else f"{stem} ({version}){ending}")
        with suppress(FileExistsError):
            _take_name(hidden, place)
            return place.name
        if place.is_file() and digest_of(place) == file.digest:
            return place.name
    raise Trouble(NO_ROOM, file.name, lasting=True)


def _take_name(hidden: Path, place: Path) -> None:
    """A second name for the same file cannot be had where one is taken: unlike renaming, it overwrites nothing."""
    try:
        os.link(hidden, place)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if place.exists():  # a file system without links
            raise FileExistsError(place) from error
        hidden.replace(place)


def _parts(given: str) -> tuple[str, str]:
    """A name without paths, short enough in bytes for any file system, and its ending."""
    ending = Path(given).suffix.lstrip(".").casefold() or "bin"
    name = clean_name(given, (ending,), "file")
    stem = name.removesuffix(f".{ending}") if name.endswith(f".{ending}") else Path(name).stem
    while len(stem.encode()) > LONGEST:
        stem = stem[:-1]
    return stem, f".{ending}"


def _folder(address: str, settings: Settings) -> Path:
    """The folder of this name below the place for drops; nothing outside of it, whatever links say."""
    check(address, settings)
    assert settings.drop is not None
    root = settings.drop.resolve()
    folder = (root / address).resolve()
    if not folder.is_relative_to(root) or folder == root:
        raise Trouble(ADDRESS, address, lasting=True)
    return folder


def check(address: str, settings: Settings) -> None:
    """The name of a folder below the place for drops."""
    parts = Path(address).parts
    if not parts or Path(address).is_absolute() or any(part in ("..", ".") or part.startswith(".") for part in parts) or "\0" in address:
        raise Refused(
            "address",
            N_("“%(value)s” is not the name of a folder below the drop directory, such as city-hall/evaluation."),
            field="address",
            value=address[:60],
        )
    if settings.drop is None:
        raise Refused("address", N_("This installation names no drop directory (FRONTLINE_DROP)."), field="address")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


ROUTE = Route("folder", N_("Folder"), send, check, carries=True)
