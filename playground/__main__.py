"""`python -m playground`."""

from playground.cli import app

app(prog_name="playground")
