"""Counting wrong guesses at public doors: so many per address and per thing guessed at, whoever asks; right answers cost nothing."""

from __future__ import annotations

import ipaddress

from flask import current_app, request
from limits import parse
from limits.strategies import RateLimiter

from app.domain.refusals import N_, Refused

ADDRESS, NUMBER = "public-address", "public-number"


def check(number: str = "") -> None:
    """Raise ``Refused`` (429) where too much was guessed from this address, or about this number."""
    if any(not counter().test(parse(rate), *key) for rate, key in _counted(number)):
        raise Refused("too-many-guesses", N_("Too many wrong tries. Wait a little, then try again."), status=429)


def miss(number: str = "") -> None:
    """Count a wrong guess."""
    for rate, key in _counted(number):
        counter().hit(parse(rate), *key)


def _counted(number: str) -> list[tuple[str, tuple[str, str]]]:
    found = [(current_app.config["PUBLIC_MISSES"], (ADDRESS, asker()))]
    if number:
        found.append((current_app.config["PUBLIC_NUMBER_MISSES"], (NUMBER, number.upper())))
    return found


def counter() -> RateLimiter:
    """Where this installation counts."""
    counter: RateLimiter = current_app.appbuilder.sm.limiter.limiter  # type: ignore[attr-defined]
    return counter


def asker() -> str:
    """Whose guesses are counted together; of IPv6 the network, because one house has more addresses than guesses."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
