"""Taking a Frame: what a network shows of itself, copied out of the tensors it learns in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.networks.activations import ACTIVATIONS
from playground.networks.forward import outputs, responses
from playground.networks.parameters import Parameters, split
from playground.problems.problem import Floats
from playground.training.engines.engine import Engine
from playground.training.frame import Curves, Frame, Layer, Score
from playground.training.lesson import SIDE, Lesson

COARSE = 4
"""Units' maps have one cell for so many cells of the plane along each side."""

FAINT = 0.009
"""A unit whose derivative is smaller than this hardly passes a gradient.

That of a tanh beyond ±0.995 is, and that of a leaky ReLU never."""


def take(
    lesson: Lesson,
    parameters: Parameters,
    engine: Engine,
    *,
    epoch: int,
    step: int,
    scores: tuple[Score, Score],
    rate: float,
    curves: Curves,
    learned: int | None,
    questions: Mapping[str, Floats],
) -> Frame:
    """Look at a network of one copy; see `Frame` for what is seen."""
    subject = lesson.subject
    over_plane = responses(parameters, lesson.grid)
    over_samples = responses(parameters, lesson.train.inputs)
    return Frame(
        epoch=epoch,
        step=step,
        plan=parameters.plan,
        classes=subject.classes,
        inputs=subject.inputs,
        plane=subject.plane,
        samples=subject.split,
        field=_said(lesson, engine, over_plane[-1][1]).reshape(SIDE, SIDE, -1),
        feature_maps=_maps(lesson.grid),
        layers=tuple(
            _layer(index, parameters, engine, over_plane[index][1], over_samples[index])
            for index in range(len(parameters.layers))
        ),
        train=scores[0],
        test=scores[1],
        rate=rate,
        curves=curves,
        confusion=lesson.reference.confusion(
            outputs(parameters, lesson.reference.inputs), len(subject.classes)
        ),
        answers={
            name: answers(lesson, parameters, engine, rows)
            for name, rows in questions.items()
            if np.shape(rows)[1:] == (len(subject.inputs),)
        },
        learned=learned,
    )


def answers(lesson: Lesson, parameters: Parameters, engine: Engine, rows: Floats) -> Floats:
    """Probabilities (n, classes), or values (n, 1), for input rows (n, inputs)."""
    return _said(lesson, engine, outputs(parameters, lesson.expand(rows)))


def _said(lesson: Lesson, engine: Engine, answer: Tensor) -> Floats:
    """Probabilities (n, classes), or values (n, 1), of outputs (1, outputs, n)."""
    said = engine.loss.probabilities(answer) if lesson.subject.classes else answer
    return said[0].T.contiguous().numpy().copy()


def _maps(activation: Tensor) -> Floats:
    """Activations over the plane, (1, units, SIDE * SIDE), on a coarser grid."""
    fine = activation[0].reshape(-1, SIDE, SIDE)
    return np.ascontiguousarray(fine[:, COARSE // 2 :: COARSE, COARSE // 2 :: COARSE].numpy())


def _layer(
    index: int,
    parameters: Parameters,
    engine: Engine,
    plane: Tensor,
    samples: tuple[Tensor, Tensor],
) -> Layer:
    weights = parameters.layers[index][0].numpy().copy()
    slopes = split(engine.gradient, parameters.plan)[index][0].numpy().copy()
    before, answer = samples
    faint = _faint(parameters, index, before, answer)
    mean, deviation = _spread(answer)
    return Layer(
        weight=weights[:, :-1],
        bias=weights[:, -1],
        weight_gradient=slopes[:, :-1],
        bias_gradient=slopes[:, -1],
        maps=_maps(plane),
        mean=mean,
        deviation=deviation,
        saturated=float(faint.float().mean()) if faint.numel() else 0.0,
        dead=int(faint.all(2).sum()) if faint.numel() else 0,
        frozen=_mask(engine, parameters, index),
    )


def _faint(parameters: Parameters, index: int, before: Tensor, answer: Tensor) -> Tensor:
    """Where units hardly pass a gradient, (1, units, n); nowhere in the linear output layer."""
    if index == len(parameters.plan.hidden):
        return torch.zeros_like(answer, dtype=torch.bool)
    rule = ACTIVATIONS[parameters.plan.layers[index].activation]
    return rule.derivative(before, answer).abs() < FAINT


def _spread(answer: Tensor) -> tuple[Floats, Floats]:
    """Mean and standard deviation of activations (1, units, n); zeros where there are none."""
    if not answer.shape[2]:
        nothing = np.zeros(answer.shape[1], np.float32)
        return nothing, nothing
    deviation, mean = torch.std_mean(answer[0], 1, correction=0)
    return mean.numpy(), deviation.numpy()


def _mask(engine: Engine, parameters: Parameters, index: int) -> npt.NDArray[np.bool_]:
    if engine.frozen is None:
        return np.zeros(parameters.layers[index].shape[1:], np.bool_)
    return split(engine.frozen, parameters.plan)[index][0].numpy().copy()
