"""Names of files as people give them: kept in their own script, without paths and without characters that deceive."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
_SPACES = re.compile(r"\s+")
_UNFIT = re.compile(r'[<>:"|?*]')


def clean_name(given: str, endings: tuple[str, ...], otherwise: str) -> str:
    """A name that is safe to show and to save under: its last part only, no control or direction marks, an ending that is true.

    ``endings`` are those that fit the content, the usual one first; a name that ends otherwise gets it added.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = _SPACES.sub(" ", _UNFIT.sub("", name)).strip(" .") or otherwise
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.casefold() not in endings:
        stem, ending = name, endings[0]
    return f"{stem[: LONGEST - len(ending) - 1].rstrip(' .') or otherwise}.{ending}"
