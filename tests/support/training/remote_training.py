"""Trainers on a worker, compared with one that is alone in its process."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
from torch import Tensor

from playground.networks.architecture import Architecture
from playground.problems.points.points import Points
from playground.problems.problem import FeatureMap
from playground.training.dense.edits import Freeze, ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from playground.training.remote.trainer import RemoteTrainer
from playground.training.training import Training
from tests.support.training.trainer_states import assert_same

SECONDS = 60.0
"""Within which a worker is there."""


def _set(owner: str, **values: Any) -> Callable[[Trainer], object]:
    return lambda trainer: getattr(trainer, owner).param.update(**values)


CHANGES: dict[str, Callable[[Trainer], object]] = {
    "nothing": lambda trainer: None,
    "learning rate": _set("training", learning_rate=0.05),
    "optimiser": _set("training", optimiser="RMSprop", l2=0.001),
    "neurons": _set("architecture", hidden=[4, 3], activation="ReLU"),
    "samples": _set("problem", noise=0.2, seed=3),
    "weight": lambda trainer: trainer.edit(SetValue(ParameterRef(0, 1, 0), 2.5)),
    "frozen": lambda trainer: trainer.edit(Freeze(ParameterRef(1, 0))),
    "dropout": _set("architecture", dropout=0.2),
    "probe": lambda trainer: trainer.set_probe("here", np.ones((2, 2), np.float32)),
    "rewound": lambda trainer: trainer.branch(3),
    # To a network of the same shape: no setting tells the worker of it.
    "rewound again": lambda trainer: trainer.branch(len(trainer.checkpoints.infos) - 2),
    "stopped early": _set(
        "training", learning_rate=1.0, early_stopping=1, schedule="plateau", plateau_patience=0
    ),
    "diverged": lambda trainer: (
        trainer.architecture.param.update(activation="linear", hidden=[4, 4, 4]),
        trainer.training.param.update(
            learning_rate=10.0, optimiser="SGD", early_stopping=None, schedule="constant"
        ),
    ),
    "new weights": lambda trainer: trainer.reset(new_weights=True),
}
"""What a person does to a page, in this order."""


class UnsendablePoints(Points):
    """Points with a feature that can't be pickled."""

    @property
    def features(self) -> FeatureMap:
        lock, (name, feature), *others = Lock(), *super().features.items()

        def locked(x: Tensor) -> Tensor:
            with lock:
                return feature(x)

        return {name: locked, **dict(others)}


def settings(kind: type[Points] = Points) -> tuple[Points, Architecture, Training]:
    """Return the settings that all trainers begin with."""
    problem = kind(shape="spiral", count=60)
    return problem, Architecture(hidden=[4]), Training(batch_size=10)


def wait_for_worker(trainer: RemoteTrainer) -> None:
    """Wait until a worker is to take the next step."""
    end = time.monotonic() + SECONDS
    while trainer.trains_here:
        trainer.advance(steps=0)
        assert time.monotonic() < end, trainer.place_note
        time.sleep(0.01)


def compare(one: Trainer, other: Trainer, case: str) -> None:
    """Compare frames and states of two trainers to the bit."""
    _compare(one.frame(), other.frame(), case)
    assert_same(one.state(), other.state())
    assert _losses(one) == _losses(other), case


def _losses(trainer: Trainer) -> str:
    """Return the losses that decide which weights are good, which no state holds."""
    with trainer._synced() as session:
        return repr(session.comparability.losses)  # NaN too


def _compare(one: object, other: object, case: str) -> None:
    if dataclasses.is_dataclass(one):
        assert type(one) is type(other), case
        for field in dataclasses.fields(one):
            name = f"{case}: {field.name}"
            _compare(getattr(one, field.name), getattr(other, field.name), name)
    elif isinstance(one, tuple | list):
        assert isinstance(other, tuple | list), case
        assert len(one) == len(other), case
        for number, pair in enumerate(zip(one, other, strict=True)):
            _compare(*pair, f"{case}[{number}]")
    elif isinstance(one, dict):
        assert isinstance(other, dict), case
        assert one.keys() == other.keys(), case
        for key, value in one.items():
            _compare(value, other[key], f"{case}[{key!r}]")
    else:
        np.testing.assert_array_equal(one, other, case)  # type: ignore[arg-type]
