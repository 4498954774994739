"""Reading a page as its reader's browser does: what a form would send if nothing were touched, and what is said where."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser


class Form(HTMLParser):
    """The big form of a page: ``sent`` is what pressing its first button would send, ``kinds`` how each control asks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.action = ""
        self._inside = self._template = False
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a control of the form."""
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "data-guarded" in has
            self.action = has.get("action", "") if self._inside else self.action
        self._template = self._template or tag == "template"
        if not self._inside or self._template:
            return
        name, kind = has.get("name", ""), has.get("type", "text")
        if tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in has):
            self._note(name, kind, has.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self._note(name, tag, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in has or self._select not in self.sent):
            self.sent.pop(self._select, None)
            self._note(self._select, "select", has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a control, or the form."""
        if tag == "form":
            self._inside = False
        elif tag == "template":
            self._template = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """What stands in a text area."""
        if self._area:
            self.sent[self._area][-1] += data

    def _note(self, name: str, kind: str, value: str) -> None:
        self.kinds[name] = kind
        self.sent.setdefault(name, []).append(value)


def words_of(markup: str) -> str:
    """Markup without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def alerts(page: str) -> list[str]:
    """What a page says in its alert boxes."""
    return [words_of(box) for box in re.findall(r'<div class="alert[^"]*"[^>]*>(.*?)</div>\s*(?:<button|</div>)', page, re.DOTALL)]


def cells(page: str) -> list[str]:
    """Every cell of every table, and every fact of a record's page."""
    body = re.sub(r"<(script|template)\b.*?</\1>", "", page, flags=re.DOTALL)
    return [words_of(cell) for cell in re.findall(r"<(?:td|th scope=row|dd)\b[^>]*>(.*?)</(?:td|th|dd)>", body, re.DOTALL)]
