"""Templates, styles and scripts: nothing from outside, nothing inline, everything translated."""

from __future__ import annotations

import re

import pytest

from tests.house.source import ROOT

TEMPLATES = sorted((ROOT / "app" / "web" / "templates").rglob("*.html"))
ASSETS = sorted(p for p in (ROOT / "app" / "web" / "static").rglob("*") if p.suffix in {".css", ".js"} and "vendor" not in p.parts)
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)

pages = pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))


@pytest.mark.parametrize("path", TEMPLATES + ASSETS, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_is_fetched_from_outside(path) -> None:  # type: ignore[no-untyped-def]
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not [found for found in OUTSIDE.findall(text) if "127.0.0.1" not in found]


@pages
def test_nothing_is_inline_that_the_policy_forbids(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.findall(r"\sstyle\s*=\s*[\"']", text)
    scripts = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text)
    assert not scripts


@pages
def test_every_word_on_a_page_can_be_translated(path) -> None:  # type: ignore[no-untyped-def]
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<script.*?</script>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    bare = re.sub(r"<[^>]*>", " ", text)
    words = [
        w
        for w in re.findall(r"[A-Za-z]{2,}|[\u4e00-\u9fff]+", bare)
        if w not in {"Esc", "Ctrl", "Enter", "KB", "PDF", "Excel", "CSV", "JSON", "nbsp", "中文", "English"}
    ]
    assert not words


FOR_EVERYBODY = re.compile(r"/templates/(?:public/|macros/public\.html)")
"""Pages without a session: every request of theirs carries a secret of its own (a code, a link), so no token guards a cookie."""


@pages
def test_every_form_that_writes_carries_its_token(path) -> None:  # type: ignore[no-untyped-def]
    if FOR_EVERYBODY.search(path.as_posix()):
        return
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", text, flags=re.DOTALL | re.IGNORECASE):
        assert "csrf_token" in form or "csrf(" in form or "{% call" in form or "token(" in form
