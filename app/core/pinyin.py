"""Chinese names the way people type and sort them: by pinyin and by its initials."""

from __future__ import annotations

import os

# The phrase tables would cost 45 MB in every process; names of units and places do well without them.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

import pypinyin

LENGTH = 250


def pinyin_key(name: str) -> str:
    """``鼓东街道`` → ``gudongjiedao gdjd``: sorts by sound, and finds by full pinyin or by initials."""
    syllables = pypinyin.lazy_pinyin(name, errors=lambda other: list(other.lower()))  # type: ignore[arg-type,return-value]
    full = "".join(syllables)
    initials = "".join(syllable[0] for syllable in syllables if syllable.strip())
    return f"{full} {initials}"[:LENGTH]
