"""The transport: play, pause, steps, reset and pace, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import panel as pn
import param

from playground.number_text import format_loss, format_percent
from playground.pages.controls.buttons import button, relabel, worded_button
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.fields.parameter_fields import setting_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.shell.click_outside import ClickOutside
from playground.serving.heartbeat import Heartbeat
from playground.training.dense.frame import Frame

OPENER = "pg-opens-more"
"""Class of the button that shows the controls few need."""
LabelledNumbers = tuple[tuple[str, str], ...]
"""Pairs of a label and a number as text, shown beside the buttons."""

PACES: dict[str, float | None] = {
    "1 epoch/s": 1.0,
    "5 epochs/s": 5.0,
    "10 epochs/s": 10.0,
    "20 epochs/s": 20.0,
    "60 epochs/s": 60.0,
    "200 epochs/s": 200.0,
    "full speed": None,
}
"""Epochs a second by label; None for as many as the machine can do."""


def header_numbers(frame: Frame) -> LabelledNumbers:
    """Epoch, loss, and accuracy or error in units: on test samples, or else on training ones."""
    is_tested = len(frame.samples.test) > 0
    name, score = ("test", frame.test) if is_tested else ("train", frame.train)
    numbers = (("epoch", f"{frame.epoch:,}"), (f"{name} loss", format_loss(score.loss)))
    if not frame.regression:
        return *numbers, (f"{name} accuracy", format_percent(score.accuracy))
    if frame.errors is None:
        return numbers
    error = frame.errors[is_tested].mean_absolute
    text = "–" if error != error else frame.preprocessing.targets.format(error)
    return *numbers, (f"mean {name} error", text)


def score_line(frame: Frame) -> str:
    """Describe a frame in one line of HTML: epoch, losses and accuracy."""
    epoch, *scores = header_numbers(frame)
    if len(frame.samples.test):
        scores.insert(0, ("train loss", format_loss(frame.train.loss)))
    return " · ".join(f"{name} <b>{text}</b>" for name, text in (epoch, *scores))


class Transport(Part):
    """The buttons in the header, and the numbers beside them.

    Parameters
    ----------
    heartbeat : Heartbeat
    numbers : callable
        Returns the numbers for a frame of the heartbeat's trainer.
    paces : mapping of str to float or None
        Epochs a second by label; one of them is None, for full speed.
    """

    def __init__(
        self,
        heartbeat: Heartbeat[Any, Any],
        numbers: Callable[[Any], LabelledNumbers] = header_numbers,
        paces: Mapping[str, float | None] = PACES,
    ) -> None:
        super().__init__()
        self.heartbeat = heartbeat
        self._header_numbers, self._paces = numbers, paces
        self._play = button(
            "play", "Play", self._toggle, kind="pg-play", width=56, icon_size="26px"
        )
        self._numbers = LiveHTML(self._text(heartbeat.frame), css_classes=["pg-numbers"], margin=0)
        heartbeat.param.watch(self._show_running, "running")
        # The style sheet gives it a `display` of its own, which `visible` could not undo.
        self._more = DeferredColumn(
            make=self._make_more, css_classes=["pg-transport-place"], margin=0, visible=False
        )
        self._row = pn.Row(
            button("reset", "Reset to the same initial weights", self._reset),
            self._play,
            button("step", "One epoch: all samples once", self._epoch),
            button("more", "More: pace, single steps, new weights", self._toggle_more, kind=OPENER),
            self._more,
            css_classes=["pg-transport"],
            margin=0,
        )

    def __panel__(self) -> pn.Row:
        return self._row

    def _make_more(self) -> list[pn.Column]:
        self._pace = pn.widgets.Select(
            name="Pace",
            css_classes=["pg-inline"],
            sizing_mode="stretch_width",
            margin=0,
            tags=setting_tags(self.heartbeat, "pace"),
            **self._pace_options(),
        )
        self._pace.param.watch(self._set_pace, "value")
        self.heartbeat.param.watch(self._show_pace, "pace")
        controls = pn.Column(
            self._pace,
            worded_button("One step", "step", "One step: a single batch", self._step, "pg-wide"),
            worded_button(
                "New weights", "dice", "New initial weights", self._new_weights, "pg-wide"
            ),
            ClickOutside(self.close_more, over="pg-transport-more", opener=OPENER),
            css_classes=["pg-transport-more"],
            margin=0,
        )
        return [controls]

    @property
    def numbers(self) -> LiveHTML:
        """Epoch, losses and accuracies, to be shown beside the buttons."""
        return self._numbers

    def close_more(self) -> bool:
        """Fold the controls away that few need; return whether they were open."""
        was_open: bool = self._more.visible
        self._more.visible = False
        return was_open

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Show the numbers of a newer frame."""
        self._numbers.object = self._text(frame)

    def _pace_options(self) -> dict[str, Any]:
        """Options of the pace, with one that was set elsewhere, and the current one."""
        pace, paces = self.heartbeat.pace, dict(self._paces)
        if pace not in paces.values():
            paces[f"{pace:g} epochs/s"] = pace
        chosen = next(name for name, value in paces.items() if value == pace)
        return {"options": list(paces), "value": chosen}

    def _show_pace(self, _event: param.parameterized.Event) -> None:
        self._pace.param.update(**self._pace_options())

    def _set_pace(self, event: param.parameterized.Event) -> None:
        if event.new in self._paces:
            self.heartbeat.pace = self._paces[event.new]

    def _toggle_more(self, _event: object) -> None:
        self._more.visible = not self._more.visible

    def _toggle(self, _event: object) -> None:
        self.heartbeat.running = not self.heartbeat.running

    def _show_running(self, event: param.parameterized.Event) -> None:
        name = "pause" if event.new else "play"
        relabel(self._play, name, name.capitalize())

    def _reset(self, _event: object) -> None:
        self.heartbeat.trainer.reset()
        self.heartbeat.train_for(0)  # Drops epochs that were requested before the reset.

    def _new_weights(self, _event: object) -> None:
        self.heartbeat.trainer.reset(new_weights=True)
        self.heartbeat.train_for(0)

    def _step(self, _event: object) -> None:
        self.heartbeat.pause()
        self.heartbeat.train_for(1)

    def _epoch(self, _event: object) -> None:
        self.heartbeat.pause()
        self.heartbeat.train_for(epochs=1)

    def _text(self, frame: Any) -> str:  # noqa: ANN401
        cells = "".join(
            f"<span><b>{text}</b>{name}</span>" for name, text in self._header_numbers(frame)
        )
        return f'<div class="pg-figures">{cells}</div>'
