"""Hand-over files (交换文件): lists that another platform puts into a watched folder are imported and set aside, with a report beside them.

Below the watched folder there is one folder per mapping, made by whoever sets it up: ``hotline12345/list.xlsx``. A file goes
to ``done`` or ``failed`` inside it. All of its rows are taken or none. Whoever dies between writing and moving finds the
file again, and all its rows known already.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from zoneinfo import ZoneInfo

from app.channels.mapping import mappings
from app.core.clock import now
from app.core.languages import LANGUAGES, words
from app.core.runs import Silent
from app.core.storage import Storage
from app.crud.importing.batches import ALL, Desk
from app.crud.importing.problems import read_problems
from app.crud.resource import resource_of
from app.crud.tables import ImportBatch
from app.domain.refusals import N_, Phrase, Refused
from app.queries.calendar import city_zone

log = logging.getLogger(__name__)

DONE, FAILED = "done", "failed"
SETTLED = timedelta(seconds=30)
"""A file that was written to within so long may still be growing; it waits for the next look."""
ENDINGS = (".xlsx", ".csv")
MOST_TOLD = 200
"""So many problems stand in a report."""


def take_files(folder: Path, storage: Storage) -> Counter[str]:
    """Import what waits in ``folder``; counts by where the files went. Raises ``Refused`` (503) where the database is busy."""
    moved: Counter[str] = Counter()
    for code in mappings():
        place = folder / code
        if place.is_dir():
            for path in sorted(place.iterdir()):
                if _is_waiting(path):
                    moved[_take(path, code, storage)] += 1
    return moved


def _is_waiting(path: Path) -> bool:
    """A whole file, not a link to somewhere else, not one that is being written."""
    if path.is_symlink() or not path.is_file() or path.name.startswith((".", "~")) or path.suffix.lower() not in ENDINGS:
        return False
    return now().timestamp() - path.stat().st_mtime >= SETTLED.total_seconds()


def _take(path: Path, mapping: str, storage: Storage) -> str:
    try:
        batch = _imported(path, mapping, storage)
    except Refused as refused:
        if refused.status == 503:
            raise
        return _set_aside(path, FAILED, [refused.phrase])
    counted = Phrase(
        N_("%(rows)d rows: %(created)d new, %(changed)d changed, %(same)d unchanged, %(refused)d refused."),
        **{name: getattr(batch, name) for name in ("rows", "created", "changed", "same", "refused")},
    )
    if not batch.refused:
        return _set_aside(path, DONE, [counted])
    return _set_aside(
        path,
        FAILED,
        [counted, Phrase(N_("Nothing was written. Correct the rows below and hand the file in again.")), *_told(batch, storage)],
    )


def _imported(path: Path, mapping: str, storage: Storage) -> ImportBatch:
    desk = Desk(storage)
    with storage.scratch(path.suffix.lower()) as copy:
        copyfile(path, copy)
        batch = desk.receive(resource_of("Ticket"), copy, path.name, {"mapping": mapping, "create_missing": False})
    batch = desk.check(batch.id, Silent())
    return batch if batch.refused else desk.write(batch.id, ALL, Silent())


def _told(batch: ImportBatch, storage: Storage) -> list[Phrase]:
    if not batch.problems:
        return []
    found = []
    for number, problem in enumerate(read_problems(storage.path(batch.problems_digest))):
        if number == MOST_TOLD:
            found.append(Phrase(N_("… and %(count)d more"), count=batch.problems - MOST_TOLD))
            break
        place = Phrase(N_("Row %(row)s, column “%(column)s”: "), row=str(problem.row), column=problem.column or "—")
        found.append(Phrase("%(place)s%(problem)s", place=place, problem=problem.phrase))
    return found


def _set_aside(path: Path, where: str, said: list[Phrase]) -> str:
    """Move the file, with the moment before its name, and write the report beside it, in both languages."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    stamp = now().astimezone(ZoneInfo(city_zone())).strftime("%Y%m%d-%H%M%S")
    target, count = folder / f"{stamp}-{path.name}", 1
    while target.exists():
        target, count = folder / f"{stamp}-{count}-{path.name}", count + 1
    lines = [words(language).phrase(sentence) for language in LANGUAGES for sentence in said]
    target.with_name(target.name + ".txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.replace(target)
    log.info("hand-over file %s: %s", path.name, where)
    return where
