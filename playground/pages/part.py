"""A part of the page that follows what the network does."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.serving.heartbeat import Heartbeat
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer

DenseHeartbeat = Heartbeat[Trainer, Frame]
"""What keeps a page about a small dense network going."""


class Part(pn.viewable.Viewer):
    """Something on the page, built once, that can be brought up to date with a newer Frame."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)

    def update(self, frame: Any) -> None:  # noqa: ANN401 (each part knows what its trainer gives)
        """Bring what is seen up to date; a part that depends on no Frame has nothing to do."""
