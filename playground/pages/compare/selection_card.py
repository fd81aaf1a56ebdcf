"""What is selected on the page Compare, in a sentence, and the button that opens it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np
import panel as pn

from playground.pages.compare.comparison import Comparison
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.sweeps import METRICS, SweepFrame, metric_values, metrics_of

HINT = "Click a network, dot, curve or row to select it everywhere."


class SelectionCard(Part):
    """Tells about the selected run, and opens it on the page of its kind.

    Parameters
    ----------
    comparison : Comparison
    frame : SweepFrame
    open_run : callable
        Opens the run of a number.
    """

    def __init__(
        self,
        comparison: Comparison,
        frame: SweepFrame,
        open_run: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._comparison, self._frame = comparison, frame
        self._open_run = open_run
        self._text = LiveHTML("", css_classes=["pg-verdict"], margin=0)
        self._button = pn.widgets.Button(
            name="Open this network", margin=0, css_classes=["pg-small"], visible=False
        )
        self._button.on_click(self._open)
        comparison.param.watch(self._show, "selected")
        self._row = pn.Row(
            self._text, self._button, css_classes=["pg-card", "pg-selection"], margin=0
        )
        self._show()

    def __panel__(self) -> pn.Row:
        return self._row

    def update(self, frame: SweepFrame) -> None:
        """Tell about a newer frame."""
        self._frame = frame
        self._show()

    def _show(self, *_events: object) -> None:
        frame = self._frame
        selected = [run for run in self._comparison.selected if run < len(frame.sweep)]
        self._button.visible = bool(selected)
        sentences = [learned_counts_html(frame)]
        sentences.append(run_sentence(frame, selected[0]) if selected else HINT)
        if len(selected) > 1:
            sentences.append(f"<small>{len(selected)} are selected; this is the first.</small>")
        self._text.object = "".join(f"<p>{each}</p>" for each in sentences)

    def _open(self, _event: object) -> None:
        selected = [run for run in self._comparison.selected if run < len(self._frame.sweep)]
        if selected:
            self._open_run(selected[0])


def run_sentence(frame: SweepFrame, run: int) -> str:
    """Describe a run in HTML."""
    axes, runs = frame.sweep.axes, frame.runs
    places = frame.sweep.places(run)
    values = ", ".join(
        f"{axis.variable.label} <b>{escape(axis.texts[place])}</b>"
        for axis, place in zip(axes, places, strict=True)
    )
    if runs.diverged[run]:
        return f"Selected: {values}. Training diverged in epoch {runs.diverged_epoch[run]:,}."
    metrics = []
    offered = [name for name in metrics_of(frame) if name.startswith("test ")]
    for name in offered or ("training loss",):
        value = float(metric_values(frame, name)[run])
        if value == value:
            metrics.append(f"{name} {METRICS[name].text(value)}")
    learned = (
        f"learned at epoch {runs.learned_epoch[run]:,}" if runs.learned[run] else "not learned"
    )
    return f"Selected: {values}: {', '.join([*metrics, learned])}."


def learned_counts_html(frame: SweepFrame) -> str:
    """Say how many of the runs of each value of the first setting have learned, in HTML."""
    axis, runs = frame.sweep.axes[0], frame.runs
    learned, total = int(runs.learned.sum()), len(frame.sweep)
    if len(frame.sweep.axes) == 1 or frame.sweep.axes[0].name == "seed":
        return f"<b>{learned} of {total}</b> have learned by epoch {frame.epoch:,}."
    counts = runs.learned.reshape(-1, len(axis.values)).sum(0)
    each = total // len(axis.values)
    parts = ", ".join(
        f"<b>{escape(text)}</b>: {count}"
        for text, count in zip(axis.texts, counts.tolist(), strict=True)
    )
    return (
        f"Learned by epoch {frame.epoch:,}, of {each} networks for each "
        f"{escape(axis.variable.explained_label)}: {parts}.{best_value_html(frame)}"
    )


def best_value_html(frame: SweepFrame) -> str:
    """Say for which value of the first setting the median loss is lowest; "" before training."""
    axis = frame.sweep.axes[0]
    metric = "test loss" if "test loss" in metrics_of(frame) else "training loss"
    losses = metric_values(frame, metric).reshape(-1, len(axis.values))
    medians = np.median(np.where(np.isfinite(losses), losses, np.inf), 0)
    best = int(medians.argmin())
    if not frame.epoch or not np.isfinite(medians[best]):
        return ""
    return (
        f" The median {metric} is lowest with {escape(axis.variable.label)} "
        f"<b>{escape(axis.texts[best])}</b>, {METRICS[metric].text(float(medians[best]))}."
    )
