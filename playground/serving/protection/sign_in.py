"""Signing in with a name and a password, where Panel's own way is too trusting.

Panel lets everybody guess passwords without end; takes the path of a file of users for the password
of all once the file has gone; shows as an error whatever a link says; and leads who has signed in
to any site that a link names as `///site`.
"""

from __future__ import annotations

import hmac
import json
import logging
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn
from panel import auth
from panel.auth import BasicLoginHandler
from panel.io.resources import CDN_DIST
from tornado.web import HTTPError

from playground.errors import InputError
from playground.serving.identity.signed_in import is_users_file
from playground.serving.protection.guess_limit import GuessLimit, network_of

log = logging.getLogger(__name__)

MAX_WRONG_FOR_NAME = 10
"""Wrong passwords a minute for one name from one network."""
MAX_WRONG = 60
"""Wrong passwords a minute from one network: a school may be one, and a whole class mistypes."""
MAX_NAME_LENGTH = 200
WRONG = "The name or the password is wrong."
NO_USERS = "Nobody can sign in at present: the server's list of users can't be read."

_for_name = GuessLimit("passwords", MAX_WRONG_FOR_NAME)
_from_network = GuessLimit("passwords", MAX_WRONG)


@cache
def limit_sign_in() -> None:
    """Limit all signing in by Panel's basic authentication from now on."""
    show, sign_in, next_address = (
        BasicLoginHandler.get,
        BasicLoginHandler.post,
        auth._validate_next_url,
    )

    def show_known_error(handler: BasicLoginHandler) -> None:
        if "error" in handler.request.arguments:
            handler.request.arguments["error"] = [WRONG.encode()]
        show(handler)

    def sign_in_if_few_were_wrong(handler: BasicLoginHandler) -> None:
        try:
            check_guesses(handler)
        except InputError as error:
            refuse(handler, 429, str(error))
            return
        try:
            sign_in(handler)
        except InputError as error:
            refuse(handler, 503, str(error))

    def next_address_here(address: str | None) -> str | None:
        # Browsers read "///site" as "//site", another host; urlparse finds no host in it.
        if address and (address.strip().startswith("//") or not address.isprintable()):
            raise HTTPError(400)
        checked: str | None = next_address(address)
        return checked

    patched: tuple[tuple[object, str, object], ...] = (
        (BasicLoginHandler, "get", show_known_error),
        (BasicLoginHandler, "post", sign_in_if_few_were_wrong),
        (BasicLoginHandler, "_validate", is_right),
        (auth, "_validate_next_url", next_address_here),
    )
    for owner, name, patch in patched:
        setattr(owner, name, patch)


def check_guesses(handler: BasicLoginHandler) -> None:
    """Raise InputError if too many wrong passwords have come from where this one comes from."""
    network, name = _origin(handler)
    _from_network.check(network)
    _for_name.check(f"{network} {name}")


def is_right(handler: BasicLoginHandler, username: str, password: str) -> bool:
    """Whether a password is right, and count it if it is not; stands in for Panel's own method.

    Raises
    ------
    InputError
        If the file of users can't be read.
    """
    users = _users(handler)
    expected = users.get(username) if isinstance(users, dict) else users
    given = password.encode(errors="surrogatepass")
    if isinstance(expected, str) and hmac.compare_digest(given, expected.encode()):
        return True
    network, name = _origin(handler)
    _from_network.count(network)
    _for_name.note(f"{network} {name}")  # Some type their password in place of the name.
    return False


def refuse(handler: BasicLoginHandler, status: int, sentence: str) -> None:
    """Answer with the page to sign in, and why that is not possible now."""
    handler.set_status(status)
    handler.finish(
        handler._login_template.render(
            login_endpoint=handler._login_endpoint,
            errormessage=sentence,
            PANEL_CDN=CDN_DIST,
        )
    )


def _users(handler: BasicLoginHandler) -> Any:  # noqa: ANN401 (whatever a file holds)
    """Return the passwords by name, or the one for all."""
    own = pn.state._server_config.get(handler.application, {})
    configured = own.get("basic_auth", pn.config.basic_auth)
    if not (isinstance(configured, str) and is_users_file(configured)):
        return configured
    try:
        users = json.loads(Path(configured).read_text(encoding="utf-8"))
        if not isinstance(users, dict):
            raise ValueError("it is no JSON object of names and passwords")
    except (OSError, ValueError) as error:
        log.error("The users can't be read from %s: %s", configured, error)
        raise InputError(NO_USERS) from None
    return users


def _origin(handler: BasicLoginHandler) -> tuple[str, str]:
    """Return from which network a password comes, and for which name."""
    name = handler.get_argument("username", "")[:MAX_NAME_LENGTH]
    return network_of(handler.request.remote_ip or ""), name
