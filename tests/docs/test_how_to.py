"""The how-to pages are true: their examples are run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

PAGE = ROOT / "docs" / "how-to" / "entity.md"

SCRIPT = """
import sys
from pathlib import Path

import app.entities
import app.web.roles as roles

folder = Path(sys.argv[1])
app.entities.__path__.append(str(folder))
ROLE = "district_admin"
roles.ROLES = {**roles.ROLES, ROLE: (*roles.ROLES[ROLE], ("Venue", roles.KEEP))}

from flask_appbuilder import Model
from app.core.acting import acting_as
from app.core.db import db
from app.domain.actors import NOBODY, SYSTEM
from app.factory import create_app
from app.services.foundation import lay_foundation
from tests.people import PASSWORD, create_community, create_person, create_street_town

application = create_app({"WTF_CSRF_ENABLED": False, "TESTING": True})
with application.app_context(), acting_as(SYSTEM):
    Model.metadata.create_all(db.engine)
    lay_foundation()
    create_person(ROLE)
    place = create_community("C-1", create_street_town())
    number = place.id
client = application.test_client()
with acting_as(NOBODY):
    answer = client.post("/api/v1/security/login", json={"username": ROLE, "password": PASSWORD})
    token = {"Authorization": "Bearer " + answer.json["access_token"]}
    client.post("/login/", data={"username": ROLE, "password": PASSWORD})
    space = {}
    exec((folder / "try_it.txt").read_text(encoding="utf-8"), space)
    space["try_it"](client, token, number)
print("tried")
"""


def blocks() -> list[str]:
    """The page's Python examples."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_worked_example_of_a_new_table_runs_as_it_stands(tmp_path: Path) -> None:
    declaration, trial = blocks()
    (tmp_path / "venue.py").write_text(declaration, encoding="utf-8")
    (tmp_path / "try_it.txt").write_text(trial, encoding="utf-8")
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "FRONTLINE_HOME": str(home), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        timeout=120,
    )
    assert done.stdout.strip().endswith("tried"), done.stdout + done.stderr


def test_the_example_is_one_file() -> None:
    declaration, _ = blocks()
    assert declaration.count("class ") == 1
    assert declaration.count("RESOURCE = Resource(") == 1
