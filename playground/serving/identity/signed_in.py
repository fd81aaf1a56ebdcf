"""Who is signed in, as Panel's own cookies say."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

import panel as pn
from tornado.web import decode_signed_value

GUEST = "guest"
"""What Panel calls everybody who is let in without signing in."""
GUEST_COOKIE = "is_guest"
USER_COOKIE = "user"


def signed_in_user(cookies: Mapping[str, str]) -> str | None:
    """Return the name under which somebody is signed in, as `pn.state.user` does for a session.

    Parameters
    ----------
    cookies : mapping of str to str
        Of a request.
    """
    value, secret = cookies.get(USER_COOKIE), pn.config.cookie_secret
    if value is None or secret is None or cookies.get(GUEST_COOKIE):
        return None
    user = (decode_signed_value(secret, USER_COOKIE, value) or b"").decode()
    return user if user and user != GUEST else None


def named_user(cookies: Mapping[str, str]) -> str | None:
    """Return the same, unless everybody may give any name, as where one password is for all."""
    return None if _password_is_shared() else signed_in_user(cookies)


def _password_is_shared() -> bool:
    configured = [
        pn.config.basic_auth,
        *(each.get("basic_auth") for each in pn.state._server_config.values()),
    ]
    return any(isinstance(each, str) and not is_users_file(each) for each in configured)


@cache
def is_users_file(configured: str) -> bool:
    """Whether basic authentication is by a file of names, rather than by one password for all.

    What it was at first holds for good: the path of a file that has gone is no password.
    """
    return os.path.isfile(configured)
