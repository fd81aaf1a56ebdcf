"""The settings of whoever runs a server: limits, quotas, who may connect.

One declaration, three uses: an option of `playground serve`, an environment variable
(`PLAYGROUND_MAX_SESSIONS` for `max_sessions`), which `panel serve apps/` reads too, and a row of
`playground serve --check`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

import param

from playground.errors import InputError
from playground.serving.people_settings import PeopleSettings

PREFIX = "PLAYGROUND_"


class ServerSettings(PeopleSettings):
    """Limits and quotas of a server, with defaults for one person on their own machine."""

    max_sessions = param.Integer(
        200, bounds=(1, 100_000), doc="Largest number of open sessions (pages in browsers)."
    )
    max_training_sessions = param.Integer(
        100, bounds=(1, 100_000), doc="Largest number of sessions that train at the same time."
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
    for name in settings.param.values():
        variable = PREFIX + name.upper()
        if name == "name" or variable not in environment:
            continue
        try:
            value = settings.param[name].deserialize(_number_or_text(environment[variable]))
            setattr(settings, name, value)
        except (TypeError, ValueError) as error:
            raise InputError(f"{variable}={environment[variable]!r}: {error}") from None
    return settings


@cache
def server_settings() -> ServerSettings:
    """Return the settings of this process, read from its environment when first asked for."""
    return settings_from_environment(os.environ)


def _number_or_text(text: str) -> int | float | bool | str:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
