"""One house with the demo district for all tests in the browser, and visitors who notice whatever goes wrong on their pages."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Walk-through-2026"
PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {1440: 900, 390: 844}
COMPARED = """() => {
  const whole = document.documentElement;
  return [whole.scrollWidth - whole.clientWidth, whole.lang];
}"""


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, with the demo district loaded as ``make run`` loads it."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL")}
    environment = {**known, "FRONTLINE_HOME": str(home), "FRONTLINE_DEMO_PASSWORD": PASSWORD, "FRONTLINE_LANG": "en"}
    command = [sys.executable, "run.py", "serve", "--demo", "--port", str(port)]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, server, home / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(60)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        assert server.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server does not answer: {log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium."""
    assert PROGRAM, "Chromium is needed for these tests"
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=PROGRAM, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person at a page: signed in, in one language, at one width; ``faults`` collects what a page should never do."""

    page: Page
    address: str
    language: str
    width: int
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go there and look the page over."""
        answer = self.page.goto(self.address + path, wait_until="load")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self.look_over()
        return self.page

    def look_over(self) -> None:
        """What holds on every page: one heading, its language, nothing sideways, nothing that only a program would say."""
        page = self.page
        over, language = page.evaluate(COMPARED)
        assert over <= 0, f"{page.url} is {over} px wider than the screen at {self.width}"
        assert language.startswith(self.language), page.url
        assert page.locator("h1").count() == 1, page.url
        said = page.locator("body").inner_text()
        assert not re.search(r"\bNone\b|\bundefined\b|\bNaN\b|%\(|Traceback", said), (page.url, said)
        _keep_picture(self)

    def link(self, selector: str) -> str:
        """The address behind the first such link."""
        found = self.page.locator(selector).first.get_attribute("href")
        assert found, selector
        return found


def _keep_picture(visitor: Visitor) -> None:
    """Where ``FRONTLINE_PICTURES`` names a folder, every page that was looked over is kept there for people to look at."""
    folder = os.environ.get("FRONTLINE_PICTURES")
    if folder:
        name = re.sub(r"[^a-zA-Z0-9]+", "-", visitor.page.url.removeprefix(visitor.address)).strip("-") or "desk"
        target = Path(folder) / f"{name[:80]}.{visitor.language}.{visitor.width}.png"
        visitor.page.screenshot(path=str(target), full_page=True)


Come = Callable[..., Visitor]


@pytest.fixture
def come(chromium: Browser, house: str) -> Iterator[Come]:
    """``come(username, language, width)``: a visitor who has signed in through the page. Faults fail the test at its end."""
    visitors: list[Visitor] = []

    def signed_in(username: str, language: str = "en", width: int = 1440) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": WIDTHS[width]}, accept_downloads=True)
        context.set_default_timeout(60_000)
        visitor = Visitor(context.new_page(), house, language, width)
        listen(visitor)
        visitors.append(visitor)
        page = visitor.page
        page.goto(f"{house}/login/")
        if not page.evaluate("document.documentElement.lang").startswith(language):
            with page.expect_navigation():
                page.locator(f'button[formaction$="/language/{language}"]').first.click()
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if not page.evaluate("document.documentElement.lang").startswith(language):  # the account remembers another language
            with page.expect_navigation():
                page.locator(f'button[formaction$="/language/{language}"]').first.click()
        return visitor

    yield signed_in
    for visitor in visitors:
        visitor.page.context.close()
    assert not [fault for visitor in visitors for fault in visitor.faults]


def listen(visitor: Visitor) -> None:
    """Note whatever a page says or asks that it should not."""

    def console(message: Any) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            visitor.faults.append(f"{visitor.page.url}: {message.text}")

    def asked(request: Any) -> None:
        if not request.url.startswith((visitor.address, "data:", "blob:")):
            visitor.faults.append(f"{visitor.page.url} asks {request.url}")

    visitor.page.on("console", console)
    visitor.page.on("pageerror", lambda error: visitor.faults.append(f"{visitor.page.url}: {error}"))
    visitor.page.on("request", asked)
