"""Messages on errors in what a user types on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from playground.errors import InputError


@contextmanager
def errors_as_messages() -> Iterator[None]:
    """Print the message of an InputError without a traceback, and exit with status 1."""
    try:
        yield
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
