"""Duties as rows of a worked example: the way back from a fact to the text that ``case_text`` reads, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.case_words import CHINESE, CHOICE, EXCLUSION, FLAG, KINDS, MARK_WORDS, MOMENT, MOMENTS, NAMES, SAID, WORDS, Word
from app.domain.facts import Fact, Mark


def row_of(fact: Fact, language: str = "en", zone: str = "Asia/Shanghai") -> str:
    """The duty as one row; whoever reads it back has the same duty, apart from its numbers."""
    parts = [_code(KINDS, fact.kind, language)]
    for text, word in _spoken(WORDS, language).items():
        value = getattr(fact, word.field)
        parts += [said for said in _said(text, word, value, language, zone) if said]
    return " | ".join(parts)


def _spoken(words: Mapping[str, Word], language: str) -> dict[str, Word]:
    """One word per field (and per value of a flag) in ``language``, the first one where several say the same."""
    found: dict[tuple[str, bool], str] = {}
    for text, word in words.items():
        chinese = text in CHINESE if words is WORDS else not text.isascii()
        if chinese == (language == "zh"):
            found.setdefault((word.field, word.value), text)
    return {text: words[text] for text in found.values()}


def _said(text: str, word: Word, value: Any, language: str, zone: str) -> list[str]:
    if value is None or value in ("", (), frozenset(), {}):
        return []
    if word.takes == EXCLUSION:
        return [f"{text} {code} {reason}" for code, reason in sorted(value.items())]
    if word.takes == FLAG:
        unsaid = value is not word.value or (word.field in ("auto_signed", "wants_call", "proactive") and not value)
        return [] if unsaid else [text]
    if word.takes == SAID:
        return [f"{text} {_mark(value, language, zone)}"]
    plain = _plain(word, value, language, zone)
    return [f"{text} {plain}"] if plain else []


def _plain(word: Word, value: Any, language: str, zone: str) -> str:
    if word.takes == MOMENT:
        return _moment(value, zone)
    if word.takes == MOMENTS:
        return "; ".join(_moment(one, zone) for one in value)
    if word.takes == NAMES:
        return ", ".join(sorted(value))
    if word.takes == CHOICE:
        return _code(word.options or {}, value, language)
    return "" if (word.field, value) in (("units", 1), ("reworks", 0)) else str(value)


def _mark(mark: Mark, language: str, zone: str) -> str:
    parts = []
    for text, word in _spoken(MARK_WORDS, language).items():
        value = getattr(mark, word.field)
        if value:
            parts.append(f"{text} {_plain(word, value, language, zone)}")
    return ", ".join(parts)


def _code(options: Mapping[str, str], code: str, language: str) -> str:
    """A value's word: the first Chinese one, or its own code."""
    chinese = (word for word, value in options.items() if value == code and not word.isascii())
    return next(chinese, code) if language == "zh" else code


def _moment(value: datetime, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    if local.time() == time():
        return local.date().isoformat()
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")
