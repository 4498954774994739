"""Chinese names the way people type and sort them: by pinyin and by its initials."""

from __future__ import annotations

import os
from functools import lru_cache

# The phrase tables would cost 45 MB in every process; names of units and places do well without them.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

import pypinyin

LENGTH = 250

# Read alone, these would sound as they rarely do in names of places and offices (长乐 Changle, 都市 dushi).
pypinyin.load_single_dict({ord("长"): "cháng,zhǎng", ord("都"): "dū,dōu"})


def pinyin_key(name: str) -> str:
    """``鼓东街道`` → ``gudongjiedao gdjd``: sorts by sound, and finds by full pinyin or by initials."""
    syllables = [_syllable(character) for character in name]
    full = "".join(syllables)
    initials = "".join(syllable[0] for syllable in syllables if syllable.strip())
    return f"{full} {initials}"[:LENGTH]


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    """Without phrases each character sounds alone, so it need be asked only once."""
    return "".join(pypinyin.lazy_pinyin(character, errors=lambda other: other.lower()))
