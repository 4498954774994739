"""The fonts we ship are the ones the manifest names, print what a government office writes, and carry their licence."""

from __future__ import annotations

import hashlib
import tomllib

from reports.render import fonts
from reports.vendor import fetch_fonts

MANIFEST = tomllib.loads((fonts.FOLDER / "MANIFEST.toml").read_text("utf-8"))["file"]


def test_every_vendored_file_matches_its_hash() -> None:
    for entry in MANIFEST:
        assert hashlib.sha256((fonts.FOLDER / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]


def test_every_vendored_file_is_in_the_manifest_with_its_origin() -> None:
    named = {entry["file"] for entry in MANIFEST}
    assert {path.name for path in fonts.FOLDER.iterdir()} - {"MANIFEST.toml"} == named
    assert all(entry["package"].count("@") == 2 and entry["licence"] == "OFL-1.1" for entry in MANIFEST)
    assert "SIL OPEN FONT LICENSE" in (fonts.FOLDER / "OFL-NotoSans.txt").read_text("utf-8")


def test_the_fonts_stay_small_enough_to_be_committed() -> None:
    assert sum(path.stat().st_size for path in fonts.FOLDER.iterdir()) < 22_000_000


def test_text_and_bold_print_every_character_of_gbk_and_titles_those_of_gb2312() -> None:
    # ≒ is the one sign of GBK that no Noto Chinese face draws.
    for face, codec in ((fonts.TEXT, "gbk"), (fonts.STRONG, "gbk"), (fonts.TITLE, "gb2312")):
        missing = {chr(point) for point in fetch_fonts.two_byte(codec)} - {chr(point) for point in fonts._glyphs(face)}
        assert missing <= {"≒"}, face


def test_the_script_names_no_registry_host() -> None:
    script = (fonts.FOLDER.parent / "fetch_fonts.py").read_text("utf-8")
    assert "http" not in script and "registry" not in script
