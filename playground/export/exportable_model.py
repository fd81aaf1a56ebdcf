"""Networks combined with their preprocessing and probabilities, for export."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.loss_in_use import loss_in_use
from playground.problems.image_datasets import normalise_pictures
from playground.problems.image_datasets.labelled_images import SIDE
from playground.training.core.losses import Loss
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer

_EXAMPLE_COUNT = 3  # the exporter would take a single one for a fixed batch size


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
    """A network with its preprocessing before it and the probabilities after it."""

    def __init__(
        self,
        network: nn.Module,
        prepare: Callable[[Tensor], Tensor],
        loss: Loss | None,
    ) -> None:
        super().__init__()
        self.network = copy.deepcopy(network)
        self._prepare, self._loss = prepare, loss
        self.eval()

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Scores (n, outputs), and probabilities (n, classes) where there are classes."""
        scores: Tensor = self.network(self._prepare(x))
        if self._loss is None:
            return scores
        return scores, self._loss.probabilities(scores.T[None])[0].T


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
    columns = [problem.features[name] for name in plan.features]
    end_to_end = EndToEndModule(trainer.model, partial(_compute_features, columns), loss)
    span = problem.plane
    metadata = {
        "preprocessing": (
            f"None is needed: give the inputs {', '.join(problem.inputs)} as they are, here from "
            f"{span.low:g} to {span.high:g}. The graph computes the features "
            f"{', '.join(plan.features)} itself."
        ),
        "inputs": json.dumps(problem.inputs),
        "classes": json.dumps(problem.classes),
    }
    low, high = span.low, span.high
    example_inputs = low + (high - low) * torch.rand(_EXAMPLE_COUNT, len(problem.inputs))
    return ExportableModel(
        end_to_end, example_inputs, "inputs", _output_names(problem.classes), metadata
    )


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


def _compute_features(columns: Sequence[Callable[[Tensor], Tensor]], x: Tensor) -> Tensor:
    return torch.stack([column(x) for column in columns], dim=1)
