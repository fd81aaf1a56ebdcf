"""`python -m playground`."""

from playground.cli.commands import app

app(prog_name="playground")
