"""Parts of a page: what shows, or sets, something about the network."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import panel as pn

from playground.serving.giving_way import give_way
from playground.serving.heartbeat import Heartbeat
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.views.live_view import LiveView

DenseHeartbeat = Heartbeat[Trainer, Frame]
"""The heartbeat of a page about a small dense network."""


class Part(pn.viewable.Viewer):
    """A part of a page: built once, then updated with each newer frame.

    A part that shows live views keeps them as attributes, or lists them in `views`; the page has
    them follow its theme.
    """

    def __init__(self, **params: Any) -> None:
        give_way()
        super().__init__(**params)

    def update(self, frame: Any) -> None:  # noqa: ANN401 (each part knows what its trainer gives)
        """Show a newer frame; a part that depends on none does nothing."""

    def keep(self, frame: Any) -> None:  # noqa: ANN401
        """Keep a newer frame, for whatever is drawn anew, instead of the one that is shown."""

    def pause(self) -> None:
        """Stop what the part computes by itself, as when another page is opened."""

    def resume(self) -> None:
        """Go on with what shows the network, as when the page is opened again."""


def live_views(parts: Iterable[Part]) -> tuple[LiveView, ...]:
    """All live views of parts, each once: those in `views`, else those among the attributes."""
    found: dict[LiveView, None] = {}
    for part in parts:
        views = getattr(part, "views", None)
        if views is None:
            views = [each for each in vars(part).values() if isinstance(each, LiveView)]
        found |= dict.fromkeys(views)
    return tuple(found)
