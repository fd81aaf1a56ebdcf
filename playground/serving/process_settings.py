"""Settings of the whole process that training beside an event loop needs.

Nothing here happens on import: `prepare_server_process` is called where a page is served, and a
notebook's kernel, which belongs to the person who started it, keeps its own settings.
"""

from __future__ import annotations

import sys

import torch

from playground.serving.bokeh_patches import patch_server
from playground.serving.logs import prepare_log
from playground.serving.protection import check_requests, limit_messages

SWITCH_INTERVAL = 0.0005
"""Seconds that a thread may keep the interpreter while another one waits for it."""


def prepare_server_process() -> None:
    """Patch and protect a server, and let it interrupt training threads ten times sooner.

    The event loop waits this long for a training slice to release the interpreter, each time that
    it has something to do, and it has a dozen things to do for each frame. Python's default is
    5 ms. Safe to call repeatedly.
    """
    prepare_log()
    patch_server()
    check_requests()
    limit_messages()
    sys.setswitchinterval(SWITCH_INTERVAL)


def use_one_torch_thread() -> None:
    """Have PyTorch compute with one thread; the initialiser of each worker thread.

    Two threads make operations as small as those of the pages' networks many times slower.
    """
    torch.set_num_threads(1)
