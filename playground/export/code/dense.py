"""The script of a dense network that learns a gate or points."""

from __future__ import annotations

from playground.errors import InputError
from playground.export.code.layers import network
from playground.export.code.layout import filled
from playground.export.code.optimising import optimiser, schedule
from playground.export.code.quotes import Quotes
from playground.export.code.samples import data
from playground.export.scoring import loss_in_use, loss_name
from playground.networks.architecture import Architecture
from playground.networks.initialisers import INITIALISERS
from playground.networks.plan import Plan
from playground.problems.truth import Input
from playground.training.losses import Loss, Task
from playground.training.trainer import Trainer

EPOCHS = 100
"""What is suggested where nothing has been trained and nothing says when to stop."""
REPORTS = 10

_AS_PYTORCH = Architecture.param.initialiser.default
_ROWS = "points"


def dense_script(trainer: Trainer, epochs: int | None = None) -> str:
    """Write a script; see `playground.export.code.script`."""
    problem, training, plan = trainer.problem, trainer.training, trainer.plan
    task: Task = "classification" if problem.classes else "regression"
    model, quotes = trainer.model, Quotes()
    samples = data(problem, quotes, "features" if plan.features != problem.inputs else "")
    epochs = epochs or trainer.epoch or training.stop_epoch or EPOCHS
    words = {
        "title": samples.title,
        "widths": "-".join(map(str, (len(plan.features), *plan.widths))),
        "epochs": epochs,
        "every": max(1, epochs // REPORTS),
        "batch_size": training.batch_size,
        "seed": trainer.architecture.seed,
        "features": _features(trainer, plan, quotes),
        "names": ", ".join(plan.features),
        "rows": _ROWS,
        "loss_name": loss_name(training, task).capitalize(),
        "loss": loss_code(loss_in_use(training, task, plan.outputs), quotes),
        "right": _right(problem.classes),
        "dropout": any(layer.dropout for layer in plan.layers),
        "data": samples.code,
        "test": samples.test,
        "network": network(model, quotes),
        "initialiser": _initialiser(trainer.architecture, quotes),
        "optimiser": optimiser(training, quotes),
        "schedule": schedule(training, quotes),
        "l1": training.l1,
        "l2": training.l2,
        "frozen": _frozen(trainer),
    }
    return filled("dense", imports=quotes.imports, quotes=quotes.texts, **words)


def loss_code(loss: Loss, quotes: Quotes) -> str:
    """Write the mean loss of `outputs` for `targets`."""
    if loss.pytorch is None:
        raise InputError(f"There is no code to be shown for the loss {type(loss).__name__}.")
    return quotes.call(loss.pytorch, "outputs", "targets")


def _features(trainer: Trainer, plan: Plan, quotes: Quotes) -> list[str]:
    if plan.features == trainer.problem.inputs:
        return []
    known = trainer.problem.features
    return [_feature(known[name], quotes) for name in plan.features]


def _feature(feature: object, quotes: Quotes) -> str:
    if isinstance(feature, Input):
        return f"{_ROWS}[:, {feature.index}]"
    assert callable(feature)
    return quotes.call(feature, _ROWS)


def _right(classes: tuple[str, ...]) -> str:
    """Which outputs are right; nothing in regression."""
    if not classes:
        return ""
    many = "outputs.argmax(1) == targets"
    return many if len(classes) > 2 else "(outputs > 0) == (targets > 0)"


def _initialiser(architecture: Architecture, quotes: Quotes) -> str:
    """A call for each layer; nothing for what PyTorch does of itself."""
    if architecture.initialiser == _AS_PYTORCH:
        return ""
    draw = INITIALISERS[architecture.initialiser]
    return quotes.call(draw, "layer.weight", "layer.bias", "chance")


def _frozen(trainer: Trainer) -> str:
    count = sum(int(layer.frozen.sum()) for layer in trainer.frame().layers)
    if not count:
        return ""
    return "one weight was" if count == 1 else f"{count} weights were"
