"""What the programs of `forked_program` find imported already."""

from __future__ import annotations

from contextlib import suppress

import holoviews.plotting.bokeh
import panel.command.serve

import playground.cli.commands
import playground.pages.app
import playground.pages.server
import playground.trials.cluster
from playground.training.remote.connection import import_distributed

__all__ = ["holoviews", "panel", "playground"]

with suppress(ImportError):  # an extra
    import_distributed()
