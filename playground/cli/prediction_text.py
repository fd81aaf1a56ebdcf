"""Predictions as text: the network's input next to its probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.cli.text_graphics import bar, half_blocks
from playground.prediction import DOUBTFUL, DigitPrediction, is_rejected, join_labels

_BAR_WIDTH = 30
_LINES_ABOVE_BARS = 2  # number of lines of the picture above the first bar


def prediction_lines(readings: Sequence[DigitPrediction]) -> Iterator[str]:
    """Yield the lines of all predictions, and the whole number if there are several digits.

    What is probably no digit, such as a plus sign, is a question mark in it.
    """
    for reading in readings:
        yield from digit_lines(reading)
    if len(readings) > 1:
        yield f"  Read as {join_labels([_label(reading) for reading in readings])}."


def digit_lines(reading: DigitPrediction) -> Iterator[str]:
    """Yield the lines of one prediction: the picture, ten bars beside it, and the answer."""
    for number, line in enumerate(half_blocks(reading.picture), -_LINES_ABOVE_BARS):
        yield f"  {line}  {_bar(reading, number)}".rstrip()
    yield f"  {answer_line(reading)}"


def answer_line(reading: DigitPrediction) -> str:
    """Return the predicted digit and its probability as a short sentence."""
    probability = reading.probabilities[reading.digit]
    if is_rejected(reading.probabilities):
        return f"Not a digit? If it is one, perhaps a {reading.digit} ({probability:.0%})."
    return f"{reading.digit} ({probability:.1%})"


def _label(reading: DigitPrediction) -> str:
    return DOUBTFUL if is_rejected(reading.probabilities) else str(reading.digit)


def _bar(reading: DigitPrediction, digit: int) -> str:
    if digit not in range(10):
        return ""
    probability = reading.probabilities[digit]
    return f"{digit} {bar(probability, _BAR_WIDTH):{_BAR_WIDTH}} {probability:6.1%}"
