"""The command `playground serve`, whose options are the settings of a server."""

from __future__ import annotations

import gc
import inspect
import io
import os
import sys
from typing import Annotated, Any

import param
import typer

from playground.cli.error_messages import errors_as_messages
from playground.cli.server_workers import become_worker
from playground.serving.settings.operator_warnings import check_authentication, operator_warnings
from playground.serving.settings.server_settings import (
    SECRETS,
    ServerSettings,
    change_setting,
    settings_from_environment,
    use_server_settings,
    variable_of,
)


def serve(show: bool, check: bool, **options: Any) -> None:
    """Serve the app, on this machine only unless --host says otherwise.

    Each option that is not given is read from its environment variable.
    """
    with errors_as_messages():
        settings = settings_from_options(options)
        if check:
            typer.echo(check_text(settings))
            return
        check_authentication(settings, os.environ)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Whoever reads it through a pipe or from a file wants the address while it is served.
            sys.stdout.reconfigure(line_buffering=True)
        group = become_worker(settings) if settings.workers > 1 else None
        use_server_settings(settings)
        # Loading makes hundreds of thousands of objects, and no garbage that is worth a look.
        gc.disable()
        from playground.pages.server import run_server

        gc.enable()
        run_server(settings, show=show and group is None, group=group)


def settings_from_options(options: dict[str, Any]) -> ServerSettings:
    """Return the settings of the environment, changed by the options that were given.

    Parameters
    ----------
    options : dict
        By name of the setting; None or an empty list where an option was not given.

    Raises
    ------
    InputError
        If an option or a variable is not valid.
    """
    settings = settings_from_environment(os.environ)
    for name, value in options.items():
        if value is not None and value != []:
            change_setting(settings, name, value, option_of(name))
    return settings


def check_text(settings: ServerSettings) -> str:
    """Return all settings with where they can be changed, and warnings."""
    lines = [
        f"{name} = {_setting_text(settings, name)}  ({option_of(name)}, {variable_of(name)})"
        for name in settings.names
    ]
    warnings = operator_warnings(settings, os.environ)
    lines += ["", *[f"Warning: {each}" for each in warnings]] if warnings else ["", "No warnings."]
    return "\n".join(lines)


def option_of(name: str) -> str:
    """Return the option of a setting."""
    return f"--{name.replace('_', '-')}"


def _setting_text(settings: ServerSettings, name: str) -> str:
    value = getattr(settings, name)
    if name in SECRETS:
        return "(set)" if value else "(not set)"
    if isinstance(value, list):
        return ", ".join(value) or "(none)"
    return str(value) if value != "" else "(none)"


def _option(name: str, parameter: param.Parameter[Any]) -> inspect.Parameter:
    """Return a setting as a parameter of `serve`, which Typer makes an option of."""
    kind: Any = str
    if isinstance(parameter, param.Boolean):
        kind = bool
    elif isinstance(parameter, param.Integer):
        kind = int
    elif isinstance(parameter, param.List):
        kind = list[str]
    text = " ".join((parameter.doc or "").split())
    if isinstance(parameter, param.Selector):
        text += f" One of {', '.join(parameter.objects)}."
    default = "" if parameter.default in ("", []) else f" Default: {parameter.default}."
    option = typer.Option(
        help=f"{text}{default} [{variable_of(name)}]", show_default=False, show_choices=False
    )
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )


def _declare_options() -> None:
    """Give `serve` the signature that Typer reads its options from."""
    fixed = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=Annotated[bool, typer.Option(help=text)],
        )
        for name, default, text in (
            ("show", True, "Open the browser."),
            ("check", False, "Print what is in force, and warnings, instead of serving."),
        )
    ]
    settings = ServerSettings()
    parameters = fixed + [_option(name, settings.param[name]) for name in settings.names]
    serve.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    serve.__annotations__ = {each.name: each.annotation for each in parameters}


_declare_options()
