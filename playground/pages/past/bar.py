"""A slider through all that is remembered of a run."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from playground.live import Heartbeat
from playground.pages.buttons import button, relabel
from playground.pages.part import Part
from playground.pages.words import Words

SHOW = 6.0
"""Seconds that a run takes when it is played again, as far as it has moments enough."""
FASTEST, SLOWEST = 40, 300
"""Milliseconds between two moments while they are played."""


class PastBar(Part):
    """Looks back at moments of a run, and plays them again.

    Parameters
    ----------
    heartbeat : Heartbeat
        Its trainer's past is shown; the slider's right end is the present.
    *beside : Part
        What else can be done with a moment, in the same line.

    Attributes
    ----------
    held : object or None
        The frame that somebody wants to compare with, last.
    """

    held = param.Parameter(default=None, doc="The frame to compare with.")

    def __init__(self, heartbeat: Heartbeat[Any, Any], *beside: Part) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._moments: tuple[Any, ...] = ()
        self._player: pn.io.PeriodicCallback | None = None
        self._filling = False
        self._slider = pn.widgets.IntSlider(
            name="Moment of the past",
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
        self._slider.param.watch(self._slide, "value")
        self._where = Words("", css_classes=["pg-past-where"], margin=0)
        self._replay = button("replay", "Play it again", self._toggle, kind="pg-small", width=26)
        self._hold = button(
            "pin", "Hold this moment, to compare it in the tab Compare", self._keep,
            kind="pg-small", width=26,
        )  # fmt: skip
        heartbeat.param.watch(self._show_place, "back")
        self._row = pn.Row(
            self._replay,
            self._slider,
            self._where,
            self._hold,
            *beside,
            css_classes=["pg-past"],
            sizing_mode="stretch_width",
            margin=0,
        )
        self.follow(heartbeat.frame)

    def __panel__(self) -> pn.Row:
        return self._row

    def follow(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Have the slider reach over all that is remembered now."""
        moments = self._heartbeat.trainer.past.moments
        if moments is not self._moments or self._heartbeat.back is None:
            self._moments = moments
            self._show_place()

    # Where one is ------------------------------------------------------------------------------

    def _show_place(self, *_: object) -> None:
        back, count = self._heartbeat.back, len(self._moments)
        place = count if back is None else min(back, count)
        self._filling = True
        try:
            self._slider.param.update(end=max(1, count), value=max(place, int(count == 0)))
        finally:
            self._filling = False
        self._slider.disabled = self._replay.disabled = not count
        self._where.object = self._text(place)
        if back is None and self._player is not None:
            self._stop()

    def _text(self, place: int) -> str:
        if not self._moments:
            return "<span>Train, and what was can be looked at again.</span>"
        last = f"{self._heartbeat.trainer.epoch:,}"
        if place >= len(self._moments):
            return f"<span>now: epoch <b>{last}</b></span>"
        return f"<span>epoch <b>{self._moments[place].epoch:,.4g}</b> of {last}</span>"

    def _slide(self, event: param.parameterized.Event) -> None:
        if self._filling:
            return
        self._stop()
        self._look(event.new)

    def _look(self, place: int) -> None:
        self._heartbeat.back = place if place < len(self._moments) else None

    # Playing it again ---------------------------------------------------------------------------

    @property
    def playing(self) -> bool:
        """Whether the past is being played."""
        return self._player is not None

    def onward(self) -> None:
        """Show the next moment; at the last one, stop."""
        back = self._heartbeat.back
        if back is None:
            self._stop()
        else:
            self._look(back + self._stride)

    @property
    def _stride(self) -> int:
        return max(1, round(len(self._moments) * FASTEST / (1000 * SHOW)))

    def _toggle(self, _event: object) -> None:
        if self.playing:
            self._stop()
        elif self._moments:
            if self._heartbeat.back is None:
                self._heartbeat.back = 0
            pause = 1000 * SHOW * self._stride / len(self._moments)
            period = round(min(max(pause, FASTEST), SLOWEST))
            self._player = pn.state.add_periodic_callback(self.onward, period=period)
            relabel(self._replay, "pause", "Stop here")

    def _stop(self) -> None:
        if self._player is not None:
            self._player.stop()
            self._player = None
            relabel(self._replay, "replay", "Play it again")

    def _keep(self, _event: object) -> None:
        self.held = self._heartbeat.frame
