"""Networks with all that comes before and after them, to be taken elsewhere as one piece."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.export.scoring import loss_in_use
from playground.problems.corpora import normalised
from playground.problems.corpora.images import SIDE
from playground.training.digits import DigitTrainer
from playground.training.losses import Loss
from playground.training.trainer import Trainer

_EXAMPLES = 3  # one alone would be taken for the only number there can be


@dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """What answers inputs as the page has them, and what is to be known about it.

    Attributes
    ----------
    module : nn.Module
        A copy, in evaluation mode.
    example : Tensor
        A few inputs of the right kind, drawn at random.
    input : str
    outputs : tuple of str
        Names of what it takes and gives.
    about : dict of str to str
    """

    module: nn.Module
    example: Tensor
    input: str
    outputs: tuple[str, ...]
    about: dict[str, str]


class Whole(nn.Module):
    """A network between what prepares its inputs and what makes probabilities of its scores."""

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

    def forward(self, given: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Scores (n, outputs), and probabilities (n, classes) where there are classes."""
        scores: Tensor = self.network(self._prepare(given))
        if self._loss is None:
            return scores
        return scores, self._loss.probabilities(scores.T[None])[0].T


def answering(
    subject: Trainer | DigitTrainer | nn.Module, shape: Sequence[int] | None = None
) -> Answering:
    """Put a network together with its preparation; see `playground.export.onnx.onnx_of`."""
    if isinstance(subject, Trainer):
        return _of_dense(subject)
    if isinstance(subject, DigitTrainer):
        return _of_reader(subject)
    if shape is None:
        raise InputError("Say the shape of one input, such as shape=(1, 28, 28).")
    whole = Whole(subject, _as_it_is, None)
    return Answering(whole, torch.rand(_EXAMPLES, *shape), "inputs", ("scores",), {})


def _of_dense(trainer: Trainer) -> Answering:
    problem, plan = trainer.problem, trainer.plan
    loss = None
    if problem.classes:
        loss = loss_in_use(trainer.training, "classification", plan.outputs)
    columns = [problem.features[name] for name in plan.features]
    whole = Whole(trainer.model, partial(_features, columns), loss)
    span = problem.plane
    about = {
        "preprocessing": (
            f"None is needed: give the inputs {', '.join(problem.inputs)} as they are, here from "
            f"{span.low:g} to {span.high:g}. The graph computes the features "
            f"{', '.join(plan.features)} itself."
        ),
        "inputs": json.dumps(problem.inputs),
        "classes": json.dumps(problem.classes),
    }
    low, high = span.low, span.high
    example = low + (high - low) * torch.rand(_EXAMPLES, len(problem.inputs))
    return Answering(whole, example, "inputs", _outputs(problem.classes), about)


def _of_reader(trainer: DigitTrainer) -> Answering:
    model, classes = trainer.model, trainer.problem.classes
    loss = loss_in_use(trainer.training, "classification", len(classes))
    about = {
        "preprocessing": (
            f"Give pictures of {SIDE} × {SIDE} bytes, white ink (255) on black paper (0); the "
            "graph itself divides by 127.5 and subtracts 1. Digits are as in MNIST: 20 pixels "
            "on their longer side, the centre of their mass in the middle."
        ),
        "classes": json.dumps(classes),
    }
    whole = Whole(model, normalised, loss)
    example = torch.randint(256, (_EXAMPLES, SIDE, SIDE), dtype=torch.uint8)
    return Answering(whole, example, "pictures", _outputs(classes), about)


def _outputs(classes: Sequence[str]) -> tuple[str, ...]:
    return ("scores", "probabilities") if classes else ("values",)


def _as_it_is(given: Tensor) -> Tensor:
    return given


def _features(columns: Sequence[Callable[[Tensor], Tensor]], given: Tensor) -> Tensor:
    return torch.stack([column(given) for column in columns], dim=1)
