"""Optimiser, weight decay and schedule as code."""

from __future__ import annotations

import inspect

from playground.errors import InputError
from playground.export.code.definitions import Definitions
from playground.export.code.formatting import format_call, format_literal
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import PLATEAU, SCHEDULES
from playground.training.training import Training

_CONSTANT_SCHEDULE = Training.param.schedule.default


def optimiser_code(training: Training, definitions: Definitions) -> str:
    """Write a statement that makes the optimiser of `model`.

    It uses the lists `weights` and `biases` where weight decay applies to the former only.

    Raises
    ------
    InputError
        If the optimiser names no counterpart in `torch.optim`.
    """
    optimiser = OPTIMISERS[training.optimiser]
    rule = optimiser.pytorch
    if rule is None:
        raise InputError(f"PyTorch has no optimiser {training.optimiser!r} that could be shown.")
    definitions.imports.module("torch")
    defaults = inspect.signature(rule.func).parameters
    own = optimiser.torch_options(training.optimiser_options)
    options = {
        "lr": training.learning_rate,
        **rule.keywords,
        **{name: value for name, value in own.items() if value != defaults[name].default},
    }
    default_decay = defaults["weight_decay"].default
    if default_decay and not training.l2:
        options["weight_decay"] = 0.0
    listed = [f"{name}={format_literal(value)}" for name, value in options.items()]
    parameters = (
        _parameter_groups(training.l2, bool(default_decay)) if training.l2 else "model.parameters()"
    )
    return format_call(f"optimiser = torch.optim.{_name(rule.func)}", [parameters, *listed])


def schedule_code(training: Training, definitions: Definitions) -> str:
    """Write a statement that makes the schedule of `optimiser`; nothing for a constant rate."""
    if training.schedule == _CONSTANT_SCHEDULE:
        return ""
    if training.schedule == PLATEAU:
        definitions.imports.name("torch.optim.lr_scheduler", "ReduceLROnPlateau")
        options = [f"factor={training.plateau_factor}", f"patience={training.plateau_patience}"]
        return format_call("schedule = ReduceLROnPlateau", ["optimiser", *options])
    definitions.imports.name("torch.optim.lr_scheduler", "LambdaLR")
    factor = definitions.format_call(SCHEDULES[training.schedule], f"epoch / {training.horizon}")
    return format_call("schedule = LambdaLR", ["optimiser", f"lambda epoch: {factor}"])


def watching_code(
    training: Training, definitions: Definitions, passed_epochs: int
) -> dict[str, object]:
    """Return what a template needs to know of what follows when the loss no longer falls.

    Parameters
    ----------
    training : Training
    definitions : Definitions
    passed_epochs : int
        Epochs that were trained on the page, where early stopping was no end.
    """
    if training.early_stopping is not None:
        definitions.imports.module("copy")
        definitions.imports.module("math")
    return {
        "plateau": training.schedule == PLATEAU,
        "early_stopping": training.early_stopping,
        "passed_epochs": passed_epochs,
        "watched": training.schedule == PLATEAU or training.early_stopping is not None,
    }


def clipping_code(training: Training, definitions: Definitions) -> str:
    """Write the norm that gradients are clipped to; nothing where they are not."""
    if training.max_norm is None:
        return ""
    definitions.imports.name("torch.nn.utils", "clip_grad_norm_")
    return format_literal(training.max_norm)


def _parameter_groups(decay: float, has_default_decay: bool) -> str:
    no_decay = ', "weight_decay": 0.0' if has_default_decay else ""
    return (
        "[\n"
        f'        {{"params": weights, "weight_decay": {decay!r}}},\n'
        f'        {{"params": biases{no_decay}}},\n'
        "    ]"
    )


def _name(rule: object) -> str:
    return str(getattr(rule, "__name__", ""))
