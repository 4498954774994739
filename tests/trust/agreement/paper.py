"""An evaluation as its paper tells it: the league tables and every unit's page, read back from the text that can be copied out of it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from app.core.languages import words
from tests.reports.office import program
from tests.trust.agreement.frozen import NONE, Figures, Frozen, Group, Line, Unit
from tests.trust.agreement.screens import plain

_NUMBER = r"[\d,]+(?:\.\d+)?"
_CELL = re.compile(rf"(?P<rate>{_NUMBER}) (?P<n>[\d,]+)/(?P<d>[\d,]+)\*?")


def pages_of(path: Path) -> list[str]:
    """The text of each page in the order it was drawn, blanks and line ends alike."""
    done = subprocess.run([program("pdftotext"), "-raw", str(path), "-"], check=True, capture_output=True)
    return [" ".join(page.split()) for page in done.stdout.decode("utf-8").split("\f")]


def paper(evaluation: Frozen, path: Path, language: str) -> Figures:
    """Everything the paper says; a figure that two places tell differently is told as both."""
    pages, speak = pages_of(path), words(language)
    at = [number for number, page in enumerate(pages) if speak("Line by line") in page]
    found: Figures = {}
    front = " ".join(_body(page) for page in pages[: at[0] if at else None] if page)
    units = [(group, unit) for group in evaluation.groups for unit in group.ranked]
    assert len(at) == len(units), f"{len(at)} pages of units, {len(units)} units"
    told = [_unit(_body(pages[number]), group, unit, language) for number, (group, unit) in zip(at, units, strict=True)]
    told += [_league(front, group, language) for group in evaluation.groups if group.ranked]
    for one in told:
        for key, value in one.items():
            found[key] = value if found.get(key, value) == value else f"{found[key]} | {value}"
    return found


def _body(page: str) -> str:
    """A page without its foot, which is drawn first and ends with the number of pages."""
    return re.sub(r"^.*?(?:Page \d+ of \d+|第 ?\d+ ?页，共 ?\d+ ?页) ?", "", page, count=1)


def loose(text: str) -> str:
    """A pattern for a text that may be broken into lines anywhere."""
    return r"\s*".join(re.escape(character) for character in text if not character.isspace())


def _segments(text: str, titles: Sequence[str], start: int) -> tuple[list[str], int]:
    """What stands before the first title and after each up to the next one, in their order, and where the last title ends."""
    ends, begins = [start], []
    for title in titles:
        match = re.compile(loose(title)).search(text, start)
        assert match is not None, f"“{title}” is missing after: {text[start : start + 80]}"
        begins.append(match.start())
        ends.append(match.end())
        start = match.end()
    return [text[end:begin] for end, begin in zip(ends, [*begins, None], strict=True)], start


def _unit(page: str, group: Group, unit: Unit, language: str) -> Figures:
    speak, key = words(language), (group.code, unit.code)
    head, _, rest = page.partition(speak("Line by line"))
    assert re.search(loose(unit.names.in_(language)), head), f"{unit.code} is not the unit of: {head[:80]}"
    score = re.search(rf"{loose(speak('Total score'))} ({_NUMBER})", head)
    rank = re.search(rf"{loose(speak('Rank of %(count)s', count=len(group.ranked)))} (\d+)", head)
    found: Figures = {(*key, "", "score"): score[1] if score else "?", (*key, "", "rank"): rank[1] if rank else "?"}
    listed = group.lines if len(group.lines) <= 12 else [line for line in group.lines if line.weight]
    rows, _ = _segments(rest, [line.title(language) for line in listed] + [speak("Total")], 0)
    for line, row in zip(listed, rows[1:], strict=False):
        found |= _row((*key, line.code), line, row)
    beside = re.sub(r"\s", "", rest)
    for line in group.lines:
        if line not in listed:
            found |= _said((*key, line.code), line.title(language), beside)
    return found


def _row(key: tuple[str, str, str], line: Line, row: str) -> Figures:
    """A line of the table: weight, n/d, rate, median, changes, out of, points, lost."""
    cells = row.split()
    pair = re.search(rf"([\d,]+)/([\d,]+)\*? ({_NUMBER})", row)
    n, d, rate = pair.groups() if pair else (NONE, NONE, NONE)
    found = {(*key, "n"): n.replace(",", ""), (*key, "d"): d.replace(",", ""), (*key, "rate"): plain(rate)}
    return found | ({(*key, "points"): plain(cells[-2])} if line.weight else {})


def _said(key: tuple[str, str, str], title: str, text: str) -> Figures:
    """A line that earns no points, in the sentence below the table; nothing stands there where it has no figure."""
    name = re.escape(re.sub(r"\s", "", title))
    match = re.search(rf"[:：,，、]{name}({_NUMBER})%\(([\d,]+)/([\d,]+)\*?\)", text)
    rate, n, d = match.groups() if match else (NONE, NONE, NONE)
    return {(*key, "n"): n.replace(",", ""), (*key, "d"): d.replace(",", ""), (*key, "rate"): plain(rate)}


def _league(front: str, group: Group, language: str) -> Figures:
    """The tables of places: rank, score and rates over their integers, lines that earn points first."""
    speak, found = words(language), Figures()
    start = 0
    for lines, heading in (
        ([line for line in group.lines if line.weight], speak("Table of places")),
        ([line for line in group.lines if not line.weight], speak("Shown beside the score")),
    ):
        if lines:
            start = _anchor(front, group, heading, start, language)
        done = 0
        while done < len(lines):
            done, start, told = _table(front, group, lines, done, start, language)
            found |= told
    return found


def _anchor(front: str, group: Group, heading: str, start: int, language: str) -> int:
    """Where a group's table begins: its heading, then the group's name at the head of the column of units."""
    for match in re.compile(loose(heading)).finditer(front, start):
        column = re.compile(loose(group.names.in_(language))).search(front, match.end())
        if column is not None and column.end() - match.end() < 200:
            return column.end()
    raise AssertionError(f"no table “{heading}” of {group.code}")


def _table(front: str, group: Group, lines: Sequence[Line], done: int, start: int, language: str) -> tuple[int, int, Figures]:
    """One table of a few lines: the lines done after it, where it ends, and what it says."""
    speak, found, count = words(language), Figures(), 0
    rows, end = _segments(front, [unit.names.in_(language) for unit in group.ranked] + [speak("All units")], start)
    for unit, before, row in zip(group.ranked, rows, rows[1:], strict=False):
        score = re.match(rf"\s*({_NUMBER})", row)
        cells = _cells(row[score.end() if score else 0 :], speak("n/a"))
        count = count or len(cells)
        key = (group.code, unit.code)
        found |= {(*key, "", "score"): score[1] if score else "?", (*key, "", "rank"): _rank(before, language)}
        for line, (rate, n, d) in zip(lines[done : done + count], cells, strict=False):
            found |= {(*key, line.code, "n"): n, (*key, line.code, "d"): d, (*key, line.code, "rate"): rate}
    assert count, f"no figures in a table of {group.code}"
    return done + count, end, found


def _rank(before: str, language: str) -> str:
    """The place that stands before a unit's name, with its movement in between."""
    speak = words(language)
    moved = [re.escape(speak(said, places="#")).replace(r"\#", r"\d+") for said in ("up %(places)s", "down %(places)s", "same")]
    match = re.search(rf"(\d+)(?: ≈)? (?:—|{'|'.join(moved)}) $", before)
    return match[1] if match else "?"


def _cells(row: str, nothing: str) -> list[tuple[str, str, str]]:
    """Rates over n/d in order, and the word for those that do not apply."""
    found = []
    for match in re.finditer(rf"{_CELL.pattern}|{re.escape(nothing)}", row):
        rate, n, d = match.group("rate", "n", "d")
        found.append((NONE, NONE, NONE) if rate is None else (plain(rate), n.replace(",", ""), d.replace(",", "")))
    return found
