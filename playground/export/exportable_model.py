"""Networks combined with their preprocessing and probabilities, for export."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.loss_in_use import loss_in_use
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.user_module.wrapping import unwrap_compiled
from playground.problems.image_datasets import normalise_pictures
from playground.problems.image_datasets.labelled_images import SIDE
from playground.problems.preprocessing import Preprocessing
from playground.problems.problem import Problem
from playground.training.core.losses import Loss
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer

_EXAMPLE_COUNT = 3  # the exporter would take a single one for a fixed batch size
_SAMPLE_COUNT = 20
"""Training samples with which a file is compared with the network."""


@dataclass(frozen=True, slots=True, eq=False)
class ExportableModel:
    """A module from the inputs of a page to its outputs, with a description.

    Attributes
    ----------
    module : nn.Module
        A copy, in evaluation mode.
    example_inputs : Tensor
        A few random inputs of the right shape and type.
    input : str
    outputs : tuple of str
        Names of its input and outputs.
    metadata : dict of str to str
    """

    module: nn.Module
    example_inputs: Tensor
    input: str
    outputs: tuple[str, ...]
    metadata: dict[str, str]


class EndToEndModule(nn.Module):
    """A copy of a network with its preprocessing before it and the probabilities after it.

    Parameters
    ----------
    network : nn.Module
    prepare : callable
        From the inputs of the user to those of the network.
    loss : Loss or None
        Makes probabilities of scores; None in regression.
    finish : callable, optional
        From scores to values in the units of the user, in regression.

    Raises
    ------
    InputError
        If the network can't be copied.
    """

    def __init__(
        self,
        network: nn.Module,
        prepare: Callable[[Tensor], Tensor],
        loss: Loss | None,
        finish: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__()
        self.network = copy_module(network)
        self._prepare, self._loss, self._finish = prepare, loss, finish
        self.eval()

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Scores (n, outputs), and probabilities (n, classes) where there are classes."""
        scores: Tensor = self.network(self._prepare(x))
        if self._loss is None:
            return scores if self._finish is None else self._finish(scores)
        return scores, self._loss.probabilities(scores.T[None])[0].T


class _Features(nn.Module):
    """Computes the features of a network from rows in the units of the user."""

    offset: Tensor
    scale: Tensor
    fill: Tensor | None

    def __init__(
        self, preprocessing: Preprocessing, columns: Sequence[Callable[[Tensor], Tensor]]
    ) -> None:
        super().__init__()
        scaler, fill = preprocessing.inputs, preprocessing.fill
        self._scaled = not scaler.is_identity
        self.register_buffer("offset", torch.from_numpy(scaler.offset.copy()))
        self.register_buffer("scale", torch.from_numpy(scaler.scale.copy()))
        self.register_buffer("fill", None if fill is None else torch.from_numpy(fill.copy()))
        self._columns = columns

    def forward(self, x: Tensor) -> Tensor:
        """Fill gaps and scale in double precision, and compute the features in single."""
        rows = x if self.fill is None else torch.where(x.isnan(), self.fill, x.double())
        if self._scaled:
            rows = (rows.double() - self.offset) / self.scale
        rows = rows.float()
        return torch.stack([column(rows) for column in self._columns], dim=1)


