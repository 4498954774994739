"""The face of the house: every page stands on its own feet, names its controls, and keeps to one language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import outside
from tests.people import create_department, create_person
from tests.web.doors import create_district

Enter = Callable[..., FlaskClient]
PAGES = (
    "/",
    "/tickets/list/?q=",
    "/departments/list/",
    "/departments/list/?f=kind.in.department&q=x",
    "/departments/add",
    "/departments/import",
    "/street-towns/list/",
    "/imports/",
    "/runs/",
    "/changes/",
    "/password/",
    "/nowhere",
)
VOID = {"input", "meta", "link", "br", "hr", "img", "rect", "circle", "line", "path", "option"}


class Page(HTMLParser):
    """What a reader, a screen reader and a browser's policy see of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.spoken: list[str] = []
        self.labelled: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and the label around a control."""
        self.tags.append((tag, dict(attrs)))
        if "label" in self.open and tag in ("input", "select", "textarea"):
            self.labelled.append(str(len(self.tags)))
            self.tags[-1][1]["data-inside-label"] = "1"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words that are read out."""
        if data.strip() and not {"script", "style", "title"} & set(self.open):
            self.spoken.append(data.strip())

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of these kinds."""
        return [attributes for tag, attributes in self.tags if tag in tags]


def _page(client: FlaskClient, address: str) -> Page:
    with outside():
        answer = client.get(address, follow_redirects=True)
    assert answer.status_code == (404 if address == "/nowhere" else 200), answer.text[-600:]
    return Page(answer.text)


@pytest.fixture
def admin(lite: Flask, sign_in: Enter) -> FlaskClient:
    """A district administrator in a district with rows."""
    create_district()
    create_person("district_admin")
    return sign_in("district_admin")


def test_every_page_has_one_heading_and_its_landmarks(admin: FlaskClient) -> None:
    for address in PAGES:
        page = _page(admin, address)
        assert len(page.all("h1")) == 1, address
        assert len(page.all("main")) == 1, address
        assert all(nav.get("aria-label") for nav in page.all("nav")), address
        assert page.all("html")[0]["lang"] == "en"


def test_every_control_has_a_name(admin: FlaskClient) -> None:
    for address in PAGES:
        page = _page(admin, address)
        targets = {label.get("for") for label in page.all("label")}
        for control in page.all("input", "select", "textarea"):
            silent = control.get("type") in ("hidden", "submit") or "hidden" in control
            named = control.get("aria-label") or control.get("id") in targets or "data-inside-label" in control
            assert silent or named, (address, control)


def test_no_two_elements_share_an_id_and_references_lead_somewhere(admin: FlaskClient) -> None:
    for address in PAGES:
        page = _page(admin, address)
        ids = Counter(attributes["id"] for _, attributes in page.tags if attributes.get("id"))
        assert not [name for name, count in ids.items() if count > 1], address
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            wanted = {name for _, attributes in page.tags for name in (attributes.get(attribute) or "").split()}
            assert wanted <= set(ids), (address, attribute)


def test_links_lead_into_the_house(admin: FlaskClient) -> None:
    """Also catches a dictionary's own ``clear`` or ``update`` where a page's address was meant."""
    for address in PAGES:
        for link in _page(admin, address).all("a"):
            assert re.match(r"[/#?]", link.get("href") or ""), (address, link)


def test_what_a_role_may_not_do_is_not_offered(lite: Flask, sign_in: Enter) -> None:
    row = create_department("D-1")
    create_person("viewer")
    page = _page(sign_in("viewer"), f"/departments/show/{row.id}")
    assert not [link for link in page.all("a") if "/edit/" in (link.get("href") or "")]
    assert not [form for form in page.all("form") if "/delete/" in (form.get("action") or "")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_keeps_to_one_language(lite: Flask, sign_in: Enter, language: str) -> None:
    create_person("district_admin")
    foreign = re.compile(r"[A-Za-z]{4,}" if language == "zh" else r"[\u4e00-\u9fff]")
    known = {"English", "Frontline", "Enter", "Ctrl", "Excel", "District_Admin", "xlsx", "中文"}
    client = sign_in("district_admin", language)
    for address in set(PAGES) - {"/changes/"}:  # whose lines quote what was written
        said = [text for text in _page(client, address).spoken if foreign.search(text)]
        assert not [text for text in said if not set(foreign.findall(text)) <= known and text not in known], address


def test_somebody_lost_still_sees_who_they_are(admin: FlaskClient) -> None:
    assert "District_Admin" in _page(admin, "/nowhere").spoken
