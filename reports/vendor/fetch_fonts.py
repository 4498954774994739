"""Makes the vendored fonts again from their npm packages and checks them, byte for byte, against the manifest.

Run ``python reports/vendor/fetch_fonts.py`` (needs npm and fonttools); it writes nothing that does not match.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from fontTools import subset  # type: ignore[import-untyped, unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped, unused-ignore]

FONTS = Path(__file__).resolve().parent / "fonts"
PRINTED_SIGNS = ((0x20, 0x17F), (0x2000, 0x206F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF), (0x3000, 0x303F), (0xFF00, 0xFFEF))
"""Latin, punctuation, arrows, operators, shapes, full-width forms: kept in every subset."""
UNUSED_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx", "gasp", "prep", "cvt ", "fpgm"]


def manifest() -> list[dict[str, Any]]:
    """One entry per vendored file: where it comes from, which characters it keeps, its hashes."""
    entries: list[dict[str, Any]] = tomllib.loads((FONTS / "MANIFEST.toml").read_text("utf-8"))["file"]
    return entries


def digest(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def two_byte(codec: str) -> set[int]:
    """Every code point that ``codec`` (gb2312, gbk) writes in two bytes."""
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found.add(ord(bytes((lead, trail)).decode(codec)))
            except UnicodeDecodeError:
                continue
    return found


def characters(entry: dict[str, Any], had: set[int], already: set[int]) -> set[int]:
    """The code points a file keeps of those its source ``had``; ``rest`` leaves out what other files print."""
    if entry["characters"] == "all":
        return had
    if entry["characters"] == "rest":
        return had - already
    signs = {point for first, last in PRINTED_SIGNS for point in range(first, last + 1)}
    return (two_byte(entry["characters"]) | signs) & had


def unpacked(package: str, folder: Path) -> Path:
    """``npm pack`` the package (name@version) into ``folder``; the tarball's path."""
    command = ["npm", "pack", "--silent", package]
    answer = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - names from our own manifest
    return folder / answer.stdout.split()[-1]


def member(tarball: Path, name: str) -> bytes:
    """One file of a tarball, read without unpacking the rest."""
    with tarfile.open(tarball) as archive:
        handle = archive.extractfile(name)
        if handle is None:
            raise FileNotFoundError(name)
        return handle.read()


def cut(source: Path, target: Path, entry: dict[str, Any], already: set[int]) -> set[int]:
    """Subset ``source`` into ``target`` without hinting and layout tables; what it now prints."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.name_languages = [0x409]
    options.drop_tables = [*options.drop_tables, *UNUSED_TABLES]
    kept = characters(entry, set(font.getBestCmap()), already)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    font.save(target)
    return kept


def remake(folder: Path) -> list[str]:
    """Make every file of the manifest in ``folder``; the names of those that came out differently."""
    wrong, already, tarballs = [], set[int](), dict[str, Path]()
    for entry in manifest():
        tarball = tarballs.setdefault(entry["package"], Path()) if entry["package"] in tarballs else unpacked(entry["package"], folder)
        tarballs[entry["package"]] = tarball
        original = member(tarball, entry["source"])
        made = folder / entry["file"]
        if entry["characters"] == "as-is":
            made.write_bytes(original)
        else:
            source = folder / "source.ttf"
            source.write_bytes(original)
            already |= cut(source, made, entry, already)
        if digest(original) != entry["source_sha256"] or digest(made.read_bytes()) != entry["sha256"]:
            wrong.append(f"{entry['file']}: source {digest(original)}, made {digest(made.read_bytes())}")
    return wrong


def main() -> int:
    """Remake, compare, and only then put the files in place."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wrong = remake(folder)
        if wrong:
            sys.stderr.write("\n".join([*wrong, ""]))
            return 1
        for entry in manifest():
            (FONTS / entry["file"]).write_bytes((folder / entry["file"]).read_bytes())
    sys.stdout.write(f"{len(manifest())} files match the manifest\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
