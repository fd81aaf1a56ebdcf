"""Messages of the browser that reach a notebook's kernel before the comm they belong to is open.

JupyterLab 4.4 opens a comm on the shell that runs the cells, and sends the messages that follow to
a subshell, a thread of its own (https://github.com/jupyterlab/jupyterlab/pull/17363). While a cell
runs, the messages come first, and ipykernel drops what is for a comm it does not know. A click on a
page was lost then; and because Panel waits for the answer to each message, the clicks of the next
five seconds were lost with it. Example: a cell that shows `pn.widgets.Button(on_click=print)`, the
next cell `time.sleep(5)`, both run at once, and a click before the second has ended.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Any

Message = dict[str, Any]

MAX_KEPT = 1000
"""Messages kept at once. Those for a comm that never opens are the oldest, and go first."""


class EarlyMessages:
    """Keeps the messages of comms that are not open yet, until they are.

    Parameters
    ----------
    kernel
        An ipykernel, whose handler of messages to comms is replaced. Its event loop is running.
    """

    def __init__(self, kernel: Any) -> None:  # noqa: ANN401 (ipykernel is not always installed)
        self._loop = asyncio.get_running_loop()
        self._comms = kernel.comm_manager.comms
        self._handle = kernel.shell_handlers["comm_msg"]
        self._kept: deque[Message] = deque(maxlen=MAX_KEPT)
        kernel.shell_handlers["comm_msg"] = self._on_message

    def release(self, comm_id: str, handle: Callable[[Message], None]) -> None:
        """Have a comm that has just been opened handle its messages; call on the event loop."""
        early = [each for each in self._kept if each["content"]["comm_id"] == comm_id]
        for message in early:
            self._kept.remove(message)
            handle(message)

    def _on_message(self, stream: object, ident: object, message: Message) -> None:
        comm = self._comms.get(message["content"]["comm_id"])
        if comm is not None and comm._msg_callback is not None:
            self._handle(stream, ident, message)
        else:
            # Comms are opened on the event loop, so there none opens between test and append.
            self._loop.call_soon_threadsafe(self._keep, message)

    def _keep(self, message: Message) -> None:
        comm = self._comms.get(message["content"]["comm_id"])
        if comm is None:
            self._kept.append(message)
        else:
            comm.handle_msg(message)


@cache
def keep_early_messages(kernel: Any) -> EarlyMessages:  # noqa: ANN401
    """Keep a kernel's early messages from now on, once; call on the kernel's event loop."""
    return EarlyMessages(kernel)
