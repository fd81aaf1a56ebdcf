"""A part of the page that follows what the network does."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.training.frame import Frame


class Part(pn.viewable.Viewer):
    """Something on the page, built once, that can be brought up to date with a newer Frame."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)

    def follow(self, frame: Frame) -> None:
        """Bring what is seen up to date; a part that depends on no Frame has nothing to do."""
