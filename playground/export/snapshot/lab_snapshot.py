"""The snapshot of a small dense network on gates or points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain
from string import Template
from typing import Any

import numpy as np

from playground.errors import InputError
from playground.export.snapshot.array_encoding import encode_array
from playground.export.snapshot.assets import read_asset
from playground.export.snapshot.diagram_layouts import diagram_layouts
from playground.export.snapshot.document import SnapshotDocument
from playground.export.snapshot.html_fragments import (
    HEADER_NUMBERS,
    definition_list,
    progress_rows,
    settings,
)
from playground.export.snapshot.plots import boundary_plot, curves_plot
from playground.export.snapshot.recorded_weights import (
    RecordedWeights,
    of_same_shape,
    record_weights,
    subsample,
)
from playground.networks.dense.plan import Plan
from playground.problems.gates import Gates
from playground.problems.points.features import FEATURES
from playground.problems.problem import Floats, Problem, Samples
from playground.problems.truth_tables import InputFeature
from playground.training.core.losses import losses_for
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.views.boundary import value_limit
from playground.views.curves.metrics import ACCURACY, LOSS
from playground.views.network_summary import summary
from playground.views.theme import DARK, LIGHT, Theme, class_palette, diverging_palette

MAX_CHECKPOINTS = 400
"""As many as a slider can be set to."""
MAX_WEIGHT_BYTES = 2_500_000
"""Of all moments' weights together, before they are written as text."""


def lab_snapshot(
    trainer: Trainer,
    *,
    checkpoints: Sequence[RecordedWeights] | None = None,
    title: str = "",
    theme: Theme = LIGHT,
    date_made: date | None = None,
) -> str:
    """Write one HTML file that shows a network, its past, and lets people play with it.

    The file works without a server and asks no other for anything. In it the decision boundary
    is worked out in the browser, for any recorded epoch and for weights that people change.

    Parameters
    ----------
    trainer : Trainer
    checkpoints : sequence of RecordedWeights, optional
        The past in rising order; what the trainer remembers if left out. It is thinned so that
        the file stays small, and networks of another shape are left out.
    title : str
        What stands at the top; made from the problem if empty.
    theme : Theme
        `LIGHT` or `DARK`: how it opens.
    date_made : date, optional
        Today if left out.

    Raises
    ------
    InputError
        If the network is given a feature that the browser can't work out.
    """
    frame = trainer.frame()
    checkpoints = of_same_shape(
        record_weights(trainer, MAX_CHECKPOINTS) if checkpoints is None else checkpoints,
        _current_weights(frame),
    )
    return SnapshotDocument(
        title=title or problem_title(trainer.problem),
        subtitle=summary(frame.plan),
        header_numbers=HEADER_NUMBERS,
        theme=theme,
        body=_body(trainer, frame, checkpoints),
        script="lab.js",
        data=_data(trainer, frame, checkpoints),
        plots=True,
        date_made=date_made or date.today(),
    ).html()


def _current_weights(frame: Frame) -> RecordedWeights:
    """Take the weights from a frame, in the order of a module's."""
    pairs = [(layer.weight, layer.bias) for layer in frame.layers]
    names = (f"{layer}.{kind}" for layer in range(len(pairs)) for kind in ("weight", "bias"))
    return RecordedWeights(frame.epoch, dict(zip(names, chain.from_iterable(pairs), strict=True)))


def problem_title(problem: Problem) -> str:
    """Such as "XOR" or "Spiral"."""
    for choice in ("gate", "shape"):
        if choice in problem.param:
            name = str(getattr(problem, choice))
            return name[:1].upper() + name[1:]
    return type(problem).__name__


def _body(trainer: Trainer, frame: Frame, checkpoints: Sequence[RecordedWeights]) -> str:
    rows = [*settings(trainer.problem, trainer.training), *progress_rows(frame, frame.epoch)]
    gate = isinstance(trainer.problem, Gates)
    return Template(read_asset("lab.html")).substitute(
        heading="Try it" if gate else "How it learned",
        gate=read_asset("gate.html") if gate else "",
        settings=definition_list(rows),
        beginning=_slider_note(checkpoints),
        regression="" if frame.classes else " hidden",
    )


def _slider_note(checkpoints: Sequence[RecordedWeights]) -> str:
    """Say where the slider begins, unless it is where the run did."""
    first = checkpoints[0].epoch
    if len(checkpoints) == 1 or first == 0:
        return ""
    return f" The slider begins at epoch {first:,.4g}, where the network got its shape."


def _data(trainer: Trainer, frame: Frame, checkpoints: Sequence[RecordedWeights]) -> dict[str, Any]:
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
        "moments": _packed_weights(plan, checkpoints),
        "gate": _gate(trainer.problem),
        "layouts": diagram_layouts(plan, frame.classes),
        "colours": {each.name: _colours(each, len(frame.classes)) for each in (LIGHT, DARK)},
        "plots": plots,
    }


def _feature(problem: Problem, name: str) -> dict[str, Any]:
    """Say how the browser gets a feature: from its registry, or as one of the inputs."""
    feature = problem.features[name]
    if isinstance(feature, InputFeature):
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
    return {
        "inputs": samples.x.shape[1],
        "x": encode_array(samples.x),
        "y": encode_array(samples.y),
    }


def _packed_weights(plan: Plan, checkpoints: Sequence[RecordedWeights]) -> dict[str, Any]:
    max_count = max(1, min(MAX_CHECKPOINTS, MAX_WEIGHT_BYTES // (4 * plan.size)))
    selected = subsample(checkpoints, max_count)
    weights = np.stack([flatten_weights(each) for each in selected])
    return {"epochs": [each.epoch for each in selected], "weights": encode_array(weights)}


def flatten_weights(checkpoint: RecordedWeights) -> Floats:
    """All weights in one row, each unit's bias last, as in `Parameters`; shape (size,)."""
    weights = [values for values in checkpoint.weights.values() if values.ndim == 2]
    biases = [values for values in checkpoint.weights.values() if values.ndim == 1]
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
        "diverging": diverging_palette(theme),
        "blended": class_palette(theme, classes) if classes else [],
    }
