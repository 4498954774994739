"""Experiments with plain Flask-AppBuilder that need an application of their own; their findings are printed as one line of JSON."""

from __future__ import annotations

import json
import logging
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, Model
from flask_appbuilder.filemanager import FileManager, uuid_namegen
from flask_appbuilder.models.mixins import AuditMixin
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import configure_mappers
from werkzeug.datastructures import FileStorage
from werkzeug.security import check_password_hash
from werkzeug.utils import secure_filename


def merged_tables() -> dict[str, Any]:
    """Two classes, one table name."""

    class Street(Model):
        __tablename__ = "place"
        id = Column(Integer, primary_key=True)
        street = Column(String(10))

    class Town(Model):
        __tablename__ = "place"
        id = Column(Integer, primary_key=True)
        town = Column(String(10))

    configure_mappers()
    return {"columns": sorted(c.name for c in Model.metadata.tables["place"].columns), "same": Street.__table__ is Town.__table__}


def audit_mixin() -> dict[str, Any]:
    """Whether a row may be made where nobody is signed in, and in which zone its time is kept."""

    class Noted(AuditMixin, Model):
        __tablename__ = "noted"
        id = Column(Integer, primary_key=True)

    table = Noted.__table__
    moment = table.c.created_on.default.arg(None)
    return {"actor_may_be_missing": table.c.created_by_fk.nullable, "zone": str(moment.tzinfo)}


def _application(db: SQLA, **config: Any) -> Flask:
    app = Flask("plain")
    app.config.update(SECRET_KEY="laboratory", SQLALCHEMY_DATABASE_URI="sqlite://", **config)
    db.init_app(app)
    return app


def missing_wing() -> dict[str, Any]:
    """An add-on that does not exist."""
    db = SQLA()
    app = _application(db, ADDON_MANAGERS=["plainfab.nowhere.Wing"])
    with app.app_context():
        builder = AppBuilder(app, db.session)
    return {"started": True, "wings": sorted(builder.addon_managers)}


def broken_wing() -> dict[str, Any]:
    """An add-on that fails while it starts."""
    db = SQLA()
    app = _application(db, ADDON_MANAGERS=["tests.plainfab.experiments.BrokenWing"])
    with app.app_context():
        builder = AppBuilder(app, db.session)
    return {"started": True, "wings": sorted(builder.addon_managers)}


class BrokenWing:
    """A wing whose start fails."""

    def __init__(self, _builder: AppBuilder) -> None:
        """Nothing yet."""

    def pre_process(self) -> None:
        """Fail."""
        raise RuntimeError("this wing is broken")


def second_application() -> dict[str, Any]:
    """One AppBuilder for two applications, as in FAB's own skeletons."""
    db, builder = SQLA(), AppBuilder()
    found = []
    for _ in range(2):
        app = _application(db)
        with app.app_context():
            builder.init_app(app, db.session)
        found.append(app.test_client().get("/login/").status_code)
    return {"login": found}


def security_api() -> dict[str, Any]:
    """The REST doors for users and roles."""
    db = SQLA()
    app = _application(db, FAB_ADD_SECURITY_API=True)
    try:
        with app.app_context():
            AppBuilder(app, db.session)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return {"started": False, "error": type(error).__name__}
    return {"started": True}


def decoy_hash() -> dict[str, Any]:
    """What is compared where there is no such user, when passwords are kept with a stronger method."""
    db = SQLA()
    app = _application(db, FAB_PASSWORD_HASH_METHOD="scrypt:65536:8:1")
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.sm.add_user("somebody", "a", "b", "a@example.invalid", builder.sm.add_role("some"), "a password")
        kept = builder.sm.find_user("somebody").password
        decoy = app.config["AUTH_DB_FAKE_PASSWORD_HASH_CHECK"]
    assert check_password_hash(kept, "a password")
    return {"kept": kept.partition("$")[0], "decoy": decoy.partition("$")[0]}


def chinese_upload() -> dict[str, Any]:
    """What becomes of the name of an uploaded file."""
    given = uuid_namegen(FileStorage(filename="部门名单.xlsx"))
    return {"kept": secure_filename(given).partition("_sep_")[2]}


def disguised_upload() -> dict[str, Any]:
    """A program that calls itself a workbook."""
    app = _application(SQLA())
    with app.app_context(), TemporaryDirectory() as folder:
        desk = FileManager(base_path=folder, allowed_extensions=["xlsx"])
        file = FileStorage(BytesIO(b"MZ a program"), filename="list.xlsx")
        allowed = desk.is_file_allowed(file.filename)
        kept = desk.save_file(file, desk.generate_name(None, file))
        return {"allowed": allowed, "kept": (Path(folder) / kept).read_text()}


EXPERIMENTS = (
    merged_tables,
    audit_mixin,
    missing_wing,
    broken_wing,
    second_application,
    security_api,
    decoy_hash,
    chinese_upload,
    disguised_upload,
)

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    findings = {}
    for experiment in EXPERIMENTS:
        try:
            findings[experiment.__name__] = experiment()
        except Exception as error:  # noqa: BLE001 - a failing experiment is a finding too
            findings[experiment.__name__] = {"failed": f"{type(error).__name__}: {error}"[:200]}
    sys.stdout.write(json.dumps(findings) + "\n")
