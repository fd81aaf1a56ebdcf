"""How far an epoch and the run have come, how fast it goes, and how long it will take."""

from __future__ import annotations

import math

import panel as pn

from playground.live import Heartbeat
from playground.pages.digits.meter import meter
from playground.pages.part import Part
from playground.pages.transport import Cells, number
from playground.pages.words import Words
from playground.problems.digits import Digits
from playground.training.digits import DigitTrainer, ReaderFrame

ReaderBeat = Heartbeat[DigitTrainer, ReaderFrame]
"""What keeps a page about a reader going."""

PACES: dict[str, float | None] = {
    "0.1 epochs/s": 0.1,
    "0.3 epochs/s": 0.3,
    "1 epoch/s": 1.0,
    "full speed": None,
}


class Progress(Part):
    """Two bars: the epoch under way, and the run up to the epoch at which it is to stop, if any."""

    def __init__(self, heartbeat: ReaderBeat) -> None:
        super().__init__()
        self._training = heartbeat.trainer.training
        self._pane = Words(
            self._text(heartbeat.frame),
            css_classes=["pg-progress", "pg-bars"],
            sizing_mode="stretch_width",
            margin=0,
        )

    def __panel__(self) -> pn.pane.HTML:
        return self._pane

    def follow(self, frame: ReaderFrame) -> None:
        """Show how far a newer frame is."""
        self._pane.object = self._text(frame)

    def _text(self, frame: ReaderFrame) -> str:
        share = 1.0 if frame.examining else frame.progress
        doing = "being tested" if frame.examining else left(frame.epoch_seconds_left)
        epoch = meter(share, " · ".join(filter(None, [f"Epoch {frame.epoch + 1}", doing])))
        return epoch + self._run(frame)

    def _run(self, frame: ReaderFrame) -> str:
        end = self._training.stop_epoch
        if end is None or frame.epoch > end:
            return ""
        done = min(1.0, (frame.epoch + frame.progress) / end)
        words = [f"Run to epoch {end}", left(frame.seconds_left) if done < 1 else "done"]
        return meter(done, " · ".join(filter(None, words)))


def figures(problem: Digits, frame: ReaderFrame) -> Cells:
    """The numbers in the header, with how many of the problem's test pictures they speak of."""
    tests = len(problem.images.test.labels) if problem.images else frame.tested
    return (
        ("epoch", f"{frame.epoch:,}"),
        ("images/s", rate(frame.images_per_s)),
        ("train loss", number(frame.train.loss)),
        ("test loss", number(frame.test.loss)),
        (f"<div>test accuracy {on(frame.tested, tests)}</div>", share(frame.test.accuracy)),
    )


def on(tested: int, tests: int) -> str:
    """Of how many pictures a result speaks, as HTML."""
    if not tested:
        return ""
    words = f"on {tested:,} of {tests:,}" if tested < tests else f"on all {tested:,}"
    return f"<small>{words}</small>"


def share(value: float) -> str:
    """An accuracy to the hundredth of a percent, or a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:.2%}"


def rate(images_per_s: float) -> str:
    """Pictures a second in three digits, or a dash where it is unknown."""
    return "–" if math.isnan(images_per_s) else f"{float(f'{images_per_s:.3g}'):,.0f}"


def left(seconds: float) -> str:
    """How long something will take, in words; nothing where it is unknown."""
    if not math.isfinite(seconds):
        return ""
    if seconds < 100:
        return f"{seconds:.0f} s left"
    minutes = seconds / 60
    return f"{minutes:.0f} min left" if minutes < 100 else f"{minutes / 60:.0f} h left"


def reached(frame: ReaderFrame) -> str:
    """How far and how well, for two moments side by side."""
    accuracy = (
        "" if math.isnan(frame.test.accuracy) else f" · test <b>{frame.test.accuracy:.1%}</b>"
    )
    return f"epoch <b>{frame.reached:.4g}</b> · loss <b>{number(frame.train.loss)}</b>{accuracy}"
