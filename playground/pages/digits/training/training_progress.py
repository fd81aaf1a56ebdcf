"""Progress of the epoch and of the run, training speed and remaining time, as text."""

from __future__ import annotations

import math

import panel as pn

from playground.number_text import format_loss, format_percent, time_left
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.progress_bar_html import progress_bar_html
from playground.pages.part import Part
from playground.pages.shell.transport import LabelledNumbers
from playground.problems.digits import Digits
from playground.serving.heartbeat import Heartbeat
from playground.training.images import ImageFrame, ImageTrainer

ImageHeartbeat = Heartbeat[ImageTrainer, ImageFrame]
"""Runs the training of a digits page."""

PACES: dict[str, float | None] = {
    "0.1 epochs/s": 0.1,
    "0.3 epochs/s": 0.3,
    "1 epoch/s": 1.0,
    "full speed": None,
}


class TrainingProgress(Part):
    """Progress bars of the current epoch, and of the run if it has a last epoch."""

    def __init__(self, heartbeat: ImageHeartbeat) -> None:
        super().__init__()
        self._training = heartbeat.trainer.training
        self._pane = LiveHTML(
            self._text(heartbeat.frame),
            css_classes=["pg-progress", "pg-bars"],
            sizing_mode="stretch_width",
            margin=0,
        )

    def __panel__(self) -> pn.pane.HTML:
        return self._pane

    def update(self, frame: ImageFrame) -> None:
        """Show the progress of a newer frame."""
        self._pane.object = self._text(frame)

    def _text(self, frame: ImageFrame) -> str:
        share = 1.0 if frame.evaluating else frame.progress
        phase = "evaluating" if frame.evaluating else time_left(frame.epoch_seconds_left)
        epoch = progress_bar_html(
            share, " · ".join(filter(None, [f"Epoch {frame.epoch + 1}", phase]))
        )
        return epoch + self._run_bar(frame)

    def _run_bar(self, frame: ImageFrame) -> str:
        end = self._training.stop_epoch
        if end is None or frame.epoch > end:
            return ""
        done = min(1.0, (frame.epoch + frame.progress) / end)
        words = [f"Run to epoch {end}", time_left(frame.seconds_left) if done < 1 else "done"]
        return progress_bar_html(done, " · ".join(filter(None, words)))


def header_numbers(problem: Digits, frame: ImageFrame) -> LabelledNumbers:
    """Return the numbers in the header, with the number of test pictures evaluated."""
    tests = len(problem.images.test.labels) if problem.images else frame.tested_count
    return (
        ("epoch", f"{frame.epoch:,}"),
        ("images/s", format_rate(frame.images_per_s)),
        ("train loss", format_loss(frame.train.loss)),
        ("test loss", format_loss(frame.test.loss)),
        (
            f"<div>test accuracy {evaluated_count_html(frame.tested_count, tests)}</div>",
            format_percent(frame.test.accuracy, 2),
        ),
    )


def evaluated_count_html(tested_count: int, tests: int) -> str:
    """Return how many of the test pictures a result is based on, as HTML."""
    if not tested_count:
        return ""
    words = (
        f"on {tested_count:,} of {tests:,}" if tested_count < tests else f"on all {tested_count:,}"
    )
    return f"<small>{words}</small>"


def format_rate(images_per_s: float) -> str:
    """Format pictures per second with three digits; a dash for NaN."""
    return "–" if math.isnan(images_per_s) else f"{float(f'{images_per_s:.3g}'):,.0f}"


def progress_and_scores(frame: ImageFrame) -> str:
    """Return epoch, loss and test accuracy of a checkpoint, as HTML."""
    accuracy = (
        ""
        if math.isnan(frame.test.accuracy)
        else f" · test <b>{format_percent(frame.test.accuracy)}</b>"
    )
    loss = format_loss(frame.train.loss)
    return f"epoch <b>{frame.epochs_done:.4g}</b> · loss <b>{loss}</b>{accuracy}"
