"""The script for a dense network on gates or points."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from playground.errors import InputError
from playground.export.code.data_code import data_code
from playground.export.code.definitions import Definitions, is_of_torch
from playground.export.code.formatting import format_call, format_literal, render_template
from playground.export.code.module_code import (
    DRAWS_REMARK,
    MAX_LISTED_WEIGHTS,
    checked_network_code,
    draws_at_random,
    learning_code,
    listed_buffers,
    listed_weights,
    normalises_by_batch,
)
from playground.export.code.network_code import network_code
from playground.export.code.optimiser_code import (
    clipping_code,
    optimiser_code,
    schedule_code,
    watching_code,
)
from playground.export.exportable_model import trained_network
from playground.export.loss_in_use import is_weighted, loss_in_use, loss_name
from playground.networks.dense.initialisers import INITIALISERS, PYTORCH_DEFAULT
from playground.networks.dense.module_plan import ModulePlan
from playground.networks.dense.plan import Plan
from playground.problems.truth_tables import InputFeature
from playground.training.core.class_weights import balanced_weights
from playground.training.core.losses import Loss, Task
from playground.training.dense.trainer import Trainer

DEFAULT_EPOCHS = 100
"""The number of epochs where nothing has been trained and no stop condition is set."""
PROGRESS_LINES = 10

_SAMPLES_COMPARED = 20
"""Training samples with which the code of a module of the user is tried."""
_FEATURES_ARGUMENT = "points"


def dense_script(trainer: Trainer, epochs: int | None = None) -> str:
    """Write the script of a trainer; see `playground.export.code.script`."""
    problem, training, plan = trainer.problem, trainer.training, trainer.plan
    task: Task = "classification" if problem.classes else "regression"
    model, definitions = trained_network(trainer), Definitions()
    loss = loss_in_use(training, task, plan.outputs)
    samples = data_code(
        problem,
        definitions,
        "features" if plan.features != problem.inputs else "",
        getattr(loss, "sharpness", 1.0),
    )
    epochs = epochs or trainer.epoch or training.stop_epoch or DEFAULT_EPOCHS
    weighted = bool(problem.classes) and is_weighted(training)
    context = {
        "title": samples.title,
        "network_title": _network_title(plan),
        "epochs": epochs,
        "every": max(1, epochs // PROGRESS_LINES),
        "batch_size": training.batch_size,
        "seed": trainer.architecture.seed,
        "features": _feature_expressions(trainer, plan, definitions),
        "names": ", ".join(plan.features),
        "rows": _FEATURES_ARGUMENT,
        "loss_name": loss_title(loss_name(training, task), weighted=weighted),
        "loss": loss_code(loss, definitions, weighted=weighted),
        "weighting": _class_weights_code(problem.classes, definitions) if weighted else "",
        "labels": "targets" if len(problem.classes) > 2 else "targets.long()",
        "right": _correct_expression(problem.classes),
        **learning_code(model),
        "draws_remark": DRAWS_REMARK if draws_at_random(model) else "",
        "split": _split_argument(trainer, model),
        "data": samples.code,
        "test": samples.test,
        "network": _network(trainer, model, definitions),
        **_first_weights(trainer, model, definitions),
        "optimiser": optimiser_code(training, definitions),
        "schedule": schedule_code(training, definitions),
        "l1": training.l1,
        "l2": training.l2,
        "max_norm": clipping_code(training, definitions),
        **watching_code(training, definitions, trainer.epoch),
        "frozen": _frozen_weights(trainer, model, definitions),
    }
    return render_template(
        "dense", imports=definitions.imports, definitions=definitions.sources, **context
    )


def loss_title(name: str, *, weighted: bool) -> str:
    """Describe a loss in the words before a full stop."""
    return f"{name.capitalize()}, weighted by class" if weighted else name.capitalize()


def loss_code(loss: Loss, definitions: Definitions, *, weighted: bool = False) -> str:
    """Write an expression for the mean loss of `outputs` for `targets`.

    Parameters
    ----------
    loss : Loss
    definitions : Definitions
    weighted : bool
        Whether to write the loss of each sample instead, which is weighted then.
    """
    arguments = ["outputs", "targets"]
    function, attribute = loss.pytorch, "pytorch"
    if weighted and not is_of_torch(function):
        function, attribute = loss.pytorch_each, "pytorch_each"
    if function is None:
        raise InputError(
            f"There is no code to be shown for the loss {type(loss).__name__}: its class has no "
            f"attribute `{attribute}`."
        )
    if weighted and is_of_torch(function):
        callee = definitions.format_call(function).removesuffix("()")
        return format_call(callee, [*arguments, 'reduction="none"'], 4, len("losses = "))
    return definitions.format_call(function, *arguments)


def _class_weights_code(classes: tuple[str, ...], definitions: Definitions) -> str:
    labels = "y" if len(classes) > 2 else "y.long().flatten()"
    return definitions.format_call(balanced_weights, labels, str(len(classes)))


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


def _network_title(plan: Plan) -> str:
    if isinstance(plan, ModulePlan):
        return "a module of your own"
    return f"a network of {'-'.join(map(str, (len(plan.features), *plan.widths)))} neurons"


def _network(trainer: Trainer, model: nn.Module, definitions: Definitions) -> str:
    if trainer.first_weights is None and not isinstance(trainer.plan, ModulePlan):
        return network_code(model, definitions)
    columns = [trainer.problem.features[name] for name in trainer.plan.features]
    inputs = torch.from_numpy(trainer.problem.samples().train.x[:_SAMPLES_COMPARED])
    rows = torch.stack([column(inputs) for column in columns], dim=1)
    return checked_network_code(model, definitions, torch.cat([rows, rows]))


def _first_weights(trainer: Trainer, model: nn.Module, definitions: Definitions) -> dict[str, str]:
    """Write what a module of the user began with, or how the weights of another are drawn."""
    first = trainer.first_weights
    listed, omitted, buffers = "", "", ""
    if first is None:
        initialiser = (
            "" if isinstance(trainer.plan, ModulePlan) else _initialiser(trainer, definitions)
        )
    else:
        initialiser = ""
        count = sum(each.numel() for each in first)
        listed = listed_weights(first) if count <= MAX_LISTED_WEIGHTS else ""
        omitted = "" if listed else f"{count:,}"
        if listed:
            definitions.imports.module("numpy", "np")
            definitions.imports.name("torch.nn.utils", "vector_to_parameters")
        buffers = listed_buffers(model, trainer.first_buffers)
    return {
        "initialiser": initialiser,
        "weights": listed,
        "omitted": omitted,
        "buffers": buffers,
    }


def _initialiser(trainer: Trainer, definitions: Definitions) -> str:
    """Write the initialisation of a layer; nothing for that of PyTorch."""
    draw = INITIALISERS[trainer.architecture.initialiser]
    if draw is INITIALISERS[PYTORCH_DEFAULT]:
        return ""
    return definitions.format_call(draw, "layer.weight", "layer.bias", "generator")


def _split_argument(trainer: Trainer, model: nn.Module) -> str:
    """Write the sizes of batches; a last one of a single sample joins where layers need two."""
    count, size = len(trainer.problem.samples().train), trainer.training.batch_size
    if not (count > size > 1 and count % size == 1 and normalises_by_batch(model)):
        return "BATCH_SIZE"
    return f"[BATCH_SIZE] * {count // size - 1} + [BATCH_SIZE + 1]"


def _frozen_weights(trainer: Trainer, model: nn.Module, definitions: Definitions) -> list[str]:
    """Write, for each frozen weight or bias, its parameter, its place in it, and its value."""
    layers = trainer.frame().layers
    if not any(layer.frozen.any() for layer in layers):
        return []
    definitions.imports.module("torch")
    names = [name for name, each in model.named_modules() if isinstance(each, nn.Linear)]
    return [
        f"({format_literal(f'{name}.{parameter}')}, {place}, {values[place]!s})"
        for name, layer in zip(names, layers, strict=True)
        for parameter, values, frozen in (
            ("weight", layer.weight, layer.frozen[:, :-1]),
            ("bias", layer.bias, layer.frozen[:, -1]),
        )
        for place in map(tuple, np.argwhere(frozen).tolist())
    ]
