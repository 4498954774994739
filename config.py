"""Deployment knobs, each from the environment with a safe default; business knobs are tables with screens."""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent


def _wrong(name: str, zh: str, en: str) -> NoReturn:
    """A setting that cannot be used ends the program with a sentence; no catalogue is loaded yet, so both languages stand here."""
    shown = (
        name if name in ("DATABASE_URL", "FRONTLINE_SMTP_URL", "FRONTLINE_IMAP_URL") else f"{name}={os.environ.get(name, '')}"
    )  # those hold passwords
    raise SystemExit(f"{shown}：{zh}\n{shown}: {en}")


def _number(name: str, default: str) -> int:
    """A whole number from the environment."""
    given = os.environ.get(name) or default
    if not given.isdecimal():
        _wrong(name, "应为整数", "must be a whole number")
    return int(given)


def _home() -> Path:
    """The data directory, made where it is not there yet."""
    place = Path(os.environ.get("FRONTLINE_HOME") or ROOT / "var").resolve()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _wrong("FRONTLINE_HOME", f"数据目录无法使用（{error.strerror}）", f"the data directory cannot be used ({error.strerror})")
    if not os.access(place, os.W_OK):
        _wrong("FRONTLINE_HOME", "数据目录不可写", "the data directory cannot be written to")
    return place


# Everything the installation keeps: database, files, keys.
HOME = _home()

# Where `run.py serve` listens. Loopback unless told otherwise.
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = _number("PORT", "8080")
WORKERS = _number("FRONTLINE_WORKERS", "2")


