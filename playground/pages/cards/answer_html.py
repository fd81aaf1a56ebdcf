"""The network's prediction at one place, as HTML."""

from __future__ import annotations

from html import escape

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame

MAX_CLASSES_SHOWN = 3
"""Classes that are named: the likeliest, in their own order, which stays while it learns."""


def point_answer_html(frame: Frame, place: tuple[float, float], answer: Floats) -> str:
    """Describe a place and the prediction there.

    Parameters
    ----------
    frame : Frame
    place : (float, float)
        Coordinates in the frame's plane; they are shown in the units of the user.
    answer : array of shape (classes,) or (1,)
        Class probabilities, or the value.
    """
    where = ", ".join(
        f"{escape(name)} = {text}"
        for name, text in zip(frame.axis_names, _place_texts(frame, place), strict=True)
    )
    return f"<span>{where}</span> {answer_html(frame, answer)}"


def _place_texts(frame: Frame, place: tuple[float, float]) -> list[str]:
    """Write the inputs at a place in the units of the user."""
    places = frame.places
    if places.is_identity:
        return [f"{value:.2f}" for value in place]
    return [
        places.format(places.inverse_transform_value(value, axis), axis)
        for axis, value in zip(frame.plane.axes, place, strict=True)
    ]


def answer_html(frame: Frame, answer: Floats) -> str:
    """Describe a prediction: the likeliest classes with their probabilities, or the value."""
    if frame.regression:
        targets = frame.preprocessing.targets
        value = targets.inverse_transform_value(float(answer[0]))
        return f"<b>{value:.3f}</b>" if targets.is_identity else f"<b>{targets.format(value)}</b>"
    order = sorted(answer.argsort()[::-1][:MAX_CLASSES_SHOWN])
    return " ".join(
        f"{class_badge(number, frame.classes[number])} {answer[number]:.1%}" for number in order
    )


def class_badge(number: int, name: str) -> str:
    """Write the name of a class on its colour."""
    return (
        f'<b class="pg-class" style="--pg-own: var(--pg-class-{number}); '
        f'--pg-on-own: var(--pg-on-class-{number})">{escape(name)}</b>'
    )
