"""Updates of the parts of a page, in turns while its network is training."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from playground.pages.part import Part
from playground.serving.error_text import error_text
from playground.serving.giving_way import give_way
from playground.serving.heartbeat import Heartbeat

ALWAYS, OFTEN, SOMETIMES, SELDOM = 1, 3, 6, 12
"""Frames between two updates of a part while the network is training."""
SETTLE_TIME = 0.15
"""Seconds without a movement after which the checkpoint slider counts as settled."""

log = logging.getLogger(__name__)


class PartUpdates:
    """Updates parts with frames, and leaves alone those that fail.

    Parameters
    ----------
    fail : callable
        Shows a person a sentence on what went wrong.
    """

    def __init__(self, fail: Callable[[str], None]) -> None:
        self._fail = fail
        self._frames = 0
        self._updates_all = True
        self._scrubbing = False
        self._broken_parts: set[Part] = set()
        self._structure: object = None
        self._shown_checkpoint: int | None = None
        self._settle_timer: asyncio.TimerHandle | None = None

    def begin(self, structure: object) -> None:
        """Set the structure of the frame that the parts were built with."""
        self._structure = structure

    def update(
        self,
        frame: object,
        structure: object,
        heartbeat: Heartbeat[Any, Any],
        parts: Iterable[tuple[Part, int]],
    ) -> None:
        """Update parts with a frame: those whose turn it is, or all of them.

        While training, or scrubbing through checkpoints, they take turns.

        Parameters
        ----------
        frame : Frame or another
        structure : object
            Part of the frame whose change is seen at once, everywhere.
        heartbeat : Heartbeat
        parts : iterable of (Part, int)
            With the number of frames between two updates.
        """
        self._frames += 1
        shown_checkpoint = heartbeat.shown_checkpoint
        self._scrubbing = (
            shown_checkpoint is not None and shown_checkpoint != self._shown_checkpoint
        )
        takes_turns = heartbeat.running or self._scrubbing
        self._updates_all = not takes_turns or structure != self._structure
        self._structure, self._shown_checkpoint = structure, shown_checkpoint
        for part, interval in parts:
            if self.is_due(interval):
                self._update_part(part, frame)
            elif self.is_due(OFTEN):  # A frame takes 100 kB: one is kept, not one of each interval.
                part.keep(frame)

    def is_due(self, interval: int) -> bool:
        """Return whether the latest frame is one for what is updated at such an interval."""
        return self._updates_all or self._frames % interval == 0

    def is_all_due(self) -> bool:
        """Whether the next frame is for more than what is updated with every frame."""
        return (self._frames + 1) % OFTEN == 0

    def _update_part(self, part: Part, frame: object) -> None:
        """Update a part; if that fails, say so once, and leave it as it is from then on."""
        if part in self._broken_parts:
            return
        give_way()
        try:
            part.update(frame)
        except Exception as error:  # Whatever it is, the network and the other parts go on.
            log.exception("A part of a page could not be drawn.")
            self._broken_parts.add(part)
            self._fail(
                f"A part of this page can't be drawn any more ({error_text(error)}). Training goes"
                " on; reload the page to have all of it again."
            )

    def finish(self, heartbeat: Heartbeat[Any, Any]) -> None:
        """Have all parts updated once the checkpoint slider has settled, if it was moved."""
        if not self._scrubbing:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            heartbeat.refresh()
            return
        if self._settle_timer is not None:
            self._settle_timer.cancel()
        self._settle_timer = loop.call_later(SETTLE_TIME, heartbeat.refresh)
