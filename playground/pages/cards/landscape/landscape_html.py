"""What a loss landscape shows, in words."""

from __future__ import annotations

from html import escape

from playground.number_text import format_loss
from playground.training.landscape import Landscape
from playground.training.landscape.settings import CURVATURE, PATH, RANDOM

HINT = "Point at the picture to read the loss; a click gives the network the weights there."
WAIT = "<p>Computing the map …</p>"
DONE = (
    "The network has these weights now. Press Play to watch it go on from here; the slider of "
    "checkpoints leads back to what was before."
)


def words_html(frame: Landscape) -> str:
    """Tell what is drawn, and how to read it."""
    return f"<p>{_directions(frame)}</p><p>{_legend(frame)}</p>"


def remarks_html(frame: Landscape) -> str:
    """Tell what to be careful about."""
    remarks = "".join(f"<li>{escape(each)}</li>" for each in frame.remarks)
    return f"<ul>{remarks}</ul>"


def place_html(frame: Landscape, x: float, y: float) -> str:
    """Tell the loss at a place of the picture."""
    loss = frame.loss_at(x, y)
    compared = "lower" if loss < frame.here else "higher"
    return (
        f"Loss here: <b>{format_loss(loss)}</b>, {compared} than the network's "
        f"{format_loss(frame.here)}. Click to go there."
    )


def _directions(frame: Landscape) -> str:
    if frame.kind == PATH and frame.shares is not None:
        first, second = frame.shares
        return (
            "A map of how wrong the network would be with other weights. To the right and upwards "
            "are the two directions in which it moved most while it learned. They hold "
            f"<b>{_percent(first + second)} of its movement</b> ({_percent(first)} and "
            f"{_percent(second)})."
        )
    if frame.kind == RANDOM:
        return (
            "How flat is it here? A map of the loss in two random directions. At 1, each neuron's "
            "weights have been changed by as much as they are large."
        )
    if frame.kind == CURVATURE:
        return (
            "Is it in a valley, or on a saddle? A map of the loss in the direction in which it "
            "bends up most, and in that in which it bends up least, or down."
        )
    return "A map of the loss when two weights change and all others stay as they are."


def _legend(frame: Landscape) -> str:
    path = " The line is the way it came; its dots show the loss it had." if len(frame.path) else ""
    return (
        f"<b>Green is a low loss</b>, and on each thin line the loss is the same. The ring is the "
        f"network as it is shown, with a loss of <b>{format_loss(frame.here)}</b>.{path}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
