"""A button that downloads what is read in a worker thread."""

from __future__ import annotations

from typing import Any

import panel as pn


class AsyncDownload(pn.widgets.FileDownload):
    """A download that may turn out to be impossible.

    Its callback is a coroutine function, and returns a file, or None where there is nothing to
    download after all and whoever asked has been told why.
    """

    async def _async_sync_data(self) -> None:
        callback: Any = self.callback
        if (file := await callback()) is not None:
            self._sync_data(file)
