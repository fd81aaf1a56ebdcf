"""Makes Frames: copies of a dense network and its training, for the views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import layer_outputs, outputs
from playground.networks.dense.parameters import Parameters, layer_views
from playground.problems.problem import Floats, Samples, Split
from playground.training.core.metrics import Curves, ValueErrors
from playground.training.core.sessions.checkpoints import CheckpointInfo
from playground.training.dense.frame import EnlargedUnit, Frame, LayerFrame
from playground.training.dense.training_data import GRID_SIDE, TrainingData, maps
from playground.training.engines.engine import Engine

CELLS = GRID_SIDE**2
_NOTHING = Samples(np.empty((0, 0), np.float32), np.empty(0, np.float32))
NO_SAMPLES = Split(_NOTHING, _NOTHING)
NO_MAPS = np.empty((0, 1, 1), np.float32)
NO_CURVES = Curves(*[np.empty(0, np.float32)] * 5)

SATURATION_SLOPE = 0.009
"""Derivative below which a unit counts as saturated for a sample.

Where its activation has a flat stretch, one that is so for all training samples counts as dead.
That of a tanh is beyond outputs of ±0.995, that of a leaky ReLU nowhere."""


def computed_frame(
    data: TrainingData,
    parameters: Parameters,
    engine: Engine,
    info: CheckpointInfo,
    answer: Tensor,
    *,
    rate: float,
    probe_inputs: Mapping[str, Floats],
    enlarged: tuple[int, int] | None,
) -> Frame:
    """Make a frame of what the weights decide; `complete_frame` adds the rest.

    Parameters
    ----------
    data : TrainingData
    parameters : Parameters
        Of one copy.
    engine : Engine
        Has the gradient, the loss and the mask of frozen parameters.
    info : CheckpointInfo
        Epoch, step and scores.
    answer : Tensor of shape (1, outputs, n)
        The outputs of the network for all samples; see `TrainingData.sample_outputs`.
    rate
        See `Frame`.
    probe_inputs : mapping of str to array of shape (n, inputs)
        Those with another number of inputs than the problem are left out.
    enlarged : (int, int) or None
        Layer and number of a unit; left out if there is no such unit.
    """
    spec = data.spec
    if parameters.layers:
        passes = layer_outputs(parameters, data.grid_and_samples)
        over_plane = passes[-1][1][:, :, :CELLS]
        gradients = layer_views(engine.gradient, parameters.plan)
    else:  # Nothing is known of the layers of a user's module, nor of what rows do to each other.
        passes, over_plane, gradients = [], outputs(parameters, data.grid), ()
    levels = [data.grid, *(each for _, each in passes)]
    return Frame(
        **_painted(data, parameters, engine, over_plane, levels, probe_inputs, enlarged),
        epoch=int(info.epoch),
        step=info.step,
        plan=parameters.plan,
        classes=spec.classes,
        inputs=spec.inputs,
        plane=spec.plane,
        samples=NO_SAMPLES,
        feature_maps=NO_MAPS,
        all_features=tuple(data.features),
        layers=tuple(
            _layer(
                index,
                parameters,
                gradients[index],
                _frozen_mask(engine, parameters, index),
                passes[index],
                len(data.train),
            )
            for index in range(len(parameters.layers))
        ),
        train=info.train,
        test=info.test,
        rate=rate,
        curves=NO_CURVES,
        confusion=data.confusion(answer),
        errors=None if spec.classes else _value_errors(data, answer),
    )


def repainted_frame(
    frame: Frame,
    data: TrainingData,
    parameters: Parameters,
    engine: Engine,
    *,
    probe_inputs: Mapping[str, Floats],
    enlarged: tuple[int, int] | None,
) -> Frame:
    """Put what the network predicts now into an earlier frame of the same plan.

    See `computed_frame`, of which it is a quarter of the work.
    """
    answers = [each for _, each in layer_outputs(parameters, data.grid)]
    painted = _painted(
        data, parameters, engine, answers[-1], [data.grid, *answers], probe_inputs, enlarged
    )
    return replace(frame, **painted)


def _painted(
    data: TrainingData,
    parameters: Parameters,
    engine: Engine,
    over_plane: Tensor,
    levels: Sequence[Tensor],
    probe_inputs: Mapping[str, Floats],
    enlarged: tuple[int, int] | None,
) -> dict[str, Any]:
    """Return the fields of a frame that the picture of the network's answers is made of."""
    return {
        "field": _predictions(data, engine, over_plane).reshape(GRID_SIDE, GRID_SIDE, -1),
        "probe_outputs": {
            name: predict_rows(data, parameters, engine, rows)
            for name, rows in probe_inputs.items()
            if np.shape(rows)[1:] == (len(data.spec.inputs),)
        },
        "enlarged": _enlarged_unit(enlarged, levels),
    }


