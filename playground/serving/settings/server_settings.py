"""The settings of whoever runs a server: limits, quotas, who may connect.

One declaration, three uses: an option of `playground serve`, an environment variable
(`PLAYGROUND_MAX_SESSIONS` for `max_sessions`), which `panel serve apps/` reads too, and a row of
`playground serve --check`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import param

from playground.errors import InputError
from playground.serving.settings.class_settings import ClassSettings
from playground.serving.settings.people_settings import PeopleSettings
from playground.training.remote.address import check_address

PREFIX = "PLAYGROUND_"
OTHER_VARIABLES = frozenset(PREFIX + name for name in ("DATA", "RUNS", "CHROMIUM", "PEER"))
"""Variables that are no settings of a server: folders, and what the tests use."""
SECRETS = frozenset({"secret_key", "class_password"})
"""Settings whose values are never printed."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


class SchedulerAddress(param.String[str]):
    """The address of a dask scheduler, the word local, or nothing."""

    def _validate_value(self, val: Any, allow_None: bool) -> None:  # noqa: ANN401, N803 (Param's)
        super()._validate_value(val, allow_None)
        if val:
            check_address(val)


class ServerSettings(PeopleSettings, ClassSettings):
    """Limits and quotas of a server, with defaults for one person on their own machine."""

    host = param.String(
        "127.0.0.1",
        doc="Address to listen on. The default is reached from this machine only; 0.0.0.0 from"
        " everywhere. With `panel serve` use --address.",
    )
    port = param.Integer(
        5006,
        bounds=(0, 65_535),
        doc="Port to listen on; 0 selects a free one. With `panel serve` use --port.",
    )
    workers = param.Integer(
        1,
        bounds=(1, 64),
        doc="Processes that serve the pages, all at the same port: about as many as the machine has"
        " cores. Limits of sessions are those of all; with more than one there are no lessons, and"
        " no browser is opened. Only for `playground serve`.",
    )
    train_on = SchedulerAddress(
        "",
        doc="Where the networks of Gates, Points and tables of one's own are trained: tcp://host:8786,"
        " the address of a dask scheduler, or local for workers that are started on this machine."
        " By default the process that serves a page trains it.",
    )
    allow_origin = param.List(
        [],
        item_type=str,
        doc="Names under which browsers reach the server, such as lab.example.org or"
        " lab.example.org:8080; localhost and bare IP addresses always work.",
    )
    frame_ancestors = param.List(
        [],
        item_type=str,
        doc="Sites that may show the pages in an iframe, such as https://moodle.example.org; pages"
        " of this machine always may.",
    )
    behind_proxy = param.Boolean(
        False,
        doc="A proxy ends TLS: believe its X-Real-IP and X-Forwarded-Proto. Only for `playground"
        " serve`; with `panel serve` use --use-xheaders.",
    )
    authentication: param.Selector[str] = param.Selector(
        default="none",
        objects=["none", "basic", "oauth"],
        doc="Who is let in: everybody, the names of users_file, or whom the OAuth provider of"
        " Panel's own PANEL_OAUTH_* variables lets in. Only for `playground serve`; `panel"
        " serve` has --basic-auth and --oauth-provider.",
    )
    users_file = param.String(
        "",
        doc='File with names and passwords for basic authentication: {"name": "password", ...}.',
    )
    secret_key = param.String(
        "",
        doc="Secret with which sessions and cookies are signed, 32 characters or more; without one"
        " each start makes its own. Better set as a variable: options are visible to others.",
    )
    max_sessions = param.Integer(
        200, bounds=(1, 100_000), doc="Largest number of open sessions (pages in browsers)."
    )
    max_training_sessions = param.Integer(
        100, bounds=(1, 100_000), doc="Largest number of sessions that train at the same time."
    )
    max_networks_mb = param.Integer(
        2_000,
        bounds=(400, 10_000_000),
        doc="Megabytes of memory for networks that train side by side (Skill or luck?, Compare), of"
        " all sessions together.",
    )
    max_unconnected_sessions = param.Integer(
        50,
        bounds=(1, 100_000),
        doc="Largest number of sessions that no browser has connected to yet; the oldest go first.",
    )
    prepared_pages = param.Integer(
        8,
        bounds=(0, 1000),
        doc="Pages that are made in advance, while the server has nothing else to do, for the next"
        " ones who open the address that was opened last; 0 for none.",
    )
    unconnected_session_seconds = param.Integer(
        60, bounds=(1, 86_400), doc="Seconds for which a session waits for its first connection."
    )
    lost_session_seconds = param.Integer(
        600,
        bounds=(1, 86_400),
        doc="Seconds for which a session waits for its browser to come back.",
    )
    max_runs_per_person = param.Integer(
        200, bounds=(1, 1_000_000), doc="Largest number of saved runs of one person."
    )
    max_mb_per_person = param.Integer(
        500, bounds=(1, 10_000_000), doc="Megabytes of runs and corrections of one person."
    )
    max_mb_total = param.Integer(
        20_000, bounds=(1, 10_000_000), doc="Megabytes of runs and corrections of all persons."
    )
    max_message_mb = param.Integer(
        4, bounds=(2, 1000), doc="Megabytes of one message of a browser, packed and unpacked."
    )
    max_upload_mb = param.Integer(
        200,
        bounds=(1, 10_000),
        doc="Megabytes of one uploaded file; some kinds have a lower limit.",
    )
    metrics: param.Selector[str] = param.Selector(
        default="loopback",
        objects=["off", "loopback", "all"],
        doc="Who may read /metrics and /readiness: nobody, this machine without a proxy between,"
        " everybody.",
    )
    log_format: param.Selector[str] = param.Selector(
        default="text", objects=["text", "json"], doc="Lines of the log as text or JSON objects."
    )
    log_level: param.Selector[str] = param.Selector(
        default="info",
        objects=["debug", "info", "warning", "error"],
        doc="Least severe events that are logged.",
    )

    @property
    def is_public(self) -> bool:
        """Whether other machines can reach the server."""
        return self.host not in LOOPBACK

    @property
    def names(self) -> list[str]:
        """Names of all settings, in their order of declaration."""
        return [name for name in self.param if name != "name"]