def _database_url() -> str:
    """SQLite below HOME by default; PostgreSQL by its usual URL, spoken through psycopg 3."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return f"sqlite:///{HOME / 'frontline.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url[len(prefix) :]
    try:
        engine = make_url(url).get_backend_name()
    except ArgumentError:
        _wrong(
            "DATABASE_URL",
            "不是数据库地址，应如 postgresql://用户:密码@主机/库",
            "is no database URL such as postgresql://user:password@host/name",
        )
    if engine not in ("sqlite", "postgresql"):
        _wrong("DATABASE_URL", "只支持 SQLite 与 PostgreSQL", "only SQLite and PostgreSQL are supported")
    if engine == "postgresql" and find_spec("psycopg") is None:
        install = "pip install --require-hashes -r requirements/postgresql.lock"
        _wrong("DATABASE_URL", f"缺少 PostgreSQL 驱动，请执行 {install}", f"the PostgreSQL driver is missing; run {install}")
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
LOGIN_FAILURES = _number("FRONTLINE_LOGIN_FAILURES", "5")
LOGIN_LOCK_MINUTES = _number("FRONTLINE_LOGIN_LOCK_MINUTES", "15")
# And so many attempts per address and minute, whatever the account.
LOGIN_RATE = os.environ.get("FRONTLINE_LOGIN_RATE", "60 per minute")
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = os.environ.get("FRONTLINE_RATELIMIT_URL", "memory://")

# Bodies of requests: uploads of ledgers are the largest.
MAX_CONTENT_LENGTH = _number("FRONTLINE_MAX_UPLOAD_MB", "64") * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
TRUSTED_HOSTS = [host.strip() for host in os.environ.get("FRONTLINE_HOSTS", "").split(",") if host.strip()] or None
# How many reverse proxies stand in front and may be believed (X-Forwarded-*).
PROXIES = _number("FRONTLINE_PROXIES", "0")

# Files on tickets: megabytes each, and how many a ticket may hold.
ATTACHMENT_MB = _number("FRONTLINE_ATTACHMENT_MB", "20")
ATTACHMENTS_MOST = _number("FRONTLINE_ATTACHMENTS_MOST", "50")

# Public pages: so many wrong numbers, codes or links per address, and so many wrong codes per ticket number.
PUBLIC_MISSES = os.environ.get("FRONTLINE_PUBLIC_MISSES", "30 per 10 minutes")
PUBLIC_NUMBER_MISSES = os.environ.get("FRONTLINE_PUBLIC_NUMBER_MISSES", "30 per hour")
# So many matters are reported on the public form from one address; people behind one router share theirs.
PUBLIC_REPORTS = os.environ.get("FRONTLINE_PUBLIC_REPORTS", "30 per hour")

# Where readers reach the product: printed into QR codes.
PUBLIC_URL = os.environ.get("FRONTLINE_URL", f"http://{HOST}:{PORT}").rstrip("/")


def _smtp_url() -> str:
    """The mail server: smtp://user:password@host:25 (STARTTLS where it is offered; with ?tls=off never) or smtps://host (TLS)."""
    url = os.environ.get("FRONTLINE_SMTP_URL", "")
    try:
        parts = urlsplit(url)
        fits = not url or (parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        fits = False
    if not fits:
        _wrong(
            "FRONTLINE_SMTP_URL",
            "不是邮件服务器地址，应如 smtp://用户:密码@主机:25 或 smtps://主机",
            "is no mail server such as smtp://user:password@host:25 or smtps://host",
        )
    return url


# Where drop folders lie: files are put into folders below it, for other programs to fetch (serve it by SFTP, or mount a share here).
DROP = Path(os.environ.get("FRONTLINE_DROP") or HOME / "drop").resolve()

# Where other platforms put lists of tickets: a folder below it for each mapping (hotline12345, own …); what is not there is not watched.
HANDOVER = Path(os.environ.get("FRONTLINE_HANDOVER") or HOME / "handover").resolve()

# Outgoing mail; empty: mail is written and waits. The sender's address is a system parameter (mail_from).
SMTP_URL = _smtp_url()


def _imap_url() -> str:
    """The mailbox that reports come to: imaps://user:password@host/INBOX, or imap:// (STARTTLS; with ?tls=off never)."""
    url = os.environ.get("FRONTLINE_IMAP_URL", "")
    try:
        parts = urlsplit(url)
        fits = not url or (parts.scheme in ("imap", "imaps") and bool(parts.hostname) and bool(parts.username) and parts.port != 0)
    except ValueError:
        fits = False
    if not fits:
        _wrong(
            "FRONTLINE_IMAP_URL",
            "不是邮箱地址，应如 imaps://用户:密码@主机/INBOX",
            "is no mailbox such as imaps://user:password@host/INBOX",
        )
    return url


# Incoming mail: every unread message of this folder becomes a ticket, and is then marked as read. Empty: none is fetched.
IMAP_URL = _imap_url()


def _engine() -> str:
    """Who wakes the workers; Celery is an extra that must be installed where it is chosen."""
    name = os.environ.get("FRONTLINE_ENGINE") or "embedded"
    if name not in ("embedded", "celery"):
        _wrong("FRONTLINE_ENGINE", "应为 embedded 或 celery", "must be embedded or celery")
    if name == "celery" and find_spec("celery") is None:
        install = "pip install --require-hashes -r requirements/celery.lock"
        _wrong("FRONTLINE_ENGINE", f"缺少 Celery，请执行 {install}", f"Celery is missing; run {install}")
    return name


# Background work. "embedded": workers look into the database; `serve` starts one beside the web server. "celery": for several machines;
# `run.py worker` and `run.py beat` are started by whoever runs them, and find each other through Redis.
ENGINE = _engine()
REDIS_URL = os.environ.get("FRONTLINE_REDIS_URL") or "redis://127.0.0.1:6379/0"
# How many runs one worker does at a time. SQLite has one writer anyway.
WORKER_THREADS = _number("FRONTLINE_WORKER_THREADS", "1" if SQLALCHEMY_DATABASE_URI.startswith("sqlite") else "2")
# A worker that is silent for so long is taken for dead, and its run is done by another.
LEASE_SECONDS = _number("FRONTLINE_LEASE_SECONDS", "120")

# Flask-AppBuilder: migrations make the tables, `run.py init` keeps roles and permissions, screens are ours.
FAB_CREATE_DB = False
FAB_UPDATE_PERMS = False
FAB_ADD_SECURITY_VIEWS = True
FAB_ADD_MENU_API = False
FAB_API_SWAGGER_UI = True
FAB_API_KEY_ENABLED = True
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
