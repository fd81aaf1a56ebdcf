"""Settings of the whole process that training beside an event loop needs.

Nothing here happens on import: `prepare_server_process` is called where pages are served,
`prepare_training_process` where a page is shown in whatever server. A notebook's kernel, which
belongs to the person who started it, keeps its own settings.
"""

from __future__ import annotations

import gc
import sys
from functools import cache

import torch
from bokeh.settings import settings as bokeh_settings

from playground.serving.patches.bokeh_patches import patch_server
from playground.serving.patches.component_speedups import share_parameters
from playground.serving.patches.message_speedups import skip_busy_counter
from playground.serving.process.compressed_files import send_compressed_files
from playground.serving.process.garbage import delay_collections
from playground.serving.process.logs import prepare_log
from playground.serving.protection import (
    check_requests,
    limit_connections,
    limit_messages,
    limit_sign_in,
)
from playground.serving.settings.server_settings import server_settings
from playground.training.populations.memory import shared_memory

SWITCH_INTERVAL = 0.0005
"""Seconds that a thread may keep the interpreter while another one waits for it."""

COLLECTION_THRESHOLDS = (10_000, 3, 100)
"""When Python collects garbage; its own are (700, 10, 10).

Opening a page makes 60,000 objects that stay, for which Python goes through the objects of all open
pages again and again: a quarter of a second for each page that opens once ten are open, in which
nobody is answered. These go through them once in 60 pages; new objects are looked at soon,
and `garbage.py` collects what sessions have left that have ended.
"""


def prepare_server_process() -> None:
    """Prepare a process that serves nothing but Playground, and protect it; safe to repeat.

    A page in another app leaves that app's log, requests and messages alone.
    """
    prepare_log()
    limit_connections()
    check_requests()
    limit_messages()
    limit_sign_in()
    shared_memory.limit = server_settings().max_networks_mb * 2**20
    skip_busy_counter()
    share_parameters()
    delay_collections()
    send_compressed_files()
    keep_bokeh_settings()
    prepare_training_process()
    freeze_libraries()


def prepare_training_process() -> None:
    """Patch Panel, and let the event loop interrupt training threads ten times sooner.

    The event loop waits this long for a training slice to release the interpreter, each time that
    it has something to do, and it has a dozen things to do for each frame. Python's default is
    5 ms. Safe to call repeatedly.
    """
    patch_server()
    sys.setswitchinterval(SWITCH_INTERVAL)


@cache
def keep_bokeh_settings() -> None:
    """Keep the settings of Bokeh's that it asks for each model, as they are now; once.

    It looks for each in the environment and in three files, and compares the signature of each
    callback with what it should be. Example: of a hundred times `Div()` in a document that is sent,
    a tenth of the time goes into that.
    """
    bokeh_settings.perform_error_diagnostics = False
    for name in ("serialize_include_defaults", "simple_ids"):
        setattr(bokeh_settings, name, getattr(bokeh_settings, name)())


@cache
def freeze_libraries() -> None:
    """Leave what is loaded by now, libraries above all, out of garbage collections; once.

    Those that remain are rarer, see `COLLECTION_THRESHOLDS`.

    Each full collection looks at all objects there are, and stops the event loop meanwhile: 0.3 s
    with those of PyTorch, Panel and Bokeh.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTION_THRESHOLDS)


def use_one_torch_thread() -> None:
    """Have PyTorch compute with one thread; the initialiser of each worker thread.

    Two threads make operations as small as those of the pages' networks many times slower.
    """
    torch.set_num_threads(1)
