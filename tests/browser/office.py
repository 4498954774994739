"""An office behind a real server whose clock goes on only when told to, and people who work at it through the page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from playwright.sync_api import Browser, Locator, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from app.core.acting import acting_as
from app.core.clock import stopped_at
from app.core.db import db
from app.domain.actors import NOBODY
from tests.browser.conftest import WIDTHS, Visitor, listen
from tests.people import PASSWORD
from tests.services.casework import Office, create_office

CITY = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment of the city's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


@dataclass
class FrontOffice:
    """The office, its address, and a browser in which everybody has a window of the own."""

    office: Office
    address: str
    chromium: Browser
    language: str = "zh"
    width: int = 1440
    windows: dict[str, Visitor] = field(default_factory=dict)

    @property
    def clock(self) -> datetime:
        """The server's present."""
        return self.office.at

    def window(self, name: str) -> Page:
        """Somebody's window, signed in."""
        if name not in self.windows:
            context = self.chromium.new_context(viewport={"width": self.width, "height": WIDTHS[self.width]}, accept_downloads=True)
            context.set_default_timeout(60_000)
            visitor = Visitor(context.new_page(), self.address, self.language, self.width)
            listen(visitor)
            self.windows[name] = visitor
            page = visitor.page
            page.goto(f"{self.address}/login/")
            page.fill("input[name=username]", name)
            page.fill("input[name=password]", PASSWORD)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            if not page.evaluate("document.documentElement.lang").startswith(self.language):
                with page.expect_navigation():
                    page.locator(f'button[formaction$="/language/{self.language}"]').first.click()
        return self.windows[name].page

    def ticket(self, name: str, ticket_id: int) -> Page:
        """Somebody opens a ticket's page, which is looked over."""
        self.window(name)
        return self.windows[name].open(f"/tickets/show/{ticket_id}")

    def press(self, name: str, ticket_id: int, action: str, part: str = "", **said: Any) -> Page:
        """Somebody opens the ticket, fills in what the move asks for, and presses its button."""
        page = self.ticket(name, ticket_id)
        key = f"{action}-{part.replace('.', '-')}" if part else action
        form = page.locator(f"form#move-{key}")
        assert form.count() == 1, f"{name} is not offered {key}: {page.locator('#now').inner_text()}"
        unfold(page, form)
        for field_name, value in said.items():
            fill(page, form, field_name, value)
        asks = form.get_attribute("data-confirm")
        with page.expect_navigation():
            form.locator("button[type=submit]").last.click()
            if asks:
                page.locator("#modal-confirm[open] [data-yes]").click()
        assert page.locator(".field-error, [data-errors]").count() == 0, page.locator("#main").inner_text()[:2000]
        self.windows[name].look_over()
        return page

    def close(self) -> list[str]:
        """Everybody goes home; what went wrong on the pages."""
        faults = [fault for visitor in self.windows.values() for fault in visitor.faults]
        for visitor in self.windows.values():
            visitor.page.context.close()
        return faults


def unfold(page: Page, form: Locator) -> None:
    """Open whatever folds a form away, from the outside in, by its summary."""
    folded = form.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("xpath=./summary").click()
    for inner in form.locator("details:not([open]) > summary").all():
        inner.click()


def fill(page: Page, form: Locator, name: str, value: Any) -> None:
    """Fill one field as a person would: type, choose, tick, or search and take."""
    picker = form.locator(f'.picker[data-name="{name}"]')
    if picker.count():
        for text in value if isinstance(value, list) else [value]:
            box = picker.locator('input[type="text"]')
            box.fill("")
            box.press_sequentially(text)
            picker.locator("li[role=option]", has_text=text).first.click()
        return
    control = form.locator(f'[name="{name}"]')
    kind = control.first.evaluate("c => c.tagName + ':' + (c.type || '')")
    if kind.startswith("SELECT"):
        control.select_option(value)
    elif kind == "INPUT:radio":
        form.locator(f'[name="{name}"][value="{value}"]').check()
    elif kind == "INPUT:checkbox":
        for each in value:
            form.locator(f'[name="{name}"][value="{each}"]').check()
    elif isinstance(value, datetime):
        control.fill(value.astimezone(CITY).strftime("%Y-%m-%dT%H:%M"))
    else:
        control.fill(value)


class Quiet(WSGIRequestHandler):
    """Says nothing of every request."""

    def log(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def front_office(app: Flask, chromium: Browser, language: str, width: int = 1440, at_work: Office | None = None) -> Iterator[FrontOffice]:
    """Serve ``app`` on loopback from a thread, at the time of an office: a new one, or one that is ``at_work`` already."""
    office = at_work or create_office()
    for account in office.people.values():
        account.language = language
    db.session.rollback()

    def told_the_time(environ: Any, start_response: Callable[..., Any]) -> Any:
        with stopped_at(office.at), acting_as(NOBODY):
            return app.wsgi_app(environ, start_response)

    kept = app.config["WTF_CSRF_ENABLED"]
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, told_the_time, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served = FrontOffice(office, f"http://127.0.0.1:{server.server_port}", chromium, language, width)
    try:
        yield served
        faults = served.close()
        assert not faults, "\n".join(faults)
    finally:
        server.shutdown()
        thread.join(10)
        app.config["WTF_CSRF_ENABLED"] = kept
