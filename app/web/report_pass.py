"""What lets a citizen's form be sent: a signed number of its own, for a day, and only so many reports from one address.

No cookie and no session stand behind the form, so a foreign page that sends it gains nothing that its author could not do
himself; the number says that the page came from here, and makes of a button pressed twice one report.
"""

from __future__ import annotations

import secrets

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from limits import parse

from app.domain.refusals import N_, Refused
from app.web.misses import asker, counter

VALID_SECONDS = 24 * 3600
REPORTS = "public-reports"


def new_pass() -> str:
    """A fresh form's number, signed."""
    return _signer().dumps(secrets.token_hex(16))


def number_of(form_pass: str) -> str | None:
    """The number of a form that came from here within a day; ``None`` for any other."""
    try:
        found: str = _signer().loads(form_pass, max_age=VALID_SECONDS)
    except BadSignature:
        return None
    return found


def check_pace() -> None:
    """Raise ``Refused`` (429) where too much was reported from this address."""
    if not counter().test(parse(current_app.config["PUBLIC_REPORTS"]), REPORTS, asker()):
        sentence = N_("Many matters were reported from this address within an hour. Wait a little, or telephone.")
        raise Refused("too-many-reports", sentence, status=429)


def count_report() -> None:
    """Count one."""
    counter().hit(parse(current_app.config["PUBLIC_REPORTS"]), REPORTS, asker())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="public-report")
