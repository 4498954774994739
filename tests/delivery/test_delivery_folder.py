"""Drop folders: files lie there whole or not at all, nothing is written over, and nothing lies outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.post import Trouble
from app.delivery import Settings, routes
from app.delivery.folder import send
from app.domain.refusals import Refused
from tests.delivery.parcels import enclosure, parcel


@pytest.fixture
def drop(tmp_path: Path) -> Settings:
    """A house with a drop directory."""
    (tmp_path / "drop").mkdir()
    return Settings(drop=tmp_path / "drop")


def lying(settings: Settings, folder: str) -> dict[str, bytes]:
    """Everything that lies in a drop folder, hidden or not."""
    assert settings.drop is not None
    return {path.name: path.read_bytes() for path in (settings.drop / folder).iterdir()}


def kept(tmp_path: Path, content: bytes) -> Path:
    """A kept file."""
    place = tmp_path / f"kept-{len(list(tmp_path.iterdir()))}"
    place.write_bytes(content)
    return place


def test_files_are_put_under_their_own_names_and_again_changes_nothing(tmp_path: Path, drop: Settings) -> None:
    files = [enclosure(kept(tmp_path, b"table"), "绩效评价表 2026-09.xlsx"), enclosure(kept(tmp_path, b"paper"), "scorecard.pdf")]
    assert send(parcel("city-hall/evaluation", files), drop) == "绩效评价表 2026-09.xlsx, scorecard.pdf"
    expected = {"绩效评价表 2026-09.xlsx": b"table", "scorecard.pdf": b"paper"}
    assert lying(drop, "city-hall/evaluation") == expected
    assert send(parcel("city-hall/evaluation", files), drop) == "绩效评价表 2026-09.xlsx, scorecard.pdf"
    assert lying(drop, "city-hall/evaluation") == expected


def test_another_file_of_the_same_name_becomes_its_next_version(tmp_path: Path, drop: Settings) -> None:
    for content, name in ((b"first", "a.pdf"), (b"second", "a (2).pdf"), (b"third", "a (3).pdf"), (b"second", "a (2).pdf")):
        assert send(parcel("city", [enclosure(kept(tmp_path, content), "a.pdf")]), drop) == name
    assert lying(drop, "city") == {"a.pdf": b"first", "a (2).pdf": b"second", "a (3).pdf": b"third"}


def test_what_an_interrupted_attempt_left_is_cleared_by_the_next(tmp_path: Path, drop: Settings) -> None:
    file = enclosure(kept(tmp_path, b"x" * 5_000_000), "a.pdf")
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "import app.delivery.folder as folder\n"
        "from app.delivery import Settings\n"
        "from tests.delivery.parcels import enclosure, parcel\n"
        "point = sys.argv[3]\n"
        "def die(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "if point == 'half':\n"
        "    folder.shutil.copyfileobj = lambda source, target, size: (target.write(source.read(100)), target.flush(), die())\n"
        "elif point == 'written': folder.os.fsync = die\n"
        "elif point == 'named':\n"
        "    real = os.link\n"
        "    folder.os.link = lambda a, b: (real(a, b), die())\n"
        "folder.send(parcel('city', [enclosure(Path(sys.argv[1]), 'a.pdf')]), Settings(drop=Path(sys.argv[2])))\n"
    )
    for point in ("half", "written", "named"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(file.path), str(drop.drop), point], cwd=Path(__file__).parents[2], check=False, timeout=60
        )
        assert done.returncode == -signal.SIGKILL
        found = lying(drop, "city")
        assert len(found) >= 1  # it was in the middle of it
        assert found.get("a.pdf", file.path.read_bytes()) == file.path.read_bytes()  # whole, or not there
        assert send(parcel("city", [file]), drop) == "a.pdf"
        assert lying(drop, "city") == {"a.pdf": file.path.read_bytes()}
        (drop.drop / "city" / "a.pdf").unlink()  # type: ignore[operator]


def test_a_kept_file_that_is_gone_or_changed_is_not_put_anywhere(tmp_path: Path, drop: Settings) -> None:
    place = kept(tmp_path, b"as it was")
    file = enclosure(place, "a.pdf")
    place.write_bytes(b"as it is now")
    with pytest.raises(Trouble) as trouble:
        send(parcel("city", [file]), drop)
    assert (trouble.value.code, trouble.value.lasting) == ("lost_file", True)
    place.unlink()
    with pytest.raises(Trouble) as trouble:
        send(parcel("city", [file]), drop)
    assert trouble.value.code == "lost_file"
    assert lying(drop, "city") == {}


@pytest.mark.parametrize("address", ["", "/etc", "..", "../outside", "a/../../b", ".hidden", "a/.ssh", "a\0b", "."])
def test_no_folder_outside_the_drop_directory_can_be_named(address: str, drop: Settings) -> None:
    with pytest.raises(Refused):
        routes()["folder"].check(address, drop)


def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path, drop: Settings) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    os.symlink(outside, drop.drop / "city")  # type: ignore[operator]
    with pytest.raises(Trouble) as trouble:
        send(parcel("city", [enclosure(kept(tmp_path, b"x"), "a.pdf")]), drop)
    assert trouble.value.code == "address"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "name"),
    [("../../a.pdf", "a.pdf"), ("a\n\u202eb.pdf", "ab.pdf"), ("名" * 300 + ".pdf", "名" * 66 + ".pdf"), (".bashrc", "bashrc.bin")],
)
def test_names_are_made_fit_for_every_file_system(tmp_path: Path, drop: Settings, given: str, name: str) -> None:
    assert send(parcel("city", [enclosure(kept(tmp_path, b"x"), given)]), drop) == name
    assert list(lying(drop, "city")) == [name]


def test_a_folder_that_cannot_be_written_to_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "drop").write_bytes(b"a file, not a directory")
    with pytest.raises(Trouble) as trouble:
        send(parcel("city", [enclosure(kept(tmp_path, b"x"), "a.pdf")]), Settings(drop=tmp_path / "drop"))
    assert (trouble.value.code, trouble.value.lasting, trouble.value.server) == ("no_room", False, True)
