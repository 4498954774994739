"""A process of its own that serves plain Flask-AppBuilder: nothing of the house is imported here, or it would not be plain."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import event
from werkzeug.serving import make_server

from tests.plainfab.tables import Case, Office, Word
from tests.plainfab.views import DOORS, SCREENS, STATEMENTS, Bench

PASSWORD = "plain-password"
PEOPLE = {"admin": "Admin", "north": "Admin", "south": "Admin", "stray": "Admin", "clerk": "Clerk"}


def build(folder: Path) -> Flask:
    """The application as FAB's documentation builds it, with five people and a few rows."""
    app = Flask("plain")
    app.config.update(
        SECRET_KEY="laboratory",
        WTF_CSRF_ENABLED=False,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'plain.db'}",
        UPLOAD_FOLDER=str(folder / "uploads"),
        RATELIMIT_ENABLED=True,
        AUTH_RATE_LIMITED=True,
        AUTH_RATE_LIMIT="10 per minute",
        FAB_ROLES={"Clerk": [["OfficeView", ".*"]]},
        LANGUAGES={"en": {"flag": "gb", "name": "English"}, "zh": {"flag": "cn", "name": "中文"}},
    )
    (folder / "uploads").mkdir()
    (folder / "uploads" / "1_sep_secret-of-south.txt").write_text("a file that belongs to south")
    db = SQLA(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_view_no_menu(Bench)
        for view in SCREENS:
            builder.add_view(view, view.__name__)
        for door in DOORS:
            builder.add_api(door)
        _fill(builder, db)
        event.listen(db.engine, "before_cursor_execute", _remember)
    return app


def _fill(builder: Any, db: Any) -> None:
    for name, role in PEOPLE.items():
        found = builder.sm.find_role(role) or builder.sm.add_role(role)
        builder.sm.add_user(name, "三", "张", f"{name}@example.invalid", found, PASSWORD)
    db.session.add_all([Office(id=1, name="North", phone="13900000001"), Office(id=2, name="South", phone="13900000002")])
    db.session.flush()
    db.session.add_all(
        [
            Case(id=1, title="case of north", phone="13911110001", office_id=1),
            Case(id=2, title="case of south", phone="13922220002", office_id=2, size=5),
            Case(id=3, title="case of nobody", phone="13933330003"),
        ]
    )
    db.session.add(Word(code="hot", text="very warm"))
    db.session.commit()


def _remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if len(STATEMENTS) < 100_000:
        STATEMENTS.append(statement)


def main() -> None:
    """Serve on a free port, which is printed, until the process that started us ends us."""
    sys.setswitchinterval(1e-5)
    server = make_server("127.0.0.1", 0, build(Path(sys.argv[1])), threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
