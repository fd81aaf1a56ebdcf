"""A slider over the checkpoints of a run, on the curve of its loss, with replay and pin."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from playground.pages.checkpoints.loss_curves_svg import loss_curves_svg
from playground.pages.controls.buttons import button, relabel
from playground.pages.controls.changed_values import set_changed
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.serving.heartbeat import Heartbeat

REPLAY_SECONDS = 6.0
"""Seconds that the replay of a run takes, if it has enough checkpoints."""
FRESH = "<span>Once it learns, drag here to go back in time.</span>"
"""What is said before there is a past."""
MIN_FRAME_TIME, MAX_FRAME_TIME = 40, 300
"""Bounds of the milliseconds between two checkpoints of a replay."""


class CheckpointBar(Part):
    """Shows checkpoints of a run, and replays them.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of the trainer whose checkpoints are shown; the slider's right end is the latest state.
    *beside : Part
        What else is shown beside the text.
    pins : bool
        Whether a checkpoint can be pinned.

    Attributes
    ----------
    pinned : object or None
        The frame that was pinned last, to be compared with others.
    """

    pinned = param.Parameter(default=None, doc="The frame to compare with.")

    def __init__(self, heartbeat: Heartbeat[Any, Any], *beside: Part, pins: bool = True) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._infos: tuple[Any, ...] = ()
        self._timer: pn.io.PeriodicCallback | None = None
        self._updating = False
        self._slider = pn.widgets.IntSlider(
            name="Checkpoint",
            start=0,
            end=1,
            value=1,
            show_value=False,
            tooltips=False,
            disabled=True,
            sizing_mode="stretch_width",
            margin=0,
            css_classes=["pg-past-slider"],
        )
        self._slider.param.watch(self._on_slide, "value")
        self._ground = LiveHTML("", css_classes=["pg-past-ground"], margin=0)
        self._position_text = LiveHTML("", css_classes=["pg-past-where"], margin=0)
        # By itself, in the middle: a text that became another one would be seen to jump.
        self._soon = LiveHTML(FRESH, css_classes=["pg-past-soon"], margin=0)
        self._replay = button("replay", "Replay", self._toggle, kind="pg-small", width=26)
        self._pin_button = button(
            "pin", "Pin this checkpoint for the Compare tab", self._pin,
            kind="pg-small", width=26,
        )  # fmt: skip
        heartbeat.param.watch(self._update_slider, ["shown_checkpoint", "running"])
        # The text changes its length, and the slider must not: it lies over the curve.
        self._track = pn.Column(
            self._ground,
            self._slider,
            self._soon,
            pn.Row(self._position_text, *beside, css_classes=["pg-past-words"], margin=0),
            css_classes=["pg-past-track"],
            margin=0,
        )
        self._row = pn.Row(
            self._replay,
            self._track,
            *([self._pin_button] if pins else []),
            css_classes=["pg-past"],
            sizing_mode="stretch_width",
            margin=0,
        )
        self.update(heartbeat.frame)

    def __panel__(self) -> pn.Row:
        return self._row

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Let the slider span all checkpoints."""
        infos = self._heartbeat.trainer.checkpoints.infos
        if infos is not self._infos or self._heartbeat.shown_checkpoint is None:
            self._infos = infos
            self._update_slider()
            self._draw_ground()

    # Position ------------------------------------------------------------------------------------

    def _update_slider(self, *_: object) -> None:
        shown_checkpoint, count = self._heartbeat.shown_checkpoint, len(self._infos)
        position = count if shown_checkpoint is None else min(shown_checkpoint, count)
        self._updating = True
        try:
            end, value = max(1, count), max(position, int(count == 0))
            if (self._slider.end, self._slider.value) != (end, value):
                self._slider.param.update(end=end, value=value)
        finally:
            self._updating = False
        for control in (self._slider, self._replay):
            set_changed(control, disabled=not count)
        # One moment is no past: what there is to see comes with the second.
        fresh = ["pg-past-fresh"] if count <= 1 and shown_checkpoint is None else []
        marks = fresh or (["pg-past-told"] if position < count else [])
        set_changed(self._row, css_classes=["pg-past", *marks])
        set_changed(self._track, css_classes=["pg-past-track", *marks])
        set_changed(self._soon, visible=bool(fresh))
        set_changed(self._position_text, object="" if fresh else self._text(position))
        if shown_checkpoint is None and self._timer is not None:
            self._stop()

    def _text(self, position: int) -> str:
        last = f"{self._heartbeat.trainer.epoch:,}"
        if position >= len(self._infos):
            # While it trains, the header counts epochs more often than this is shown.
            epoch = "" if self._heartbeat.running else f": epoch <b>{last}</b>"
            return f"<span>now{epoch}</span>"
        at = f"{self._infos[position].epoch:,.4g}"
        return f'<span class="pg-past-note">You are at epoch <b>{at}</b> of {last}</span>'

    def _draw_ground(self) -> None:
        pinned = None if self.pinned is None else float(self.pinned.epoch)
        self._ground.object = loss_curves_svg(self._infos, pinned)

    def _on_slide(self, event: param.parameterized.Event) -> None:
        if self._updating:
            return
        self._stop()
        self._show_checkpoint(event.new)

    def _show_checkpoint(self, position: int) -> None:
        self._heartbeat.shown_checkpoint = position if position < len(self._infos) else None

    # Replay -------------------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether a replay is running."""
        return self._timer is not None

    def show_next(self) -> None:
        """Show the next checkpoint; stop at the latest state."""
        shown_checkpoint = self._heartbeat.shown_checkpoint
        if shown_checkpoint is None:
            self._stop()
        else:
            self._show_checkpoint(shown_checkpoint + self._stride)

    @property
    def _stride(self) -> int:
        return max(1, round(len(self._infos) * MIN_FRAME_TIME / (1000 * REPLAY_SECONDS)))

    def _toggle(self, _event: object) -> None:
        if self.playing:
            self._stop()
        elif self._infos:
            if self._heartbeat.shown_checkpoint is None:
                self._heartbeat.shown_checkpoint = 0
            pause = 1000 * REPLAY_SECONDS * self._stride / len(self._infos)
            period = round(min(max(pause, MIN_FRAME_TIME), MAX_FRAME_TIME))
            self._timer = pn.state.add_periodic_callback(self.show_next, period=period)
            relabel(self._replay, "pause", "Stop here")

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            relabel(self._replay, "replay", "Replay")

    def _pin(self, _event: object) -> None:
        self.pinned = self._heartbeat.frame
        self._draw_ground()
