"""Deployment knobs, each from the environment with a safe default; business knobs are tables with screens."""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# Everything the installation keeps: database, files, keys.
HOME = Path(os.environ.get("FRONTLINE_HOME", ROOT / "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)

# Where `run.py serve` listens. Loopback unless told otherwise.
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8080"))
WORKERS = int(os.environ.get("FRONTLINE_WORKERS", "2"))


def _database_url() -> str:
    """SQLite below HOME by default; PostgreSQL by its usual URL, spoken through psycopg 3."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{HOME / 'frontline.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _secret_key() -> str:
    """The signing key: from the environment, else made once and kept readable by its owner only."""
    given = os.environ.get("SECRET_KEY")
    if given:
        return given
    place = HOME / "secret.key"
    if not place.exists():
        fresh = place.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(fresh, place)  # whoever comes second takes the first one's key
        fresh.unlink()
    return place.read_text(encoding="ascii").strip()


SQLALCHEMY_DATABASE_URI = _database_url()
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True} if not SQLALCHEMY_DATABASE_URI.startswith("sqlite") else {}
SQLALCHEMY_TRACK_MODIFICATIONS = False
SECRET_KEY = _secret_key()

# Sessions: signed cookies that end with the browser, or after 8 hours where people ask to stay; with HTTPS set FRONTLINE_HTTPS=1.
HTTPS = os.environ.get("FRONTLINE_HTTPS", "") == "1"
SESSION_COOKIE_NAME = "frontline"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
REMEMBER_COOKIE_HTTPONLY = True
REMEMBER_COOKIE_SAMESITE = "Lax"
REMEMBER_COOKIE_SECURE = HTTPS
PERMANENT_SESSION_LIFETIME = timedelta(hours=float(os.environ.get("FRONTLINE_SESSION_HOURS", "8")))
JWT_ACCESS_TOKEN_EXPIRES = timedelta(minutes=30)
JWT_REFRESH_TOKEN_EXPIRES = timedelta(hours=12)

# Sign-in: at most so many failures within so many minutes per account, on the form and the API alike.
LOGIN_FAILURES = int(os.environ.get("FRONTLINE_LOGIN_FAILURES", "5"))
LOGIN_LOCK_MINUTES = int(os.environ.get("FRONTLINE_LOGIN_LOCK_MINUTES", "15"))
# And so many attempts per address and minute, whatever the account.
LOGIN_RATE = os.environ.get("FRONTLINE_LOGIN_RATE", "60 per minute")
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = os.environ.get("FRONTLINE_RATELIMIT_URL", "memory://")

# Bodies of requests: uploads of ledgers are the largest.
MAX_CONTENT_LENGTH = int(os.environ.get("FRONTLINE_MAX_UPLOAD_MB", "64")) * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
TRUSTED_HOSTS = [host.strip() for host in os.environ.get("FRONTLINE_HOSTS", "").split(",") if host.strip()] or None
# How many reverse proxies stand in front and may be believed (X-Forwarded-*).
PROXIES = int(os.environ.get("FRONTLINE_PROXIES", "0"))

# Where readers reach the product: printed into QR codes.
PUBLIC_URL = os.environ.get("FRONTLINE_URL", f"http://{HOST}:{PORT}").rstrip("/")

# Jobs: "embedded" runs them beside the web server.
JOB_WORKERS = int(os.environ.get("FRONTLINE_JOB_WORKERS", "1"))

# Flask-AppBuilder: migrations make the tables, `run.py init` keeps roles and permissions, screens are ours.
FAB_CREATE_DB = False
FAB_UPDATE_PERMS = False
FAB_ADD_SECURITY_VIEWS = True
FAB_ADD_MENU_API = False
FAB_API_SWAGGER_UI = True
FAB_API_MAX_PAGE_SIZE = 200
FAB_API_SHOW_STACKTRACE = False
FAB_SECURITY_MANAGER_CLASS = "app.web.security.FrontlineSecurity"
FAB_BASE_TEMPLATE = "base.html"
AUTH_ROLE_ADMIN = "Admin"
AUTH_ROLE_PUBLIC = "Public"
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = LOGIN_RATE
APP_NAME = "Frontline"
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}}
BABEL_DEFAULT_LOCALE = "zh"
BABEL_DEFAULT_TIMEZONE = "Asia/Shanghai"
BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "translations")
WTF_CSRF_TIME_LIMIT = None

# The print wing is attached by name, so that the rest of the house never depends on it.
ADDON_MANAGERS = ["reports.wing.Reports"]