def complete_frame(
    frame: Frame,
    data: TrainingData,
    *,
    curves: Curves,
    movements: Sequence[float] | None,
) -> Frame:
    """Add to a frame what does not follow from the weights: the problem, and what was before.

    Parameters
    ----------
    frame : Frame
        Of `computed_frame`.
    data : TrainingData
    curves
        See `Frame`.
    movements : sequence of float or None
        Of each layer; see `LayerFrame.movement`.
    """
    spec, layers = data.spec, frame.layers
    if movements is not None:
        layers = tuple(
            replace(layer, movement=movement)
            for layer, movement in zip(layers, movements, strict=True)
        )
    return replace(
        frame,
        plane=spec.plane,
        samples=spec.split,
        preprocessing=spec.preprocessing,
        feature_maps=data.feature_maps,
        unused_maps=data.unused_maps,
        curves=curves,
        layers=layers,
    )


def predict_rows(
    data: TrainingData, parameters: Parameters, engine: Engine, rows: Floats
) -> Floats:
    """Probabilities (n, classes), or values (n, 1), for input rows (n, inputs)."""
    return _predictions(data, engine, outputs(parameters, data.compute_features(rows)))


def _predictions(data: TrainingData, engine: Engine, answer: Tensor) -> Floats:
    """Probabilities (n, classes), or values (n, 1), of outputs (1, outputs, n)."""
    predictions = engine.loss.probabilities(answer) if data.spec.classes else answer
    # One class after the other in memory, as they come and as pictures are made of them.
    columns: Floats = predictions[0].numpy().copy()
    return columns.T


def _value_errors(data: TrainingData, answer: Tensor) -> tuple[ValueErrors, ValueErrors]:
    """Errors of outputs for `all_inputs`, in the units of the user: training and test samples."""
    decode = data.spec.preprocessing.decode_outputs
    on_train, on_test = (
        ValueErrors.of(
            decode(part.targets.reshape(-1, 1).numpy()), decode(outputs.reshape(-1, 1).numpy())
        )
        for part, outputs in zip((data.train, data.test), data.split_outputs(answer), strict=True)
    )
    return on_train, on_test


def _enlarged_unit(unit: tuple[int, int] | None, levels: Sequence[Tensor]) -> EnlargedUnit | None:
    """Copy the map of a unit; levels are (1, units, n), the features first."""
    if unit is None or unit[0] + 1 >= len(levels) or unit[1] >= levels[unit[0] + 1].shape[1]:
        return None
    layer, number = unit
    values = levels[layer + 1][0, number, :CELLS].numpy()
    return EnlargedUnit(layer, number, values.reshape(GRID_SIDE, GRID_SIDE).copy())


def _layer(
    index: int,
    parameters: Parameters,
    gradient: Tensor,
    frozen: npt.NDArray[np.bool_],
    values: tuple[Tensor, Tensor],
    samples: int,
) -> LayerFrame:
    weights = parameters.layers[index][0].numpy().copy()
    gradients = gradient[0].numpy().copy()
    pre_activation, answer = (each[:, :, CELLS : CELLS + samples] for each in values)
    saturated_mask = _saturated_units(parameters, index, pre_activation, answer)
    mean, deviation = _mean_and_deviation(answer)
    return LayerFrame(
        weight=weights[:, :-1],
        bias=weights[:, -1],
        weight_gradient=gradients[:, :-1],
        bias_gradient=gradients[:, -1],
        maps=maps(values[1][:, :, :CELLS]),
        mean=mean,
        deviation=deviation,
        saturated=float(saturated_mask.float().mean()) if saturated_mask.numel() else 0.0,
        dead=_dead_units(parameters, index, saturated_mask),
        frozen=frozen,
    )


def _saturated_units(
    parameters: Parameters, index: int, pre_activation: Tensor, answer: Tensor
) -> Tensor:
    """Return where units are saturated, (1, units, n); nowhere in the linear output layer."""
    if index == len(parameters.plan.hidden):
        return torch.zeros_like(answer, dtype=torch.bool)
    rule = ACTIVATIONS[parameters.plan.layers[index].activation]
    return rule.derivative(pre_activation, answer).abs() < SATURATION_SLOPE


def _dead_units(parameters: Parameters, index: int, saturated_mask: Tensor) -> int:
    """Count the units whose derivative is 0 for all samples; none with a smooth activation."""
    if not saturated_mask.numel() or index == len(parameters.plan.hidden):
        return 0
    has_flat_stretch = ACTIVATIONS[parameters.plan.layers[index].activation].has_flat_stretch
    return int(saturated_mask.all(2).sum()) if has_flat_stretch else 0


def _mean_and_deviation(answer: Tensor) -> tuple[Floats, Floats]:
    """Mean and standard deviation of activations (1, units, n); zeros where there are none."""
    if not answer.shape[2]:
        nothing = np.zeros(answer.shape[1], np.float32)
        return nothing, nothing
    deviation, mean = torch.std_mean(answer[0], 1, correction=0)
    return mean.numpy(), deviation.numpy()


def _frozen_mask(engine: Engine, parameters: Parameters, index: int) -> npt.NDArray[np.bool_]:
    if engine.frozen is None:
        return np.zeros(parameters.layers[index].shape[1:], np.bool_)
    return layer_views(engine.frozen, parameters.plan)[index][0].numpy().copy()
