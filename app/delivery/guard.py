"""The guard at the way out: a URL leads to an address that may be written to, or nothing leaves (server-side request forgery)."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from app.core.post import AWAY, Trouble
from app.domain.refusals import N_, Refused

PRIVATE, ADDRESS = "private", "address"

_NEVER = tuple(map(ip_network, ("169.254.0.0/16", "100.100.100.200/32", "0.0.0.0/8", "fe80::/10", "fd00:ec2::254/128")))
"""Link-local networks and the services in which clouds tell machines their secrets: no target is there, allowed or not."""

_CARRIERS = {ip_network("2002::/16"): 16, ip_network("64:ff9b::/96"): 96, ip_network("64:ff9b:1::/48"): 96}
"""Addresses of the new kind that carry one of the old kind, from this bit on: 6to4 and NAT64."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads: the host as it is called, and the addresses that were looked at; the line goes to one of these, by number."""

    secure: bool
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]

    @property
    def called(self) -> str:
        """The host as the receiver is addressed."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def read_url(url: str) -> SplitResult:
    """An http(s) URL with a host and nothing that deceives; ``Refused`` in words otherwise. Nobody is asked on the network."""
    refused = Refused("address", N_("“%(value)s” is not an address that begins with https:// or http://"), field="address", value=url[:60])
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in url):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise refused
    if parts.username is not None or parts.password is not None:
        raise Refused("address", N_("The address must not hold a name or password; use the signing key."), field="address")
    return parts


def look_up(url: str, *, allow_private: bool) -> Place:
    """Where a URL leads now. ``Trouble`` where the name is unknown, or any of its addresses may not be written to.

    A name that leads to a public and a private address is refused altogether: which of them is reached would be chance.
    """
    try:
        parts = read_url(url)
        host = (
            (parts.hostname or "").rstrip(".").encode("idna").decode("ascii") if ":" not in (parts.hostname or "") else parts.hostname or ""
        )
    except (Refused, UnicodeError) as error:
        raise Trouble(ADDRESS, str(error), lasting=True) from error
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Trouble(AWAY, str(error), server=True) from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not may_be_written_to(address, allow_private=allow_private):
            raise Trouble(PRIVATE, host, lasting=True)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(secure, host, port, target, addresses)


def may_be_written_to(address: str, *, allow_private: bool) -> bool:
    """Whether a number is a place for messages: public, or, where that is allowed, in the own network."""
    number = _bare(ip_address(address.partition("%")[0]))
    if number.is_multicast or number.is_unspecified or any(number.version == net.version and number in net for net in _NEVER):
        return False
    ordinary = number.is_global and not number.is_reserved and not getattr(number, "is_site_local", False)
    return ordinary or allow_private


def _bare(number: Address) -> Address:
    """The address of the old kind that one of the new kind carries; otherwise itself."""
    if isinstance(number, IPv4Address):
        return number
    if number.ipv4_mapped is not None:
        return number.ipv4_mapped
    if number.teredo is not None:
        return number.teredo[1]
    if int(number) >> 32 == 0 and int(number) > 1:
        return IPv4Address(int(number))
    for net, bit in _CARRIERS.items():
        if number in net:
            return IPv4Address(int(number) >> (128 - bit - 32) & 0xFFFFFFFF)
    return number
