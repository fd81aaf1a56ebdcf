"""Counterfactuals: a few strokes of a pen or an eraser that change a picture's prediction."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.problems.problem import Floats
from playground.training.images.explain.network_input import (
    check_label,
    finite_logits,
    log_odds,
    logits_of,
    to_ink,
    to_picture,
)
from playground.training.images.explain.pen_strokes import (
    apply_strokes,
    draw_strokes,
    propose_erasures,
    propose_lines,
    stroke_radii,
)
from playground.training.images.explain.places import place_of
from playground.training.images.frame import Pixels

MAX_STROKES = 4
REFINED = 8
"""Proposed strokes that are moved and bent; the others are far from changing the prediction."""
REFINEMENTS, STEP_LENGTH = 12, 0.5
"""Steps along the gradient, and pixels by which one moves a stroke's control points at most."""
COST_OF_INK = 0.02
"""Log-odds that one pixel of change must gain: less, and the strokes get long."""
WANTED_ODDS = 0.6
"""Log-odds of the target at which a stroke is good enough: a probability of 65%."""
LEAST_GAIN = 0.05
"""Log-odds; a stroke that gains less is not worth drawing."""
CANVAS = (3.0, 24.0)
"""Pixels between which strokes stay: MNIST's digits keep a distance from the edge."""


@dataclass(frozen=True, slots=True)
class PenStroke:
    """One change: a line drawn, or a piece of ink erased.

    Attributes
    ----------
    erases : bool
    place : str
        Such as "at the top left".
    """

    erases: bool
    place: str


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """A picture changed so that another class is predicted.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28)
        The changed picture.
    delta : float32 array of shape (28, 28)
        The change: ink added (up to 1) and removed (down to -1).
    strokes : tuple of PenStroke
        What was drawn and erased, in that order; none if the class is predicted already.
    probability : float
        Probability of the target class for the changed picture.
    reached : bool
        Whether the target class is predicted for the changed picture.
    """

    picture: Pixels
    delta: Floats
    strokes: tuple[PenStroke, ...]
    probability: float
    reached: bool


def counterfactual(network: nn.Module, picture: Pixels, label: int) -> Counterfactual:
    """Change a picture by a few strokes, as short as possible, until a class is predicted.

    Strokes are as wide as the picture's own lines. Straight ones are proposed all over the
    drawing; those that gain most are bent and moved along the gradient of the class's log-odds,
    and the best is kept, up to four times. So the change is always one that a person could make
    with a pen, unlike a gradient with respect to the pixels.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits.
    picture : uint8 array of shape (28, 28)
    label : int
        The target class.

    Raises
    ------
    InputError
        If the picture has another shape or type, there is no such class, or the network's outputs
        are no finite numbers.
    """
    before = to_ink(picture)
    logits = finite_logits(network, before)
    check_label(label, logits.shape[1])
    odds, current = float(log_odds(logits, label)), picture
    strokes: list[PenStroke] = []
    while odds <= 0 and len(strokes) < MAX_STROKES:
        found = _best_stroke(network, current, label)
        if found is None or found.odds < odds + LEAST_GAIN:
            break
        place = place_of(found.covered.numpy(), picture)
        strokes.append(PenStroke(found.erases, place))
        odds, current = found.odds, to_picture(found.ink)
        logits = finite_logits(network, to_ink(current))
    return Counterfactual(
        picture=current,
        delta=(to_ink(current) - before).numpy(),
        strokes=tuple(strokes),
        probability=float(torch.softmax(logits, 1)[0, label]),
        reached=int(logits.argmax()) == label,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    ink: Tensor
    covered: Tensor
    erases: bool
    odds: float
    loss: float


def _best_stroke(network: nn.Module, picture: Pixels, label: int) -> _Candidate | None:
    """Return the best single stroke, or None if there is nowhere to draw one."""
    ink, lines, erasures = to_ink(picture), propose_lines(picture), propose_erasures(picture)
    controls = torch.cat([lines, erasures])
    erases = torch.arange(len(controls)) >= len(lines)
    radii = stroke_radii(picture, erases)
    if not len(controls):
        return None
    with torch.no_grad():
        changed = apply_strokes(ink, draw_strokes(controls, radii), erases)
        losses = _losses(log_odds(logits_of(network, changed), label), changed, ink)
    best = losses.argsort()[:REFINED]
    return _refine(network, ink, label, controls[best], radii[best], erases[best])


def _refine(
    network: nn.Module, ink: Tensor, label: int, controls: Tensor, radii: Tensor, erases: Tensor
) -> _Candidate:
    """Move and bend strokes along the gradient, and return the best that was met."""
    best: _Candidate | None = None
    for _ in range(REFINEMENTS):
        controls.requires_grad_()
        with torch.enable_grad():
            covered = draw_strokes(controls, radii)
            changed = apply_strokes(ink, covered, erases)
            odds = log_odds(logits_of(network, changed), label)
            losses = _losses(odds, changed, ink)
            (gradient,) = torch.autograd.grad(losses.sum(), controls)
        index = int(losses.argmin())
        if best is None or losses[index] < best.loss:
            best = _Candidate(
                changed[index].detach(),
                covered[index].detach(),
                bool(erases[index]),
                float(odds[index].detach()),
                float(losses[index].detach()),
            )
        steepest = gradient.abs().amax((1, 2), keepdim=True).clamp(min=1e-12)
        controls = (controls.detach() - STEP_LENGTH * gradient / steepest).clamp(*CANVAS)
    assert best is not None
    return best


def _losses(odds: Tensor, changed: Tensor, ink: Tensor) -> Tensor:
    """Return how far each picture is from the target, and from the one that it was."""
    return functional.relu(WANTED_ODDS - odds) + COST_OF_INK * (changed - ink).abs().sum((1, 2))
