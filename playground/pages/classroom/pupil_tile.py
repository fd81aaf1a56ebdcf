"""A tile of the teacher's page: what one pupil trains, as a small picture, and how it goes."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import param

from playground.classroom import Pupil, PupilState
from playground.pages.runs.run_description import score_text
from playground.runs import RunSummary
from playground.serving.browser.browser_component import BrowserComponent

HERE = Path(__file__)


class PupilTile(BrowserComponent):
    """A button with a picture and a few words. What changes is sent, and nothing else.

    Whatever it shows is inserted as text, never as HTML.

    Parameters
    ----------
    pupil : Pupil
    open_pupil : callable
        Called when the tile is clicked.
    """

    nickname = param.String(default="", doc="Of the pupil.")
    picture = param.String(default="", doc='Data URI of a PNG; "" without one.')
    # One parameter, since each that changes takes the event loop a quarter of a millisecond.
    state = param.Dict(default={}, doc="What `state_words` returns.")
    chosen = param.Boolean(default=False, doc="Whether the pupil's page is open below.")

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, pupil: Pupil, open_pupil: Callable[[], None], **params: Any) -> None:
        super().__init__(nickname=pupil.nickname, margin=0, sizing_mode="stretch_width", **params)
        self._open = open_pupil

    def show_state(self, state: PupilState) -> None:
        """Show the state of the pupil."""
        words = state_words(state)
        if words != self.state:
            self.state = words

    def show_picture(self, png: bytes) -> None:
        """Show what the network predicts."""
        self.picture = f"data:image/png;base64,{b64encode(png).decode()}"

    def receive(self, message: object) -> bool:
        """Open the pupil's page."""
        if message != "open":
            return False
        self._open()
        return True


def state_words(state: PupilState) -> dict[str, str]:
    """Return what a tile says, by the names of its places."""
    return {
        "task": " · ".join(filter(None, [state.page, state.task])),
        "score": state_score(state),
        "activity": state.activity,
        "reason": state.reason,
        "help": "asks for help" if state.needs_help else "",
    }


def state_score(state: PupilState) -> str:
    """Return the epoch and the best available score; "" before there is a network."""
    if math.isnan(state.epoch):
        return ""
    return score_text(RunSummary(state.epoch, 0, state.train, state.test, 0))
