"""The snapshot of a small dense network on gates or points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain
from string import Template
from typing import Any

import numpy as np

from playground.errors import InputError
from playground.export.snapshot.document import Document
from playground.export.snapshot.layouts import layouts
from playground.export.snapshot.moments import Recorded, alike, recorded, thinned
from playground.export.snapshot.packing import packed
from playground.export.snapshot.plots import boundary_plot, curves_plot
from playground.export.snapshot.sources import text
from playground.export.snapshot.words import FIGURES, listed, reached, settings
from playground.networks.plan import Plan
from playground.problems.features import FEATURES
from playground.problems.gates import Gates
from playground.problems.problem import Floats, Problem, Samples
from playground.problems.truth import Input
from playground.training.frame import Frame
from playground.training.losses import losses_for
from playground.training.trainer import Trainer
from playground.views.boundary import value_limit
from playground.views.quantities import ACCURACY, LOSS
from playground.views.summary import summary
from playground.views.theme import DARK, LIGHT, Theme, blended, diverging

MOST_MOMENTS = 400
"""As many as a slider can be set to."""
MOST_BYTES = 2_500_000
"""Of all moments' weights together, before they are written as text."""


def snapshot_lab(
    trainer: Trainer,
    *,
    moments: Sequence[Recorded] | None = None,
    title: str = "",
    theme: Theme = LIGHT,
    made: date | None = None,
) -> str:
    """Write one HTML file that shows a network, its past, and lets people play with it.

    The file works without a server and asks no other for anything. In it the decision boundary
    is worked out in the browser, for any recorded epoch and for weights that people change.

    Parameters
    ----------
    trainer : Trainer
    moments : sequence of Recorded, optional
        The past in rising order; what the trainer remembers if left out. It is thinned so that
        the file stays small, and networks of another shape are left out.
    title : str
        What stands at the top; made from the problem if empty.
    theme : Theme
        `LIGHT` or `DARK`: how it opens.
    made : date, optional
        Today if left out.

    Raises
    ------
    InputError
        If the network is given a feature that the browser can't work out.
    """
    frame = trainer.frame()
    past = alike(recorded(trainer, MOST_MOMENTS) if moments is None else moments, _now(frame))
    return Document(
        title=title or named(trainer.problem),
        subtitle=summary(frame.plan),
        figures=FIGURES,
        theme=theme,
        body=_body(trainer, frame, past),
        script="lab.js",
        data=_data(trainer, frame, past),
        plots=True,
        made=made or date.today(),
    ).html()


def _now(frame: Frame) -> Recorded:
    """Take the weights from a frame, in the order of a module's."""
    pairs = [(layer.weight, layer.bias) for layer in frame.layers]
    names = (f"{layer}.{kind}" for layer in range(len(pairs)) for kind in ("weight", "bias"))
    return Recorded(frame.epoch, dict(zip(names, chain.from_iterable(pairs), strict=True)))


def named(problem: Problem) -> str:
    """Such as "XOR" or "Spiral"."""
    for choice in ("gate", "shape"):
        if choice in problem.param:
            name = str(getattr(problem, choice))
            return name[:1].upper() + name[1:]
    return type(problem).__name__


def _body(trainer: Trainer, frame: Frame, past: Sequence[Recorded]) -> str:
    rows = [*settings(trainer.problem, trainer.training), *reached(frame, frame.epoch)]
    gate = isinstance(trainer.problem, Gates)
    return Template(text("lab.html")).substitute(
        heading="Try it" if gate else "How it learned",
        gate=text("gate.html") if gate else "",
        settings=listed(rows),
        beginning=_beginning(past),
        regression="" if frame.classes else " hidden",
    )


def _beginning(past: Sequence[Recorded]) -> str:
    """Say where the slider begins, unless it is where the run did."""
    first = past[0].epoch
    if len(past) == 1 or first == 0:
        return ""
    return f" The slider begins at epoch {first:,.4g}, where the network got its shape."


def _data(trainer: Trainer, frame: Frame, moments: Sequence[Recorded]) -> dict[str, Any]:
    plan, plane = frame.plan, frame.plane
    plots = {"boundary": boundary_plot(frame), "loss": curves_plot(LOSS, frame)}
    if frame.classes:
        plots["accuracy"] = curves_plot(ACCURACY, frame)
    return {
        "classes": frame.classes,
        "inputs": frame.inputs,
        "plane": {"axes": plane.axes, "low": plane.low, "high": plane.high, "pins": plane.pins},
        "features": [_feature(trainer.problem, name) for name in plan.features],
        "layers": [{"units": each.units, "activation": each.activation} for each in plan.layers],
        "loss": _loss(trainer, frame),
        "limit": value_limit(frame),
        "samples": {name: _samples(getattr(frame.samples, name)) for name in ("train", "test")},
        "moments": _moments(plan, moments),
        "gate": _gate(trainer.problem),
        "layouts": layouts(plan, frame.classes),
        "colours": {each.name: _colours(each, len(frame.classes)) for each in (LIGHT, DARK)},
        "plots": plots,
    }


def _feature(problem: Problem, name: str) -> dict[str, Any]:
    """Say how the browser gets a feature: from its registry, or as one of the inputs."""
    feature = problem.features[name]
    if isinstance(feature, Input):
        return {"name": name, "input": feature.index}
    if FEATURES.get(name) is not feature:
        raise InputError(
            f"The feature {name!r} can't be worked out in a browser; a snapshot knows inputs as "
            f"they are, and {', '.join(FEATURES)}."
        )
    return {"name": name}


def _loss(trainer: Trainer, frame: Frame) -> str:
    """Name the loss in force: the usual one where the chosen one does not fit the task."""
    allowed = losses_for("classification" if frame.classes else "regression")
    return trainer.training.loss if trainer.training.loss in allowed else allowed[0]


def _samples(samples: Samples) -> dict[str, Any]:
    return {"inputs": samples.x.shape[1], "x": packed(samples.x), "y": packed(samples.y)}


def _moments(plan: Plan, moments: Sequence[Recorded]) -> dict[str, Any]:
    most = max(1, min(MOST_MOMENTS, MOST_BYTES // (4 * plan.size)))
    kept = thinned(moments, most)
    weights = np.stack([flat(each) for each in kept])
    return {"epochs": [each.epoch for each in kept], "weights": packed(weights)}


def flat(moment: Recorded) -> Floats:
    """All weights in one row, each unit's bias last, as in `Parameters`; shape (size,)."""
    weights = [values for values in moment.weights.values() if values.ndim == 2]
    biases = [values for values in moment.weights.values() if values.ndim == 1]
    return np.concatenate(
        [
            np.column_stack([weight, bias]).ravel()
            for weight, bias in zip(weights, biases, strict=True)
        ]
    ).astype(np.float32)


def _gate(problem: Problem) -> dict[str, Any] | None:
    if not isinstance(problem, Gates):
        return None
    return {"rows": problem.rows().tolist(), "answers": problem.answers().tolist()}


def _colours(theme: Theme, classes: int) -> dict[str, Any]:
    return {
        "classes": theme.classes,
        "ink": theme.ink,
        "muted": theme.muted,
        "diverging": diverging(theme),
        "blended": blended(theme, classes) if classes else [],
    }
