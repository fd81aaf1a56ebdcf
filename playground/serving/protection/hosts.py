"""The names under which browsers may reach a server, and the origins that may talk to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

LOCAL_NAME = "localhost"
ANY = "*"
AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+)(:\d{1,5})?", re.ASCII | re.IGNORECASE)
"""What a Host header may be, since answers repeat it."""


def host_of(authority: str) -> str | None:
    """Return the name in a Host header or an origin's host, without its port, in lower case.

    Returns
    -------
    str or None
        None if there is none, as in "" or "[::1".
    """
    try:
        name = urlsplit(f"//{authority}").hostname
    except ValueError:
        return None
    return name.rstrip(".").lower() if name else None


def is_known_host(authority: str, allowed: Iterable[str]) -> bool:
    """Whether a request may name this host.

    A site whose name is made to resolve to this machine (DNS rebinding) would otherwise count as
    the same origin as this server, and could read and steer its pages. A bare address can't be made
    to resolve to anything else.

    Parameters
    ----------
    authority : str
        The request's Host header.
    allowed : iterable of str
        Names that the operator allows, with or without a port; "*" allows all.
    """
    name = host_of(authority)
    if name is None or not AUTHORITY.fullmatch(authority):
        return False
    return name == LOCAL_NAME or _is_address(name) or _is_listed(name, allowed)


def is_known_origin(origin: str, authority: str, allowed: Iterable[str]) -> bool:
    """Whether pages of an origin may send requests and open websockets.

    Parameters
    ----------
    origin : str
        The request's Origin header, such as "https://lab.example.org".
    authority : str
        The request's Host header, whose own pages always may.
    allowed : iterable of str
        As for `is_known_host`.
    """
    try:
        found = urlsplit(origin)
    except ValueError:
        return False
    if found.scheme not in {"http", "https"} or not found.netloc:
        return False
    if found.netloc.lower() == authority.lower():
        return True
    # An address may be anybody's, so that unlike in Host it must be listed.
    return host_of(found.netloc) is not None and _is_listed_with_port(found.netloc.lower(), allowed)


def is_loopback(address: str | None) -> bool:
    """Whether an address is that of this machine for itself."""
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_listed(name: str, allowed: Iterable[str]) -> bool:
    return any(each == ANY or host_of(each) == name for each in allowed)


def _is_listed_with_port(authority: str, allowed: Iterable[str]) -> bool:
    for each in allowed:
        if each == ANY or each.lower() == authority:
            return True
        # Bokeh writes the port 80 behind each name that has none, and means any TLS port too.
        if each.lower().removesuffix(":80") == authority.removesuffix(":80"):
            return True
    return False
