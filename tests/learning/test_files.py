"""A model's file: the same suggestions after reading it back, the same bytes for the same examples, nothing taken on trust."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path

import pytest

from app.domain.refusals import Refused
from app.learning.files import read_model, write_model
from app.learning.model import Model
from app.learning.samples import Columns
from app.learning.shelf import Shelf
from app.learning.training import train
from tests.learning.messages import messages

COLUMNS = Columns("text", "label", "group")


@pytest.fixture(scope="module")
def model() -> Model:
    return train(messages(15), COLUMNS)


def test_a_model_read_back_suggests_the_same(model: Model, tmp_path: Path) -> None:
    write_model(model, tmp_path / "a.model")
    again = read_model(tmp_path / "a.model")
    texts = messages(10, seed=4).texts
    for one, other in zip(model.suggest(texts), again.suggest(texts), strict=True):
        assert one.labels == other.labels and one.certain == pytest.approx(other.certain, abs=2e-3)
    assert (again.columns, again.learnt, again.seen) == (model.columns, model.learnt, model.seen)


def test_the_same_examples_give_the_same_bytes(model: Model, tmp_path: Path) -> None:
    write_model(model, tmp_path / "a.model")
    write_model(train(messages(15), COLUMNS), tmp_path / "b.model")
    assert (tmp_path / "a.model").read_bytes() == (tmp_path / "b.model").read_bytes()


def test_a_file_that_is_no_model_is_refused_and_never_run(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "strange.model"
    path.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(Refused, match=r"“strange\.model” is no model"):
        read_model(path)
    write_model(model, path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, content in (
        ("model.json", json.dumps({**json.loads(parts["model.json"]), "format": 99}).encode()),
        ("expert0.weights.npy", pickle.dumps([1, 2, 3])),
        ("expert0.bias.npy", parts["block0.npy"]),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            for part, held in {**parts, name: content}.items():
                archive.writestr(part, held)
        with pytest.raises(Refused, match="is no model"):
            read_model(path)


def test_the_shelf_keeps_every_version_and_proves_the_one_in_force(model: Model, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with pytest.raises(Refused, match="There is no model yet"):
        shelf.in_force()
    first, second = shelf.put(model), shelf.put(model)
    assert [one.number for one in shelf.versions()] == [1, 2] and first.digest == second.digest
    assert first.data == model.learnt["data"] and shelf.in_force().labels == model.labels
    shelf.path(second).write_bytes(shelf.path(first).read_bytes() + b" ")
    with pytest.raises(Refused, match="not the file that was put there"):
        shelf.in_force()
