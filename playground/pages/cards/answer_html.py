"""The network's prediction at one place, as HTML."""

from __future__ import annotations

from html import escape

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame

MAX_CLASSES_SHOWN = 3
"""Classes that are named, the likeliest first."""


def point_answer_html(frame: Frame, place: tuple[float, float], answer: Floats) -> str:
    """Describe a place and the prediction there.

    Parameters
    ----------
    frame : Frame
    place : (float, float)
        Coordinates in the frame's plane.
    answer : array of shape (classes,) or (1,)
        Class probabilities, or the value.
    """
    names = (frame.inputs[axis] for axis in frame.plane.axes)
    where = ", ".join(
        f"{escape(name)} = {value:.2f}" for name, value in zip(names, place, strict=True)
    )
    return f"<span>{where}</span> {answer_html(frame, answer)}"


def answer_html(frame: Frame, answer: Floats) -> str:
    """Describe a prediction: the likeliest classes with their probabilities, or the value."""
    if frame.regression:
        return f"<b>{answer[0]:.3f}</b>"
    order = answer.argsort()[::-1][:MAX_CLASSES_SHOWN]
    return " ".join(
        f'<b class="pg-class" style="--pg-own: var(--pg-class-{number})">'
        f"{escape(frame.classes[number])}</b> {answer[number]:.1%}"
        for number in order
    )
