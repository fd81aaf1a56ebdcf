"""The result of work in a worker thread, for a coroutine of a page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from playground.errors import InputError
from playground.serving.error_text import error_text
from playground.serving.threads.thread_pools import workers

T = TypeVar("T")

log = logging.getLogger(__name__)


async def worker_result(
    work: Callable[[], T],
    on_error: Callable[[str], object],
    pool: Executor = workers,
    failed: str = "That went wrong",
) -> T | None:
    """Return what `work` returns in another thread, or None after saying why there is nothing.

    Parameters
    ----------
    work : callable
        It must not touch the page.
    on_error : callable
        Given a sentence for the person.
    pool : Executor
        One of `playground.serving.threads.thread_pools`.
    failed : str
        Begins the sentence about an error that is none of the person's.
    """
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
    except InputError as error:
        on_error(str(error))
    except Exception as error:  # Whatever it is, the person must see it.
        log.exception("%s.", failed)
        on_error(f"{failed}: {error_text(error)}")
    return None
