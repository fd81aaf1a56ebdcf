"""A download button whose content is made by a coroutine."""

from __future__ import annotations

from typing import Any

import panel as pn


class AsyncDownload(pn.widgets.FileDownload):
    """A download that may fail.

    Its callback is a coroutine function that returns a file object, or None after showing why there
    is nothing to download.
    """

    async def _async_sync_data(self) -> None:
        callback: Any = self.callback
        if (file := await callback()) is not None:
            self._sync_data(file)
