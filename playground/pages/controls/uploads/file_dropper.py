"""A widget on which files are dropped, or which opens a file chooser."""

from __future__ import annotations

import logging
import math
import time
from typing import Any, ClassVar
from weakref import WeakSet

import panel as pn
import param

from playground.errors import InputError
from playground.pages.controls.help_tags import help_tags
from playground.serving.process.server_metrics import REFUSALS
from playground.serving.protection.upload_quota import count_upload
from playground.serving.settings.server_settings import server_settings

log = logging.getLogger(__name__)

# FilePond shows a growing list of files. The label has room for the one that is being uploaded;
# complete ones are hidden.
QUEUE_CSS = """
.filepond--root { overflow: hidden; }
.filepond--list-scroller { transform: none !important; margin: 0 !important; }
.filepond--item { transform: none !important; }
.filepond--item[data-filepond-item-state*="complete"] { display: none; }
"""
MB = 1_000_000
CHUNK_SIZE = MB
"""Bytes of one message of an upload; a message of over 4 MB would end the session."""
PARALLEL_UPLOADS = 2
"""Files of one widget that are uploaded at the same time: FilePond's own number."""
STALE_SECONDS = 60.0
"""After which an upload that has stopped makes room for others."""
QUIET_SECONDS = 2.0
"""After which a name can be used again of which two files came at once."""
ALL_UPLOADS = 4
"""Largest number of bytes of unfinished uploads of all sessions, in files of the largest size."""
MAX_NAME_LENGTH = 255


class FileUpload(pn.widgets.FileDropper):
    """A FileDropper that enforces its limits on the server, and does not keep what was read.

    Panel has the browser check sizes. What arrives is whatever a browser sends, such as the first
    pieces of a thousand files; and each file stays in `value`.

    Parameters
    ----------
    max_mb : int
        Megabytes of one file; the server's own limit may be lower.
    **params
        As for `pn.widgets.FileDropper`.
    """

    refusal = param.String(
        "", doc="Why the last file was refused; watch it with `onlychanged=False`."
    )

    _rename: ClassVar[dict[str, str | None]] = {"refusal": None, "value": None}

    def __init__(self, max_mb: int, **params: Any) -> None:
        self._max_bytes = min(max_mb, server_settings().max_upload_mb) * MB
        super().__init__(
            max_file_size=f"{self._max_bytes // MB}MB", chunk_size=CHUNK_SIZE, previews=[], **params
        )
        self._last_chunk = 0.0
        self._mixed: dict[str, float] = {}
        _all_uploads.add(self)

    def take(self) -> list[tuple[str, bytes]]:
        """Return name and content of each file that has arrived, oldest first, and forget them."""
        files = [
            (name, content.encode() if isinstance(content, str) else content)
            for name, content in self.value.items()
        ]
        self.value.clear()
        self.mime_type.clear()
        return files

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of files that have arrived in part."""
        return sum(len(chunk) for chunks in self._file_buffer.values() for chunk in chunks)

    def forget_unfinished(self) -> None:
        """Forget files that have arrived in part."""
        self._file_buffer.clear()

    def _process_event(self, event: Any) -> None:  # noqa: ANN401 (Panel's events have no common type)
        if event.event_name == "delete_event":
            return  # A file that has arrived is used at once.
        data = event.data
        try:
            self._check_chunk(data)
        except InputError as error:
            if isinstance(data, dict):
                self._file_buffer.pop(data.get("name"), None)
            REFUSALS.labels("upload").inc()
            log.warning("upload refused", extra={"reason": str(error)})
            self.refusal = str(error)
            return
        self._last_chunk = time.monotonic()
        super()._process_event(event)

    def _check_chunk(self, data: Any) -> None:  # noqa: ANN401 (whatever a browser sends)
        """Raise InputError unless this is the next piece of a file, and there is room for it."""
        if not _is_chunk(data):
            raise InputError("The upload was not what a browser sends; please try it again.")
        name, number = data["name"], data["chunk"]
        self._refuse_mixed(name, number)
        if number == 1:
            self._file_buffer.pop(name, None)
            if len(self._file_buffer) >= PARALLEL_UPLOADS:
                raise InputError("Too many files at once; please upload one after the other.")
            count_upload()
        elif number != len(self._file_buffer.get(name, ())) + 1:
            raise InputError("A piece of the file is missing; please upload it again.")
        size = sum(map(len, self._file_buffer.get(name, ()))) + len(data["data"])
        if max(size, (data["total_chunks"] - 1) * CHUNK_SIZE) > self._max_bytes:
            raise InputError(
                f"The file is larger than {self._max_bytes // MB} MB, which is the most."
            )
        _make_room(len(data["data"]))

    def _refuse_mixed(self, name: str, number: int) -> None:
        """Raise InputError if two files of a name come at once.

        A piece does not say which of them it is from: the file would be a mixture. FilePond never
        stops an upload, not even one that a person cancels.
        """
        now = time.monotonic()
        is_begun = name in self._file_buffer and now - self._last_chunk < STALE_SECONDS
        was_mixed = now - self._mixed.get(name, -math.inf) < QUIET_SECONDS
        if was_mixed or (number == 1 and is_begun):
            self._mixed = {name: now}
            raise InputError(
                "Two files of the same name came at once; please upload one after the other."
            )


def file_dropper(max_mb: int) -> FileUpload:
    """Make a widget that uploads one or several files.

    Parameters
    ----------
    max_mb : int
        Megabytes of one file.
    """
    return FileUpload(
        max_mb,
        multiple=True,
        layout="compact",
        margin=0,
        height=56,
        sizing_mode="stretch_width",
        stylesheets=[QUEUE_CSS],
        tags=help_tags(f"Takes files of up to {max_mb} MB, dropped here or chosen."),
    )


_all_uploads: WeakSet[FileUpload] = WeakSet()


def _make_room(size: int) -> None:
    """Raise InputError if there is no room for so many bytes more, stale uploads forgotten."""
    limit = ALL_UPLOADS * server_settings().max_upload_mb * MB
    if sum(each.unfinished_bytes for each in _all_uploads) + size <= limit:
        return
    now = time.monotonic()
    for each in _all_uploads:
        if now - each._last_chunk > STALE_SECONDS:
            each.forget_unfinished()
    if sum(each.unfinished_bytes for each in _all_uploads) + size > limit:
        raise InputError("Many files are being uploaded just now; please try again in a minute.")


def _is_chunk(data: object) -> bool:
    if not isinstance(data, dict):
        return False
    name, kind = data.get("name"), data.get("type")
    numbers = (data.get("chunk"), data.get("total_chunks"))
    return (
        isinstance(name, str)
        and len(name) <= MAX_NAME_LENGTH
        and isinstance(kind, str)
        and isinstance(data.get("data"), bytes)
        and all(type(each) is int for each in numbers)
        and 1 <= numbers[0] <= numbers[1]  # type: ignore[operator]
    )
