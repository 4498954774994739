"""An evaluation as its pages and its REST answer tell it, read back from their text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from tests.trust.agreement.frozen import NONE, Figures, Frozen, Group

Open = Callable[[str], str]
"""A page's text by its address."""

_VOID = frozenset({"br", "circle", "line", "rect", "path", "input", "meta", "link", "img", "hr"})
_PAIR = re.compile(r"([\d,]+)/([\d,]+)")


class Tables(HTMLParser):
    """Tables of a page: per table its class, and rows of (address of the first link, [cell's words, one text per run])."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[tuple[str, list[list[str]]]]]] = []
        self.terms: list[list[str]] = []
        self._open, self._cell, self._hidden = False, None, 0  # type: bool, list[str] | None, int
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = dict(attrs)
        if tag == "table":
            self.tables.append((kept.get("class") or "", []))
            self._open = True
        elif tag == "tr" and self._open:
            self.tables[-1][1].append(("", []))
        elif tag in ("td", "th") and self._open:
            self._cell = []
            self.tables[-1][1][-1][1].append(self._cell)
        elif tag == "dd":
            self._cell = []
            self.terms.append(self._cell)
        elif tag == "a" and self._open and self.tables[-1][1] and not self.tables[-1][1][-1][0]:
            self.tables[-1][1][-1] = (kept.get("href") or "", self.tables[-1][1][-1][1])
        elif tag in ("title", "svg"):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._open = False
        elif tag in ("td", "th", "dd"):
            self._cell = None
        elif tag in ("title", "svg"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden and data.strip():
            self._cell.append(data.strip())


def plain(shown: str) -> str:
    """A figure without marks of thousands and signs of percent; words that say there is none become the dash."""
    bare = shown.replace(",", "").replace("%", "").replace("−", "-").rstrip("*").strip()
    return bare if re.fullmatch(r"-?\d+(\.\d+)?", bare) else NONE


def ranking(page: str, group: Group) -> Figures:
    """The page of a period with one group's ranking: rank, score, rates with their integers, and all units together."""
    found: Figures = {}
    scored = [line for line in group.lines if line.weight]
    beside = [line for line in group.lines if not line.weight]
    tables = [rows for css, rows in Tables(page).tables if "rates" in css.split()]
    for rows, lines, before in zip(tables, (scored, beside), (5, 2), strict=False):
        for href, cells in rows[1:]:
            unit = href.split("?")[0].rsplit("/", 1)[-1] if href else ""
            if unit:
                found[group.code, unit, "", "rank"] = plain("".join(cells[0]))
                if before == 5:
                    found[group.code, unit, "", "score"] = plain(cells[3][-1])
            for line, cell in zip(lines, cells[before if unit else 1 :], strict=True):
                found |= _cell((group.code, unit, line.code), cell, rated=bool(unit))
    return found


def _cell(key: tuple[str, str, str], cell: list[str], *, rated: bool) -> Figures:
    pairs = [match.groups() for part in cell if (match := _PAIR.fullmatch(part))]
    n, d = pairs[0] if pairs else (NONE, NONE)
    shown: Figures = {(*key, "n"): n.replace(",", ""), (*key, "d"): d.replace(",", "")}
    return shown | ({(*key, "rate"): plain(cell[0])} if rated else {})


def scorecard(page: str, group: Group, unit: str) -> Figures:
    """One unit's page: score, rank, and line by line its integers, rate and points."""
    read = Tables(page)
    found: Figures = {
        (group.code, unit, "", "score"): plain(read.terms[0][0]),
        (group.code, unit, "", "rank"): plain(read.terms[1][0]),
    }
    [rows] = [rows for css, rows in read.tables if "unit-lines" in css.split()]
    for line, (_, cells) in zip(group.lines, rows[1:], strict=False):
        n, d = (plain(part) for part in "".join(cells[2]).split("/"))
        key = (group.code, unit, line.code)
        found |= {(*key, "n"): n, (*key, "d"): d, (*key, "rate"): plain(cells[3][0])}
        if line.weight:
            found[*key, "points"] = plain(cells[8][0])
    return found


def screens(evaluation: Frozen, opened: Open) -> Figures:
    """All pages of an evaluation; a figure that two pages tell differently is told as both."""
    found: Figures = {}
    for group in evaluation.groups:
        pages = [ranking(opened(f"/evaluations/{evaluation.period}?group={group.code}"), group)]
        for unit in group.units:
            pages.append(scorecard(opened(f"/evaluations/{evaluation.period}/{group.code}/{unit.code}"), group, unit.code))
        for page in pages:
            for key, value in page.items():
                found[key] = value if found.get(key, value) == value else f"{found[key]} | {value}"
    return found


def rest(answer: dict[str, Any]) -> Figures:
    """The figures of the REST answer (and of the JSON file, which is the same)."""
    found: Figures = {}
    weights = {(group["code"], line["code"]): line["weight"] for group in answer["groups"] for line in group["lines"]}
    for unit in answer["units"]:
        key = (unit["group"], unit["code"])
        found |= {(*key, "", "score"): unit["score"] or NONE, (*key, "", "rank"): str(unit["rank"] or NONE)}
        for code, figure in unit["indicators"].items():
            found |= {(*key, code, what): str(figure[what]) for what in "nd"}
            found[*key, code, "rate"] = figure["rate"] or NONE
            if weights[unit["group"], code] != "0.00":
                found[*key, code, "points"] = figure["points"] or NONE
    for group in answer["groups"]:
        found |= {(group["code"], "", code, what): str(total[what]) for code, total in group["total"].items() for what in "nd"}
    return found
