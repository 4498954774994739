"""What every test may ask for: a complete application on real SQLite and real PostgreSQL, fresh for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any

# Nothing of a developer's own installation may reach a test.
os.environ["FRONTLINE_HOME"] = tempfile.mkdtemp(prefix="frontline-home-")
os.environ["XDG_RUNTIME_DIR"] = os.environ["FRONTLINE_HOME"]
for name in ("DATABASE_URL", "SECRET_KEY", "FRONTLINE_DEMO_PASSWORD", "FRONTLINE_LANG"):
    os.environ.pop(name, None)

import pytest  # noqa: E402
from flask import Flask, has_app_context  # noqa: E402
from flask.globals import _cv_app  # noqa: E402
from flask.testing import FlaskClient  # noqa: E402
from flask_migrate import upgrade  # noqa: E402
from sqlalchemy.orm import Session  # noqa: E402
from werkzeug.test import TestResponse  # noqa: E402

from app.core.acting import acting_as  # noqa: E402
from app.core.db import db  # noqa: E402
from app.core.languages import set_language  # noqa: E402
from app.core.storage import Storage  # noqa: E402
from app.domain.actors import NOBODY, SYSTEM  # noqa: E402
from app.factory import create_app  # noqa: E402
from app.services.foundation import lay_foundation  # noqa: E402
from tests.databases import Postgres, database_url  # noqa: E402
from tests.people import PASSWORD  # noqa: E402
from tests.prepared import Shelf  # noqa: E402

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for this run's databases and files."""
    return tmp_path_factory.mktemp("frontline")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server: ``TEST_PG_URL``, or one from a wheel that needs nothing installed."""
    with Postgres.started() as server:
        yield server


class Browser(FlaskClient):
    """A client whose requests are requests of their own.

    Flask would answer them inside the test's own application context: ``g`` (with the signed-in person), the database
    session, the actor and the language would be shared between the test and everybody it sends to the door.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request."""
        if not has_app_context():
            return super().open(*args, **kwargs)
        db.session.rollback()
        door = copy_context()
        door.run(_cv_app.set, None)  # type: ignore[arg-type]
        answer = door.run(super().open, *args, **{"buffered": True, **kwargs})
        db.session.rollback()
        return answer


class Houses:
    """One application per engine; before each test its database is replaced by a copy of a prepared one."""

    def __init__(self, workplace: Path, request: pytest.FixtureRequest) -> None:
        self.workplace, self.request = workplace, request
        self.apps: dict[str, Flask] = {}

    def fresh(self, engine: str) -> Flask:
        """The application of ``engine``, on a migrated database with the reference data and nothing else."""
        if engine not in self.apps:
            self.apps[engine] = self._build(engine)
        app = self.apps[engine]
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._copy(engine, "template", "house")
        app.extensions["shelf"].touched = False
        return app

    def _copy(self, engine: str, source: str, target: str) -> None:
        """One database becomes a copy of another; nobody may be connected to either."""
        if engine == "sqlite":
            for old in self.workplace.glob(f"{target}.db*"):
                old.unlink()
            shutil.copyfile(self.workplace / f"{source}.db", self.workplace / f"{target}.db")
        else:
            self.request.getfixturevalue("postgres").copy(f"frontline_{source}", f"frontline_{target}")

    def _build(self, engine: str) -> Flask:
        if engine == "sqlite":
            url = f"sqlite:///{self.workplace / 'house.db'}"
        else:
            server: Postgres = self.request.getfixturevalue("postgres")
            server.create("frontline_house")
            url = database_url(server, "frontline_house")
        home = self.workplace / engine
        home.mkdir(exist_ok=True)
        app = create_app(
            {
                "TESTING": True,
                "SQLALCHEMY_DATABASE_URI": url,
                "HOME": home,
                "STORAGE": Storage(home),
                "WTF_CSRF_ENABLED": False,
                "LOGIN_RATE": "10000 per minute",
                "AUTH_RATE_LIMIT": "10000 per minute",
                "PUBLIC_MISSES": "10000 per minute",
                "PUBLIC_NUMBER_MISSES": "10000 per minute",
                "PUBLIC_REPORTS": "10000 per minute",
                "PUBLIC_URL": "http://frontline.test",
            }
        )
        app.test_client_class = Browser
        with app.app_context(), acting_as(SYSTEM):
            upgrade()
            lay_foundation()
            db.session.remove()
            db.engine.dispose()
        self._copy(engine, "house", "template")
        Shelf(app, lambda name: self._copy(engine, "house", name), lambda name: self._copy(engine, name, "house"))
        return app


@pytest.fixture(scope="session")
def houses(workplace: Path, request: pytest.FixtureRequest) -> Houses:
    """Applications by engine."""
    return Houses(workplace, request)


@pytest.fixture(params=ENGINES)
def app(request: pytest.FixtureRequest, houses: Houses) -> Iterator[Flask]:
    """The application on each engine in turn, entered as the system."""
    yield from _entered(houses.fresh(request.param))


@pytest.fixture
def lite(houses: Houses) -> Iterator[Flask]:
    """The application on SQLite only, for what has nothing to do with SQL."""
    yield from _entered(houses.fresh("sqlite"))


def _entered(app: Flask) -> Iterator[Flask]:
    set_language("en")
    with app.app_context(), acting_as(SYSTEM):
        yield app
        db.session.remove()
        db.engine.dispose()
    set_language("zh")


@pytest.fixture
def session(app: Flask) -> Session:
    """The database session of the entered application."""
    return db.session()


Enter = Callable[..., Any]


@pytest.fixture
def sign_in(request: pytest.FixtureRequest) -> Callable[[str], FlaskClient]:
    """A browser in which somebody has signed in, by user name."""
    name = "app" if "app" in request.fixturenames else "lite"
    app: Flask = request.getfixturevalue(name)

    def enter(username: str, language: str = "en") -> FlaskClient:
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["locale"] = language
        with outside():
            answer = client.post("/login/", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.text[:2000]
        return client

    return enter


@contextmanager
def outside() -> Iterator[None]:
    """A request from outside begins as nobody."""
    with acting_as(NOBODY):
        yield
