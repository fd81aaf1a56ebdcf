"""Play, pause, step, reset and pace: what moves time."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.buttons import button, relabel
from playground.pages.part import Beat, Part
from playground.training.frame import Frame

PACES: dict[str, float | None] = {
    "1 epoch/s": 1.0,
    "5 epochs/s": 5.0,
    "20 epochs/s": 20.0,
    "60 epochs/s": 60.0,
    "200 epochs/s": 200.0,
    "full speed": None,
}


class Transport(Part):
    """The buttons in the header, and the numbers beside them."""

    def __init__(self, heartbeat: Beat) -> None:
        super().__init__()
        self.heartbeat = heartbeat
        self._play = button("play", "Play", self._toggle, kind="pg-play")
        self._numbers = pn.pane.HTML(
            self._text(heartbeat.frame), css_classes=["pg-numbers"], margin=0
        )
        names = {value: name for name, value in PACES.items()}
        pace = pn.widgets.Select(
            options=list(PACES), value=names.get(heartbeat.pace, "full speed"), width=130, margin=0
        )
        pace.param.watch(self._set_pace, "value")
        heartbeat.param.watch(self._show_running, "running")
        self._row = pn.Row(
            button("reset", "Reset to the same initial weights", self._reset),
            self._play,
            button("step", "One step: a single batch", self._step),
            button("epoch", "One epoch: all samples once", self._epoch),
            button("dice", "New initial weights", self._reroll),
            self._numbers,
            pace,
            css_classes=["pg-transport"],
            margin=0,
        )

    def __panel__(self) -> pn.Row:
        return self._row

    def follow(self, frame: Frame) -> None:
        """Bring the numbers up to date."""
        self._numbers.object = self._text(frame)

    def _set_pace(self, event: param.parameterized.Event) -> None:
        self.heartbeat.pace = PACES[event.new]

    def _toggle(self, _event: object) -> None:
        self.heartbeat.running = not self.heartbeat.running

    def _show_running(self, event: param.parameterized.Event) -> None:
        name = "pause" if event.new else "play"
        relabel(self._play, name, name.capitalize())

    def _reset(self, _event: object) -> None:
        self.heartbeat.trainer.reset()
        self.heartbeat.refresh()

    def _reroll(self, _event: object) -> None:
        self.heartbeat.trainer.reset(new_weights=True)
        self.heartbeat.refresh()

    def _step(self, _event: object) -> None:
        self.heartbeat.running = False
        self.heartbeat.learn(1)

    def _epoch(self, _event: object) -> None:
        self.heartbeat.running = False
        self.heartbeat.learn(self.heartbeat.trainer.steps_to_epoch_end)

    @staticmethod
    def _text(frame: Frame) -> str:
        cells = [("epoch", f"{frame.epoch:,}"), ("train loss", number(frame.train.loss))]
        cells.append(("test loss", number(frame.test.loss)))
        if not frame.regression:
            cells.append(("test accuracy", percent(frame.test.accuracy)))
        figures = "".join(f"<span><b>{value}</b>{label}</span>" for label, value in cells)
        return f'<div class="pg-figures">{figures}</div>'


def number(value: float) -> str:
    """A loss, or a dash where there is none."""
    return "–" if value != value else f"{value:.3f}" if abs(value) < 1000 else f"{value:.2g}"


def percent(share: float) -> str:
    """A share as a percentage, or a dash where there is none."""
    return "–" if share != share else f"{share:.0%}"
