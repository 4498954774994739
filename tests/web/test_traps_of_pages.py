"""Plain FAB's traps on its pages: outside hosts, missing words, scripts a policy would stop; each shown, and shown repaired."""

from __future__ import annotations

import re
from collections.abc import Callable
from gettext import GNUTranslations
from pathlib import Path
from posixpath import dirname, join, normpath

import flask_appbuilder
import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from flask.testing import FlaskClient

from app.core.languages import translations
from tests.conftest import outside
from tests.people import create_department, create_person
from tests.plainfab.laboratory import Laboratory
from tests.web.doors import create_district
from tests.web.papers import words_of

Enter = Callable[..., FlaskClient]
FAB = Path(flask_appbuilder.__file__).parent
PAGES = ("/", "/tickets/list/?q=", "/departments/list/", "/departments/add", "/departments/import", "/runs/", "/password/", "/nowhere")
LINKED = re.compile(r"""<(?:link|script|img)\b[^>]*?\b(?:href|src)=["']([^"']+)["']""")
REFERRED = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s;]+)|url\(\s*["']?([^"')]+)|^\s*import[^"'\n]*["']([^"']+)["']""", re.MULTILINE)
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/|127\.0\.0\.1)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=\s*[\"']|javascript:", re.IGNORECASE
)


@pytest.fixture
def admin(lite: Flask, sign_in: Enter) -> FlaskClient:
    """A district administrator in a district with rows."""
    create_district()
    create_person("district_admin")
    return sign_in("district_admin")


def _text(client: FlaskClient, address: str) -> str:
    with outside():
        return client.get(address, follow_redirects=True).text


# Trap 16: charts and themes come from hosts that a closed network does not have.


def test_plain_fab_draws_charts_and_themes_with_outside_hosts(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    assert "js/google_charts.js" in visitor.get("/casechart/chart/").text
    assert "https://www.gstatic.com/charts/" in visitor.get("/static/appbuilder/js/google_charts.js").text
    assert re.search(
        r"@import url\([\"']?(?:https?:)?//fonts\.googleapis\.com", visitor.get("/static/appbuilder/css/themes/cyborg.css").text
    )


def test_everything_our_pages_ask_for_comes_from_the_house(admin: FlaskClient) -> None:
    waiting = {"/login/", "/swagger/v1"} | set(PAGES)
    asked: set[str] = set()
    while waiting:
        address = waiting.pop()
        asked.add(address)
        with outside():
            answer = admin.get(address, follow_redirects=True)
        assert answer.status_code == 200 or address == "/nowhere", address
        kind = answer.headers["Content-Type"].partition(";")[0]
        pattern = {"text/html": LINKED, "text/css": REFERRED, "text/javascript": REFERRED}.get(kind)
        if pattern is None or "/swagger-ui" in address:  # vendored bundles: they are kept in by the policy
            continue
        bare = re.sub(r"/\*.*?\*/", "", answer.text, flags=re.DOTALL)
        assert pattern is LINKED or not OUTSIDE.search(bare), address
        found = [next(filter(None, one)) if isinstance(one, tuple) else one for one in pattern.findall(bare)]
        for target in found:
            if target.startswith(("data:", "#")):
                continue
            assert not target.startswith("//"), (address, target)
            assert ":" not in target, (address, target)
            place = target.partition("?")[0].partition("#")[0]
            waiting |= {normpath(join(dirname(address), place))} - asked
    assert {"/static/frontline.css", "/static/js/frontline.js", "/static/js/pickers.js", "/static/css/lists.css"} <= asked
    assert not [address for address in asked if "themes" in address or "google" in address]


def test_no_chart_of_fab_has_a_route(lite: Flask) -> None:
    assert not [rule.rule for rule in lite.url_map.iter_rules() if "chart" in rule.rule.lower()]


# Trap 17: gaps in the Chinese catalogue, English dialogs and titles, a page that does not say its language.


def test_plain_fab_mixes_english_into_its_chinese_pages(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor("admin")
    visitor.get("/lang/zh")
    page = visitor.get("/allcases/list/").text
    assert "记录数目" in page
    assert {"Cancel", "OK", "List Case"} <= {words_of(part) for part in re.findall(r">([^<>]+)<", page)}
    assert re.search(r"<html\b[^>]*>", page)[0] == "<html>"  # type: ignore[index]


def test_what_fabs_catalogue_lacks_ours_has() -> None:
    with (FAB / "translations" / "zh" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        theirs = GNUTranslations(file)
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    keywords: dict[str, None] = dict.fromkeys(("_", "gettext", "lazy_gettext", "lazy_formatter_gettext"))
    spoken = {message for _, _, message, _, _ in extract_from_dir(str(FAB), methods, {}, keywords) if isinstance(message, str) and message}
    gaps = {message for message in spoken if theirs.gettext(message) == message}
    assert len(gaps) > 10
    chinese = translations("zh")
    assert {message for message in gaps if not re.search("[\u4e00-\u9fff]", chinese.gettext(message))} == set()


@pytest.mark.parametrize(("language", "tag", "named"), [("zh", "zh-CN", "责任部门"), ("en", "en", "epartment")])
def test_our_four_pages_of_a_table_have_titles_of_their_own_in_one_language(
    lite: Flask, sign_in: Enter, language: str, tag: str, named: str
) -> None:
    create_person("district_admin")
    row = create_department("D-1")
    client = sign_in("district_admin", language)
    titles = []
    for address in ("/departments/list/", "/departments/add", f"/departments/show/{row.id}", f"/departments/edit/{row.id}"):
        page = _text(client, address)
        assert re.search(rf'<html lang="{tag}"', page)
        crumbs = re.search(r'<nav class="crumbs"[^>]*>(.*?)</nav>', page, re.DOTALL)
        title = re.search(r"<title>(.*?)</title>", page)
        assert crumbs is not None
        assert title is not None
        titles.append(f"{words_of(crumbs[1])} | {title[1]}")
        dialog = re.search(r'<dialog id="modal-confirm".*?</dialog>', page, re.DOTALL)
        assert dialog is not None
        assert re.search("[\u4e00-\u9fff]", words_of(dialog[0])) if language == "zh" else "Cancel" in dialog[0]
    assert len(set(titles)) == 4
    assert all(named in title for title in titles), titles


# Trap 25: scripts and styles inside pages, which a strict policy would stop.


def test_plain_fab_sends_no_policy_and_writes_scripts_and_styles_into_its_pages(laboratory: Laboratory) -> None:
    answer = laboratory.visitor("admin").get("/allcases/list/")
    assert "Content-Security-Policy" not in answer.headers
    assert "X-Content-Type-Options" not in answer.headers
    assert len(re.findall(r"<script(?![^>]*\bsrc=)", answer.text)) > 3
    assert 'style="display: flex;"' in answer.text


def test_our_pages_carry_a_strict_policy_and_nothing_that_it_would_stop(admin: FlaskClient) -> None:
    for address in (*PAGES, "/login/", "/swagger/v1"):
        with outside():
            answer = admin.get(address)
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["script-src"] == "'self'"
        assert policy["style-src"] == policy["form-action"] == policy["base-uri"] == "'self'"
        assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        assert not INLINE.search(answer.text), address
        assert ("style-src-elem" in policy) == address.startswith("/swagger")


def test_programs_and_files_carry_the_policy_too(admin: FlaskClient) -> None:
    for address in ("/api/v1/departments/", "/static/frontline.css", "/departments/pick", "/departments/export?fmt=csv"):
        with outside():
            answer = admin.get(address)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"], address
        assert answer.headers["X-Frame-Options"] == "DENY"
