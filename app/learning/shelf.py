"""The shelf of models below ``FRONTLINE_HOME``: every version kept, its hash recorded, and which one is in force."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from app.core.clock import now
from app.domain.refusals import N_, Refused
from app.learning.files import read_model, write_model
from app.learning.model import Model

_REGISTER = "register.json"


@dataclass(frozen=True, slots=True)
class Version:
    """A model on the shelf. ``digest`` is the SHA-256 of its file, ``data`` that of what it was learnt from."""

    number: int
    name: str
    digest: str
    data: str
    made_at: str


class Shelf:
    """One folder of models; the last one put there is in force."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "models"

    def versions(self) -> list[Version]:
        """All of them, the oldest first."""
        register = self.folder / _REGISTER
        return [Version(**told) for told in json.loads(register.read_text("utf-8"))] if register.is_file() else []

    def put(self, model: Model) -> Version:
        """Keep a model as the next version, which is then in force."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = self.versions()
        number = known[-1].number + 1 if known else 1
        path = self.folder / f"dispatch-{number:04d}.model"
        draft = path.with_suffix(".draft")
        write_model(model, draft)
        version = Version(number, path.name, _digest(draft), str(model.learnt["data"]), now().isoformat(timespec="seconds"))
        draft.replace(path)
        written = self.folder / (_REGISTER + ".draft")
        written.write_text(json.dumps([asdict(one) for one in (*known, version)], indent=1), "utf-8")
        written.replace(self.folder / _REGISTER)
        return version

    def path(self, version: Version) -> Path:
        """Where its file lies."""
        return self.folder / version.name

    def in_force(self) -> Model:
        """The newest model, after its file was proved to be the one that was put there."""
        known = self.versions()
        if not known:
            raise Refused("no-model", N_("There is no model yet. Run: python run.py dispatch train …"))
        path = self.path(known[-1])
        if not path.is_file() or _digest(path) != known[-1].digest:
            raise Refused("no-model", N_("The model “%(name)s” is not the file that was put there. Train again."), name=path.name)
        return read_model(path)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
