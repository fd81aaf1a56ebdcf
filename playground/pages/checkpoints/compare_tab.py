"""Two frames side by side: the pinned one, and the one that is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.controls.deferred import DeferredTab
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.serving.heartbeat import Heartbeat
from playground.views.live_view import LiveView
from playground.views.theme import Theme

ViewFactory = Callable[[Any, Theme], LiveView]
"""Makes a live view of a frame."""
Describe = Callable[[Any], str]
"""Describes a frame's progress in HTML."""


class CompareTab(Part):
    """The same view twice: of the frame that is pinned in `CheckpointBar`, and of the newest.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    bar : CheckpointBar
        Until a frame is pinned, the one before any training is shown.
    make_view, describe : callable
        Make the view, and the caption, of a frame.
    square : bool
        Whether the views are square, as a plane is.
    """

    def __init__(
        self,
        heartbeat: Heartbeat[Any, Any],
        theme: Theme,
        bar: CheckpointBar,
        make_view: ViewFactory,
        describe: Describe,
        *,
        square: bool = False,
    ) -> None:
        super().__init__()
        self._describe, self._bar = describe, bar
        frame = heartbeat.frame
        self.views: tuple[LiveView, ...] = (make_view(frame, theme), make_view(frame, theme))
        self._captions: list[LiveHTML] = []
        bar.param.watch(self._on_pinned, "pinned")
        self._row = DeferredTab(
            make=lambda: [*map(self._side, self.views)],
            css_classes=["pg-compared", *(["pg-squares"] if square else [])],
            sizing_mode="stretch_both",
            margin=0,
        )

    def __panel__(self) -> pn.Row:
        return self._row

    def _side(self, view: LiveView) -> pn.Column:
        caption = LiveHTML("", css_classes=["pg-compare-words"], margin=0)
        self._captions.append(caption)
        self._describe_side(len(self._captions) - 1)
        plot = pn.Column(view.pane(), css_classes=["pg-plot"], margin=0)
        return pn.Column(caption, plot, css_classes=["pg-compare"], margin=0)

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Show a newer frame on the right; on both sides if the classes have changed.

        Before any training both sides show what a link, or another choice of data, has made of it.
        """
        self._show(1, frame)
        is_untrained = self._bar.pinned is None and not frame.step
        if is_untrained or frame.classes != self.views[0].frame.classes:
            self._show(0, frame)

    def keep(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Keep a newer frame for the right side."""
        self.views[1].frame = frame

    def _on_pinned(self, event: param.parameterized.Event) -> None:
        self._show(0, event.new)

    def _show(self, side: int, frame: Any) -> None:  # noqa: ANN401
        self.views[side].push(frame)
        if self._captions:
            self._describe_side(side)

    def _describe_side(self, side: int) -> None:
        name, text = ("Pinned", "Shown")[side], self._describe(self.views[side].frame)
        self._captions[side].object = f"<p><b>{name}</b> {text}</p>"
