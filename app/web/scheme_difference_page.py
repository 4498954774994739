"""Two versions of a scheme side by side: what the newer one adds, removes and changes, in words."""

from __future__ import annotations

from typing import Any

from app.core.languages import NOTHING, Words
from app.domain.evaluation import Scheme, as_measured
from app.domain.indicators import all_indicators
from app.domain.refusals import N_, Refused
from app.domain.scheme_difference import PARTS, TERMS, LineChange, difference
from app.domain.scheme_sentences import rule_said
from app.domain.scorecard import Line
from app.entities.scheme_line import APPEALS, POLICIES, SECTIONS
from app.entities.scheme_version import TIES
from app.web.versions_page import Changed


def changes(old: Scheme, new: Scheme, writer: Words) -> list[Changed]:
    """Everything that differs."""
    found = difference(old, new)
    rows = []
    if found.terms:
        parts = tuple((writer(TERMS[name]), _term(old, name, writer), _term(new, name, writer)) for name in found.terms)
        rows.append(Changed("changed", ((writer(N_("The version itself")), ""),), parts))
    return rows + [_line(change, writer) for change in found.lines]


def _term(scheme: Scheme, name: str, writer: Words) -> str:
    value = getattr(scheme, name)
    return _label(TIES, value, writer) if name == "ties" else writer.any(value)


def _line(change: LineChange, writer: Words) -> Changed:
    there = change.new or change.old
    assert there is not None
    parts = tuple((writer(PARTS[part]), _part(change.old, part, writer), _part(change.new, part, writer)) for part in change.parts)
    return Changed(change.kind, ((writer.phrase(there.title), change.code),), tuple(p for p in parts if p[1] != p[2]))


def _part(line: Line | None, part: str, writer: Words) -> str:
    """A part of a line in words; nothing where there is no line."""
    if line is None:
        return ""
    if part == "rule":
        return _rule(line, writer)
    if part == "measure":
        measure = all_indicators().get(line.measured)
        return writer(measure.name) if measure else ""
    value: Any = getattr(line, part)
    options = {"section": SECTIONS, "na_policy": POLICIES, "appeal": APPEALS}.get(part)
    if options is not None:
        return _label(options, value, writer)
    return "" if value is None and part in ("names", "target") else writer.any(value)


def _rule(line: Line, writer: Words) -> str:
    try:
        return writer.phrase(rule_said(as_measured([line])[0]))
    except Refused as refused:
        return writer.phrase(refused.phrase)


def _label(options: Any, value: str, writer: Words) -> str:
    return next((writer(option.label) for option in options if option.value == value), value or NOTHING)
