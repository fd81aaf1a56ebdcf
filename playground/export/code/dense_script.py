"""The script for a dense network on gates or points."""

from __future__ import annotations

from playground.errors import InputError
from playground.export.code.data_code import data_code
from playground.export.code.definitions import Definitions
from playground.export.code.formatting import render_template
from playground.export.code.network_code import network_code
from playground.export.code.optimiser_code import optimiser_code, schedule_code
from playground.export.loss_in_use import loss_in_use, loss_name
from playground.networks.architecture import Architecture
from playground.networks.dense.initialisers import INITIALISERS
from playground.networks.dense.plan import Plan
from playground.problems.truth_tables import InputFeature
from playground.training.core.losses import Loss, Task
from playground.training.dense.trainer import Trainer

DEFAULT_EPOCHS = 100
"""The number of epochs where nothing has been trained and no stop condition is set."""
PROGRESS_LINES = 10

_DEFAULT_INITIALISER = Architecture.param.initialiser.default
_FEATURES_ARGUMENT = "points"


def dense_script(trainer: Trainer, epochs: int | None = None) -> str:
    """Write the script of a trainer; see `playground.export.code.script`."""
    problem, training, plan = trainer.problem, trainer.training, trainer.plan
    task: Task = "classification" if problem.classes else "regression"
    model, definitions = trainer.model, Definitions()
    samples = data_code(problem, definitions, "features" if plan.features != problem.inputs else "")
    epochs = epochs or trainer.epoch or training.stop_epoch or DEFAULT_EPOCHS
    context = {
        "title": samples.title,
        "widths": "-".join(map(str, (len(plan.features), *plan.widths))),
        "epochs": epochs,
        "every": max(1, epochs // PROGRESS_LINES),
        "batch_size": training.batch_size,
        "seed": trainer.architecture.seed,
        "features": _feature_expressions(trainer, plan, definitions),
        "names": ", ".join(plan.features),
        "rows": _FEATURES_ARGUMENT,
        "loss_name": loss_name(training, task).capitalize(),
        "loss": loss_code(loss_in_use(training, task, plan.outputs), definitions),
        "right": _correct_expression(problem.classes),
        "dropout": any(layer.dropout for layer in plan.layers),
        "data": samples.code,
        "test": samples.test,
        "network": network_code(model, definitions),
        "initialiser": _initialiser(trainer.architecture, definitions),
        "optimiser": optimiser_code(training, definitions),
        "schedule": schedule_code(training, definitions),
        "l1": training.l1,
        "l2": training.l2,
        "frozen": _frozen_phrase(trainer),
    }
    return render_template(
        "dense", imports=definitions.imports, definitions=definitions.sources, **context
    )


def loss_code(loss: Loss, definitions: Definitions) -> str:
    """Write an expression for the mean loss of `outputs` for `targets`."""
    if loss.pytorch is None:
        raise InputError(
            f"There is no code to be shown for the loss {type(loss).__name__}: its class has no "
            "attribute `pytorch`."
        )
    return definitions.format_call(loss.pytorch, "outputs", "targets")


def _feature_expressions(trainer: Trainer, plan: Plan, definitions: Definitions) -> list[str]:
    if plan.features == trainer.problem.inputs:
        return []
    known = trainer.problem.features
    return [_feature_expression(known[name], definitions) for name in plan.features]


def _feature_expression(feature: object, definitions: Definitions) -> str:
    if isinstance(feature, InputFeature):
        return f"{_FEATURES_ARGUMENT}[:, {feature.index}]"
    assert callable(feature)
    return definitions.format_call(feature, _FEATURES_ARGUMENT)


def _correct_expression(classes: tuple[str, ...]) -> str:
    """Write a mask of the correct outputs; nothing in regression."""
    if not classes:
        return ""
    many = "outputs.argmax(1) == targets"
    return many if len(classes) > 2 else "(outputs > 0) == (targets > 0)"


def _initialiser(architecture: Architecture, definitions: Definitions) -> str:
    """Write the initialisation of a layer; nothing for the default of PyTorch."""
    if architecture.initialiser == _DEFAULT_INITIALISER:
        return ""
    draw = INITIALISERS[architecture.initialiser]
    return definitions.format_call(draw, "layer.weight", "layer.bias", "generator")


def _frozen_phrase(trainer: Trainer) -> str:
    count = sum(int(layer.frozen.sum()) for layer in trainer.frame().layers)
    if not count:
        return ""
    return "one weight was" if count == 1 else f"{count} weights were"