_in_force: list[ServerSettings] = []


def variable_of(name: str) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + name.upper()


def settings_from_environment(environment: Mapping[str, str]) -> ServerSettings:
    """Read the settings from environment variables such as `PLAYGROUND_MAX_SESSIONS`.

    Parameters
    ----------
    environment : mapping of str to str

    Raises
    ------
    InputError
        If a variable's text is no valid value of its setting.
    """
    settings = ServerSettings()
    for name in settings.names:
        variable = variable_of(name)
        if variable in environment:
            change_setting(settings, name, environment[variable], variable)
    return settings


def change_setting(settings: ServerSettings, name: str, value: object, origin: str) -> None:
    """Set one setting.

    Parameters
    ----------
    settings : ServerSettings
    name : str
    value : object
        A value, or its text.
    origin : str
        Where the value comes from, for the error's sentence: a variable or an option.

    Raises
    ------
    InputError
        If the value is not valid.
    """
    try:
        setattr(settings, name, _from_text(settings.param[name], value))
    except (TypeError, ValueError) as error:
        shown = "" if name in SECRETS else f"={value!r}"
        raise InputError(f"{origin}{shown}: {error}") from None


def server_settings() -> ServerSettings:
    """Return the settings of this process; read from its environment unless set before."""
    if not _in_force:
        _in_force.append(settings_from_environment(os.environ))
    return _in_force[0]


def use_server_settings(settings: ServerSettings) -> None:
    """Make these the settings of this process."""
    _in_force[:] = [settings]


def _from_text(parameter: param.Parameter[Any], value: object) -> object:
    if not isinstance(value, str):
        return list(value) if isinstance(value, tuple) else value
    text = value.strip()
    if isinstance(parameter, param.Boolean):
        if text.lower() in TRUE | FALSE:
            return text.lower() in TRUE
        raise ValueError("should be true or false.")
    if isinstance(parameter, param.Integer):
        try:
            return int(text)
        except ValueError:
            raise ValueError("should be a whole number.") from None
    if isinstance(parameter, param.List):
        return [each.strip() for each in text.split(",") if each.strip()]
    return text
