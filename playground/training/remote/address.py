"""The names of workers that can train: the address of their scheduler, or those of this machine."""

from __future__ import annotations

from playground.errors import InputError

LOCAL = "local"
"""Names workers that are started on this machine."""


def check_address(address: str) -> None:
    """Raise InputError if it is neither "local" nor the address of a scheduler."""
    protocol, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    if address != LOCAL and not (protocol in ("tcp", "tls") and host and port.isdecimal()):
        raise InputError(
            f"{address!r} should be local, or the address of a dask scheduler, such as "
            "tcp://10.0.0.5:8786."
        )
