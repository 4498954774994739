"""Models as files: one archive of plain numbers and one page of JSON; nothing in it can run, and the same model is the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.refusals import N_, Refused
from app.learning.confidence import Confidence
from app.learning.experts import Expert, Numbers
from app.learning.features import Block, Features
from app.learning.model import Model
from app.learning.samples import Columns

FORMAT = 1
_PAGE = "model.json"
_MOST_BYTES = 512 * 2**20
_DAMAGED = N_("“%(name)s” is no model that this version can read.")


def write_model(model: Model, path: Path) -> None:
    """Write the file. Weights are kept in half precision, which changes no suggestion that is not a toss-up."""
    page = {
        "format": FORMAT,
        "labels": model.labels,
        "columns": asdict(model.columns),
        "blocks": [{"kind": block.kind, "terms": len(block.terms)} for block in model.features.blocks],
        "experts": [{"kind": expert.kind, "scaled": expert.telling is not None} for expert in model.experts],
        "confidence": asdict(model.confidence),
        "bar": model.bar,
        "learnt": model.learnt,
        "seen": sorted(model.seen),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _put(archive, _PAGE, json.dumps(page, ensure_ascii=False, indent=1).encode())
        for number, block in enumerate(model.features.blocks):
            _put(archive, f"block{number}.txt", "\n".join(block.terms).encode())
            _put(archive, f"block{number}.npy", _bytes_of(block.rarity))
        for number, expert in enumerate(model.experts):
            _put(archive, f"expert{number}.weights.npy", _bytes_of(expert.weights.astype(np.float16)))
            _put(archive, f"expert{number}.bias.npy", _bytes_of(expert.bias))
            if expert.telling is not None:
                _put(archive, f"expert{number}.telling.npy", _bytes_of(expert.telling.astype(np.float16)))


def read_model(path: Path) -> Model:
    """Read it back; what is no model, or one of another format, is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_BYTES:
                raise ValueError("too large")
            page = json.loads(archive.read(_PAGE))
            if page["format"] != FORMAT:
                raise ValueError("another format")
            return _model(archive, page)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise Refused("no-model", _DAMAGED, name=path.name) from error


def _model(archive: zipfile.ZipFile, page: dict[str, Any]) -> Model:
    blocks = []
    for number, told in enumerate(page["blocks"]):
        terms = tuple(archive.read(f"block{number}.txt").decode().split("\n"))
        blocks.append(Block(told["kind"], terms, _checked(archive, f"block{number}.npy", (told["terms"],))))
    features, labels = Features(tuple(blocks)), tuple(page["labels"])
    shape = (features.width, len(labels))
    experts = []
    for number, told in enumerate(page["experts"]):
        telling = _checked(archive, f"expert{number}.telling.npy", shape) if told["scaled"] else None
        bias = _checked(archive, f"expert{number}.bias.npy", shape[1:])
        experts.append(Expert(told["kind"], _checked(archive, f"expert{number}.weights.npy", shape), bias, telling))
    columns = Columns(**{**page["columns"], "fields": tuple(page["columns"]["fields"])})
    how = page["confidence"]
    confidence = Confidence(tuple(how["steepness"]), how["sharpness"], tuple(how["lean"]))
    return Model(labels, columns, features, tuple(experts), confidence, page["bar"], page["learnt"], frozenset(page["seen"]))


def _checked(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> Numbers:
    numbers = np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
    if numbers.shape != shape or numbers.dtype not in (np.float16, np.float32):
        raise ValueError(name)
    return np.asarray(numbers, np.float32)


def _bytes_of(numbers: Numbers) -> bytes:
    held = io.BytesIO()
    np.save(held, numbers, allow_pickle=False)
    return held.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED, compresslevel=1)
