"""An evaluation as its workbook tells it: the figures of its sheets, and every formula's result beside another program's."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

from reports.definitions.scorecard.group_grid import FIRST_ROW, PER_LINE, SPARE
from tests.trust.agreement.frozen import NONE, Figures, Frozen, Group, hundredths

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")
_RESULT = re.compile(rb"(</f>)<v>[^<]*</v>")

Value = str | float | None


@dataclass
class Sheet:
    """A sheet's values by row and column, and the addresses of its formulas."""

    values: dict[tuple[int, int], Value]
    formulas: set[tuple[int, int]]


def read(path: Path, names: Collection[str] = ()) -> dict[str, Sheet]:
    """The sheets called ``names``, and all that have formulas of ours."""
    with zipfile.ZipFile(path) as package:
        shared = _shared(package)
        known = [one.get("name") or "" for one in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")]
        parts = {name: package.read(f"xl/worksheets/sheet{number}.xml") for number, name in enumerate(known, start=1)}
    return {name: _sheet(part, shared) for name, part in parts.items() if name in names or b"<f>" in part}


def _shared(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    return ["".join(one.itertext()) for one in ElementTree.fromstring(package.read("xl/sharedStrings.xml")).iter(f"{_MAIN}si")]


def _sheet(part: bytes, shared: list[str]) -> Sheet:
    values: dict[tuple[int, int], Value] = {}
    formulas = set()
    for cell in ElementTree.fromstring(part).iter(f"{_MAIN}c"):
        place = _place(cell.get("r") or "")
        if cell.find(f"{_MAIN}f") is not None:
            formulas.add(place)
        values[place] = _value(cell, shared)
    return Sheet(values, formulas)


def _place(address: str) -> tuple[int, int]:
    match = _ADDRESS.fullmatch(address)
    assert match is not None, address
    column = 0
    for character in match[1]:
        column = column * 26 + ord(character) - 64
    return int(match[2]), column


def _value(cell: ElementTree.Element, shared: list[str]) -> Value:
    kind, inner = cell.get("t"), cell.find(f"{_MAIN}v")
    if kind == "inlineStr":
        return "".join(cell.itertext())
    if inner is None or inner.text is None:
        return None
    if kind == "s":
        return shared[int(inner.text)]
    return inner.text if kind in ("str", "e") else float(inner.text)


def workbook(evaluation: Frozen, book: Mapping[str, Sheet], language: str) -> Figures:
    """Each group's sheet as a reader sees it: rank, score, and per line n, d, rate and points; units apart with their counts."""
    found: Figures = {}
    for group in evaluation.groups:
        values = book[group.names.in_(language)].values
        codes = {values.get((row, 3)): row for row in range(FIRST_ROW, FIRST_ROW + len(group.units) + 8)}
        for unit in group.units:
            row = codes.get(unit.code)
            if row is not None:
                found |= _unit(group, unit.code, row, values, ranked=bool(unit.rank))
    return found


def _unit(group: Group, unit: str, row: int, values: Mapping[tuple[int, int], Value], *, ranked: bool) -> Figures:
    key = (group.code, unit)
    found: Figures = {(*key, "", "score"): _shown(values.get((row, 5)), 2), (*key, "", "rank"): _shown(values.get((row, 1)), 0)}
    if not ranked:
        found[*key, "", "score"] = NONE  # the reason stands there
    for index, line in enumerate(group.lines):
        first = SPARE + 1 + PER_LINE * index
        n, d, rate, _, points = (values.get((row, first + part)) for part in range(PER_LINE))
        place = (*key, line.code)
        found |= {(*place, "n"): _shown(n, 0), (*place, "d"): _shown(d, 0), (*place, "rate"): _shown(rate, 2)}
        if line.weight:
            found[*place, "points"] = _shown(points, 2)
    return found


def _shown(value: Value, places: int) -> str:
    """A number as its cell's format shows it; a double a hair beside a half is taken for the half."""
    if not isinstance(value, float):
        return NONE
    return hundredths(Fraction(round(value * 10**9), 10**9)) if places else str(round(value))


def disagreements(ours: Mapping[str, Sheet], theirs: Mapping[str, Sheet]) -> list[str]:
    """Formulas whose known result is not what another program makes of them."""
    wrong = []
    for name, sheet in ours.items():
        other = theirs[name].values
        for place in sorted(sheet.formulas):
            mine, found = sheet.values.get(place), other.get(place)
            same = abs(mine - found) < 1e-9 if isinstance(mine, float) and isinstance(found, float) else mine == found
            if mine is None or not same:
                wrong.append(f"{name} {place}: {mine!r}, recalculated {found!r}")
    return wrong


def without_results(path: Path, target: Path) -> Path:
    """A copy whose formulas have no known results, so that nobody can pass by reading ours."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            copy.writestr(entry, _RESULT.sub(rb"\1", source.read(entry)))
    return target


def altered(path: Path, target: Path, sheet: int, address: str, value: str) -> Path:
    """A copy in which one number was changed by hand."""
    part, cell = f"xl/worksheets/sheet{sheet}.xml", re.compile(rb'(<c r="' + address.encode() + rb'"[^>]*><v>)[^<]*(</v>)')
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == part:
                data, count = cell.subn(rb"\g<1>" + value.encode() + rb"\2", data)
                assert count == 1, address
            copy.writestr(entry, data)
    return target
