"""The command-line interface `playground`: serve, train, predict, export."""

from playground.cli.commands import app

__all__ = ["app"]
