"""How a network learns, as code: optimiser, penalties, schedule."""

from __future__ import annotations

import inspect

from playground.errors import InputError
from playground.export.code.layout import call, literal
from playground.export.code.quotes import Quotes
from playground.training.optimisers import OPTIMISERS
from playground.training.schedules import SCHEDULES
from playground.training.training import Training

_STEADY = Training.param.schedule.default


def optimiser(training: Training, quotes: Quotes) -> str:
    """Write a statement that makes the optimiser of `model`.

    It speaks of `weights` and `biases` where only the former are to be kept small.

    Raises
    ------
    InputError
        If PyTorch has no such optimiser.
    """
    rule = OPTIMISERS[training.optimiser].pytorch
    if rule is None:
        raise InputError(f"PyTorch has no optimiser {training.optimiser!r} that could be shown.")
    quotes.imports.module("torch")
    options = {"lr": training.learning_rate, **rule.keywords}
    usual_decay = inspect.signature(rule.func).parameters["weight_decay"].default
    if usual_decay and not training.l2:
        options["weight_decay"] = 0.0
    listed = [f"{name}={literal(value)}" for name, value in options.items()]
    parameters = _groups(training.l2, bool(usual_decay)) if training.l2 else "model.parameters()"
    return call(f"optimiser = torch.optim.{_name(rule.func)}", [parameters, *listed])


def schedule(training: Training, quotes: Quotes) -> str:
    """Write a statement that makes the schedule of `optimiser`; nothing for a constant rate."""
    if training.schedule == _STEADY:
        return ""
    quotes.imports.name("torch.optim.lr_scheduler", "LambdaLR")
    factor = quotes.call(SCHEDULES[training.schedule], f"epoch / {training.horizon}")
    return call("schedule = LambdaLR", ["optimiser", f"lambda epoch: {factor}"])


def _groups(decay: float, usual: bool) -> str:
    spared = ', "weight_decay": 0.0' if usual else ""
    return (
        "[\n"
        f'        {{"params": weights, "weight_decay": {decay!r}}},\n'
        f'        {{"params": biases{spared}}},\n'
        "    ]"
    )


def _name(rule: object) -> str:
    return str(getattr(rule, "__name__", ""))
