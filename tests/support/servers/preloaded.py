"""What the programs of `forked_program` find imported already."""

from __future__ import annotations

import logging
from contextlib import suppress

with suppress(ImportError):  # an extra
    import distributed

    # It sets up the logs of Bokeh and Tornado too, which is for each program to do.
    for logger in map(logging.getLogger, logging.root.manager.loggerDict):
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True

# ruff: isort: split
import holoviews.plotting.bokeh
import panel.command.serve

import playground.cli.commands
import playground.pages.app
import playground.pages.server
import playground.trials.cluster

__all__ = ["distributed", "holoviews", "panel", "playground"]