class _Units(nn.Module):
    """From the values of a network to the units of the user."""

    offset: Tensor
    scale: Tensor

    def __init__(self, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.register_buffer("offset", torch.from_numpy(preprocessing.targets.offset.copy()))
        self.register_buffer("scale", torch.from_numpy(preprocessing.targets.scale.copy()))
        self._double = preprocessing.value_type is np.float64

    def forward(self, scores: Tensor) -> Tensor:
        """Undo the scaling in double precision."""
        values = scores.double() * self.scale + self.offset
        return values if self._double else values.float()


def copy_module(network: nn.Module) -> nn.Module:
    """Return a deep copy of a network, with its parts in the modes that they are in.

    Raises
    ------
    InputError
        If it can't be copied.
    """
    try:
        return copy.deepcopy(network)
    except Exception as error:  # A network of the user may do anything.
        raise InputError(
            f"This network can't be copied, so it can't be exported: {error}"
        ) from error


def exportable_model(
    trainer_or_module: Trainer | ImageTrainer | nn.Module, shape: Sequence[int] | None = None
) -> ExportableModel:
    """Combine a network with its preprocessing; see `playground.export.onnx.to_onnx`."""
    if isinstance(trainer_or_module, Trainer):
        return _from_dense_trainer(trainer_or_module)
    if isinstance(trainer_or_module, ImageTrainer):
        return _from_image_trainer(trainer_or_module)
    if shape is None:
        raise InputError("Say the shape of one input, such as shape=(1, 28, 28).")
    end_to_end = EndToEndModule(trainer_or_module, _identity, None)
    return ExportableModel(
        end_to_end, torch.rand(_EXAMPLE_COUNT, *shape), "inputs", ("scores",), {}
    )


def _from_dense_trainer(trainer: Trainer) -> ExportableModel:
    problem, plan = trainer.problem, trainer.plan
    loss = None
    if problem.classes:
        loss = loss_in_use(trainer.training, "classification", plan.outputs)
    preprocessing = problem.preprocessing
    prepare = _Features(preprocessing, [problem.features[name] for name in plan.features])
    finish = None if preprocessing.targets.is_identity else _Units(preprocessing)
    end_to_end = EndToEndModule(trained_network(trainer), prepare, loss, finish)
    metadata = {
        "preprocessing": _describe_preprocessing(problem, plan.features),
        "inputs": json.dumps(problem.inputs),
        "classes": json.dumps(problem.classes),
        "scaling": json.dumps(preprocessing.as_json(problem.inputs)),
    }
    return ExportableModel(
        end_to_end, _example_rows(problem), "inputs", _output_names(problem.classes), metadata
    )


def trained_network(trainer: Trainer) -> nn.Module:
    """Return the network with as many outputs as its plan has: one for two classes."""
    model, plan = trainer.model, trainer.plan
    # Two logits of a module of the user become the log-odds of the second class.
    return plan.module if isinstance(plan, ModulePlan) else unwrap_compiled(model)


def _describe_preprocessing(problem: Problem, features: Sequence[str]) -> str:
    span, preprocessing = problem.plane, problem.preprocessing
    names = ", ".join(problem.inputs)
    makes = f"The graph computes the features {', '.join(features)} itself."
    if preprocessing.is_identity:
        within = "" if span.scale else f", here from {span.low:g} to {span.high:g}"
        return f"None is needed: give the inputs {names} as they are{within}. {makes}"
    precision = "single" if preprocessing.input_type is np.float32 else "double"
    sentences = [
        f"None is needed: give the inputs {names} in their own units, in {precision} precision."
    ]
    if any(column.categories for column in preprocessing.columns):
        sentences.append(
            "Of the inputs of a column of categories, such as colour=red, give 1 for its category "
            "and 0 for the others."
        )
    if preprocessing.fill is not None:
        sentences.append("An input that is missing is NaN; the graph itself fills it in.")
    if not preprocessing.inputs.is_identity:
        sentences.append(
            "The graph itself subtracts the means of the training rows and divides by their "
            "standard deviations."
        )
    sentences.append(makes)
    if not problem.classes:
        sentences.append("Values are in the units of the target.")
    return " ".join(sentences)


def _example_rows(problem: Problem) -> Tensor:
    """Return rows in the units of the user: some over the plane, and some to learn from."""
    plane, preprocessing = problem.plane, problem.preprocessing
    places = np.random.default_rng(0).uniform(plane.low, plane.high, (_EXAMPLE_COUNT, 2))
    rows = np.concatenate([plane.points(*places.T), problem.samples().train.x[:_SAMPLE_COUNT]])
    raw = preprocessing.inputs.inverse_transform(rows)
    return torch.from_numpy(raw.astype(preprocessing.input_type))


def _from_image_trainer(trainer: ImageTrainer) -> ExportableModel:
    model, classes = trainer.model, trainer.problem.classes
    loss = loss_in_use(trainer.training, "classification", len(classes))
    metadata = {
        "preprocessing": (
            f"Give pictures of {SIDE} × {SIDE} bytes, white ink (255) on black paper (0); the "
            "graph itself divides by 127.5 and subtracts 1. Digits are as in MNIST: 20 pixels "
            "on their longer side, the centre of their mass in the middle."
        ),
        "classes": json.dumps(classes),
    }
    end_to_end = EndToEndModule(model, normalise_pictures, loss)
    example_inputs = torch.randint(256, (_EXAMPLE_COUNT, SIDE, SIDE), dtype=torch.uint8)
    return ExportableModel(end_to_end, example_inputs, "pictures", _output_names(classes), metadata)


def _output_names(classes: Sequence[str]) -> tuple[str, ...]:
    return ("scores", "probabilities") if classes else ("values",)


def _identity(x: Tensor) -> Tensor:
    return x
