"""Citizens' text on its way into a cell: nothing in it can become a formula, break the file or change its meaning."""

from __future__ import annotations

import re

LONGEST = 32_767
"""What a cell can hold, in UTF-16 units."""
CUT = " […]"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """``text`` without characters XML forbids, cut to what a cell holds with a mark, ``_x0041_`` kept literal.

    Spreadsheet programs read ``_xHHHH_`` as a character (ECMA-376, ST_Xstring), so its underscore is coded itself.
    """
    clean = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(clean) > LONGEST // 2:
        clean = _cut(clean)
    return _CODED.sub("_x005F_", clean)


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program could take ``text`` for a formula once somebody edits the cell."""
    return text.lstrip(" \u3000").startswith(_FORMULA_SIGNS)
