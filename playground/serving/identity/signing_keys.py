"""Keys that sign what a browser gives back: session ids and cookies."""

from __future__ import annotations

import hmac
import secrets

from playground.serving.settings.server_settings import server_settings

_random_secret = secrets.token_hex(32)


def signing_key(purpose: str) -> str:
    """Return the key for one purpose.

    It is derived from the operator's `secret_key`; without one, from a secret that this process
    has made, so that what it signs is void after a restart.

    Parameters
    ----------
    purpose : str
        Such as "cookies". What is signed for one purpose is not valid for another.
    """
    secret = server_settings().secret_key or _random_secret
    return hmac.new(secret.encode(), purpose.encode(), "sha256").hexdigest()
