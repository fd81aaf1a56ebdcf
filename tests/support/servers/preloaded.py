"""What the programs of `forked_program` find imported already."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

import torch

from playground.training.remote.connection import import_distributed

MODULES = (
    "holoviews.plotting.bokeh",
    "pandas",
    "panel.command.serve",
    "playground.cli.commands",
    "playground.pages.app",
    "playground.pages.server",
    "playground.trials.cluster",
)

# The copy of a process whose OpenMP has threads waits for them for ever: none may be started here.
threads = torch.get_num_threads()
torch.set_num_threads(1)
for name in MODULES:
    import_module(name)
with suppress(ImportError):  # an extra
    import_distributed()
torch.set_num_threads(threads)
