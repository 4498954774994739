"""Collects every message id of the house and brings the catalogues up to date; run by ``make translations``.

English is the message id, so the English catalogue repeats it; Chinese is translated by hand in its ``.po`` file.
``--check`` changes nothing and fails when a catalogue is not current or not complete.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import flask_appbuilder
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "translations"
FOLDERS = ("app", "reports")
FRONT_DOOR = "run.py"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**.html", "jinja2")]
KEYWORDS = {"N_": None, "_": None, "gettext": None, "writer": None, "say": None, "voice": None}
DROPPED = ("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation", "PO-Revision", "Last-Translator", "Language-Team", "Generated-By")
HEADER = "# Message catalogue of Frontline. Collected by `make translations`; translated by hand.\n"
FAB = Path(flask_appbuilder.__file__).parent


def found_messages() -> Iterator[tuple[str, str]]:
    """(message id, file) of every message of ours."""
    options = {"**.html": {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"}}
    for folder in FOLDERS:
        base = ROOT / folder
        for file, _line, message, _comments, _context in extract_from_dir(str(base), METHODS, options, KEYWORDS):
            for text in message if isinstance(message, tuple) else (message,):
                if text:
                    yield text, f"{folder}/{file}"
    for _line, message, _comments, _context in extract_from_file("python", str(ROOT / FRONT_DOOR), KEYWORDS):
        yield str(message), FRONT_DOOR


def gaps_of_fab() -> Iterator[str]:
    """Messages of Flask-AppBuilder that its own Chinese catalogue leaves in English."""
    theirs = read_mo(BytesIO((FAB / "translations" / "zh" / "LC_MESSAGES" / "messages.mo").read_bytes()))
    known = {message.id for message in theirs if message.id and message.string}
    keywords: dict[str, None] = dict.fromkeys(("_", "gettext", "lazy_gettext", "lazy_formatter_gettext"))
    for _file, _line, message, _comments, _context in extract_from_dir(str(FAB), METHODS, {}, keywords):
        for text in message if isinstance(message, tuple) else (message,):
            if text and text not in known:
                yield text


def collected() -> Catalog:
    """The template: every message once, with the files it stands in."""
    catalogue = Catalog(header_comment=HEADER, project="Frontline", charset="utf-8")
    places: dict[str, set[str]] = {}
    for text, file in found_messages():
        places.setdefault(text, set()).add(file)
    for text in gaps_of_fab():
        places.setdefault(text, set()).add("flask_appbuilder")
    for text in sorted(places):
        catalogue.add(text, locations=[(file, None) for file in sorted(places[text])])  # type: ignore[misc]
    return catalogue


def updated(language: str, template: Catalog) -> Catalog:
    """A language's catalogue with exactly the template's messages; what was translated stays."""
    path = HERE / language / "LC_MESSAGES" / "messages.po"
    old = read_po(BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, header_comment=HEADER, project="Frontline", charset="utf-8", fuzzy=False)
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id)
        text = message.id if language == "en" else (known.string if known and not known.fuzzy else "")
        fresh.add(message.id, text, locations=message.locations)
    return fresh


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file: stable order, no dates, so that only real changes show."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=140, omit_header=False, sort_output=True, include_lineno=False)
    dropped = tuple(f'"{field}' for field in DROPPED)
    lines = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(dropped)]
    return ("\n".join(lines) + "\n").encode()


def main(arguments: list[str]) -> int:
    """Update both catalogues and say what is left to translate; or check them, and fail where something is."""
    template, problems = collected(), []
    for language in ("zh", "en"):
        path = HERE / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = updated(language, template)
        missing = [str(m.id) for m in catalogue if m.id and not m.string]
        data = written(catalogue)
        if "--check" in arguments:
            if not path.exists() or path.read_bytes() != data:
                problems.append(f"{language}: not current; run make translations")
        else:
            path.write_bytes(data)
        problems += [f"{language}: not translated: {text!r}" for text in missing]
        sys.stdout.write(f"{language}: {len(template)} messages, {len(missing)} without a translation\n")
    sys.stdout.write("\n".join(problems[:40]) + ("\n" if problems else ""))
    return 1 if problems and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
