"""What a file is: which evaluation it was made from, whether its bytes are as they left the house, and whether it was superseded."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evaluation import FINAL, PUBLISHED, SUPERSEDED
from app.entities.evaluation import Evaluation
from app.entities.evaluation_file import EvaluationFile

GENUINE, ALTERED, UNKNOWN = "genuine", "altered", "unknown"
PUBLIC = (PUBLISHED, FINAL, SUPERSEDED)
"""What anybody may ask about: lists that were published, and those that corrections superseded."""

_HASH = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_DIGITS = re.compile(r"[0-9a-f]{64}")
_LOOK_AT = 1 << 22


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: ``genuine`` (made here, unchanged), ``altered`` (names an evaluation of ours, but is no file made here), ``unknown``.

    ``now`` is the list that stands for the period today where the file's own was superseded.
    """

    verdict: str
    file: EvaluationFile | None = None
    evaluation: Evaluation | None = None
    now: Evaluation | None = None


def typed_hash(text: str) -> str:
    """A hash as somebody types or pastes it: blanks and colons do not matter; empty where it is none."""
    plain = re.sub(r"[\s:]+", "", text).lower()
    return plain if _DIGITS.fullmatch(plain) else ""


def by_hash(session: Session, digest: str) -> Answer:
    """The file with these bytes, or the evaluation with this seal, as far as the actor may see it."""
    file = session.execute(select(EvaluationFile).where(EvaluationFile.digest == digest)).scalar_one_or_none()
    if file is not None:
        evaluation = session.execute(select(Evaluation).where(Evaluation.id == file.evaluation_id)).scalar_one_or_none()
        if evaluation is not None:
            return Answer(GENUINE, file, evaluation, _standing(session, evaluation))
    evaluation = _sealed(session, [digest])
    return Answer(GENUINE, None, evaluation, _standing(session, evaluation)) if evaluation is not None else Answer(UNKNOWN)


def by_file(session: Session, digest: str, path: Path) -> Answer:
    """What a file is: by its bytes, else by the seal that is written in it; then it is no longer what left the house."""
    found = by_hash(session, digest)
    if found.file is not None:
        return found
    evaluation = _sealed(session, sorted(seals_in(path)))
    return Answer(ALTERED, None, evaluation, _standing(session, evaluation)) if evaluation is not None else Answer(UNKNOWN)


def seals_in(path: Path) -> set[str]:
    """Seals written in a file: in its first and last stretch, and, of a workbook, in its first small parts."""
    with path.open("rb") as handle:
        head = handle.read(_LOOK_AT)
        handle.seek(max(0, path.stat().st_size - _LOOK_AT))
        found = {*_HASH.findall(head), *_HASH.findall(handle.read())}
    if head.startswith(b"PK\x03\x04"):
        found |= _packed(path)
    return {seal.decode("ascii") for seal in found}


def _packed(path: Path) -> set[bytes]:
    """In a workbook's properties and shared texts, as far as they are small; a broken archive holds none."""
    found: set[bytes] = set()
    try:
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist()[:200]:
                if part.filename.endswith(".xml") and part.file_size <= _LOOK_AT:
                    with archive.open(part) as handle:
                        found |= set(_HASH.findall(handle.read(_LOOK_AT)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return set()
    return found


def _sealed(session: Session, seals: list[str]) -> Evaluation | None:
    wanted = select(Evaluation).where(Evaluation.snapshot_hash.in_(seals[:200]))
    return session.execute(wanted.order_by(Evaluation.revision.desc()).limit(1)).scalar_one_or_none()


def _standing(session: Session, evaluation: Evaluation) -> Evaluation | None:
    if evaluation.state != SUPERSEDED:
        return None
    later = select(Evaluation).where(Evaluation.period == evaluation.period, Evaluation.state.in_((PUBLISHED, FINAL)))
    return session.execute(later.order_by(Evaluation.revision.desc()).limit(1)).scalar_one_or_none()
