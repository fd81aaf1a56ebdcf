"""The snapshot of a small dense network on gates or points."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from itertools import chain
from string import Template
from typing import Any

import numpy as np

from playground.errors import InputError
from playground.export.loss_in_use import class_weights, loss_name
from playground.export.snapshot.assets import read_template
from playground.export.snapshot.diagram_layouts import diagram_layouts
from playground.export.snapshot.document import SnapshotDocument
from playground.export.snapshot.html_fragments import (
    HEADER_NUMBERS,
    definition_list,
    progress_rows,
    setting_rows,
)
from playground.export.snapshot.plots import boundary_plot, curves_plot
from playground.export.snapshot.recorded_weights import (
    RecordedWeights,
    of_same_shape,
    record_weights,
    subsample,
)
from playground.export.snapshot.translation.array_encoding import encode_array
from playground.export.snapshot.translation.browser_functions import (
    activation_functions,
    feature_function,
    javascript_array,
    loss_functions,
)
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.plan import Plan
from playground.problems.gates import Gates
from playground.problems.problem import Floats, Plane, Problem, Samples
from playground.problems.tables.table_problem import TableProblem
from playground.problems.truth_tables import InputFeature
from playground.training.core.losses import Task, make_loss
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.views.boundary import value_limit
from playground.views.curves.curve_metrics import ACCURACY, LOSS
from playground.views.network_summary import summary
from playground.views.theme import DARK, LIGHT, Theme, diverging_palette, margin_palette

MAX_CHECKPOINTS = 400
"""As many positions as a slider has."""
MAX_WEIGHT_BYTES = 2_500_000
"""Bytes of the weights of all checkpoints together, before they are encoded as text."""


def lab_snapshot(
    trainer: Trainer,
    *,
    checkpoints: Sequence[RecordedWeights] | None = None,
    title: str = "",
    theme: Theme = LIGHT,
    date_made: date | None = None,
) -> str:
    """Write one HTML file that shows a network and its training, and lets users change weights.

    The file needs neither a server nor a network connection. The browser computes the decision
    boundary itself, for any recorded epoch and for weights that the user changes.

    Parameters
    ----------
    trainer : Trainer
    checkpoints : sequence of RecordedWeights, optional
        In rising order of epochs; the checkpoints of the trainer if left out. They are thinned to
        limit the size of the file, and networks of another shape are left out.
    title : str
        The heading; made from the problem if empty.
    theme : Theme
        `LIGHT` or `DARK`: the one that it opens in.
    date_made : date, optional
        Today if left out.

    Raises
    ------
    InputError
        If the network is a module of the user, or a feature, an activation or the loss can't be
        translated into JavaScript.
    """
    frame = trainer.frame()
    if isinstance(frame.plan, ModulePlan):
        raise InputError(
            "A snapshot computes the network in the browser, which it can for dense layers with "
            "the activations offered here, of up to 32 neurons, and one output for two classes. "
            "This is another module of your own: export it as ONNX, or its weights."
        )
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
        functions=_functions(trainer, frame),
        data=_data(trainer, frame, checkpoints),
        plots=True,
        date_made=date_made or date.today(),
    ).html()


def _current_weights(frame: Frame) -> RecordedWeights:
    """Copy the weights of a frame, named as in the `state_dict` of the module."""
    pairs = [(layer.weight, layer.bias) for layer in frame.layers]
    names = (f"{layer}.{kind}" for layer in range(len(pairs)) for kind in ("weight", "bias"))
    return RecordedWeights(frame.epoch, dict(zip(names, chain.from_iterable(pairs), strict=True)))


def problem_title(problem: Problem) -> str:
    """Name the gate or the shape, such as "XOR" or "Spiral", or the target of a table."""
    if isinstance(problem, TableProblem):
        return problem.data.target
    for choice in ("gate", "shape"):
        if choice in problem.param:
            name = str(getattr(problem, choice))
            return name[:1].upper() + name[1:]
    return type(problem).__name__


def _body(trainer: Trainer, frame: Frame, checkpoints: Sequence[RecordedWeights]) -> str:
    rows = [
        *setting_rows(trainer.problem, trainer.training, has_classes=bool(frame.classes)),
        *progress_rows(frame, frame.epoch),
        *_error_rows(frame),
    ]
    gate = isinstance(trainer.problem, Gates)
    return Template(read_template("lab.html")).substitute(
        heading="Try it" if gate else "How it learned",
        gate=read_template("gate.html") if gate else "",
        settings=definition_list(rows),
        beginning=_slider_note(checkpoints),
        regression="" if frame.classes else " hidden",
    )


def _error_rows(frame: Frame) -> list[tuple[str, str]]:
    """List the mean errors of values in the units of the target; nothing for classes."""
    parts = zip(("training", "test"), frame.errors or (), strict=False)
    return [
        (f"Mean error in {name}", frame.preprocessing.targets.format(errors.mean_absolute))
        for name, errors in parts
        if math.isfinite(errors.mean_absolute)
    ]


def _slider_note(checkpoints: Sequence[RecordedWeights]) -> str:
    """Return a sentence on where the slider begins, unless that is the start of the run."""
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
        "plane": _plane(plane),
        "scaling": frame.preprocessing.as_json(frame.inputs),
        "features": [_feature(trainer.problem, name) for name in plan.features],
        "layers": [{"units": each.units, "activation": each.activation} for each in plan.layers],
        "limit": value_limit(frame),
        "samples": {name: _samples(getattr(frame.samples, name)) for name in ("train", "test")},
        "checkpoints": _packed_weights(plan, checkpoints),
        "gate": _gate(trainer.problem),
        "layouts": diagram_layouts(plan, frame.classes),
        "colours": {each.name: _colours(each, len(frame.classes)) for each in (LIGHT, DARK)},
        "plots": plots,
    }


def _plane(plane: Plane) -> dict[str, Any]:
    """Return the fields of a plane; JSON has no infinity, so an endless thickness is null."""
    thickness = plane.thickness if math.isfinite(plane.thickness) else None
    return {**asdict(plane), "thickness": thickness}


def _feature(problem: Problem, name: str) -> dict[str, Any]:
    """Name a feature, with the number of the input if it is one."""
    feature = problem.features[name]
    return {"name": name, "input": feature.index if isinstance(feature, InputFeature) else None}


def _functions(trainer: Trainer, frame: Frame) -> dict[str, str]:
    """Translate what the network computes into JavaScript."""
    problem, plan = trainer.problem, frame.plan
    task: Task = "classification" if frame.classes else "regression"
    name = loss_name(trainer.training, task)
    features = (
        feature_function(problem.features[each], len(problem.inputs), f"The feature {each!r}")
        for each in plan.features
    )
    activations = {each.activation: ACTIVATIONS[each.activation].module() for each in plan.layers}
    weights = class_weights(trainer)
    return {
        "features": javascript_array(features),
        "activations": activation_functions(activations),
        "classWeights": "null" if weights is None else json.dumps(weights.tolist()),
        **loss_functions(
            make_loss(name, task, plan.outputs), plan.outputs, len(frame.classes), name
        ),
    }


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
    """Return all weights in one row (size,), the bias of each unit last, as in `Parameters`."""
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
        "blended": margin_palette(theme, classes) if classes else [],
        "sharp": margin_palette(theme, classes, discretise=True) if classes else [],
    }
