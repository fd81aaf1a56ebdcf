"""A worker trains while another thread changes everything: nothing may break."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from threading import Event, Thread
from time import perf_counter

import numpy as np
import pytest
import torch

from playground.networks.activations import ACTIVATIONS
from playground.problems import CLOUDS, FEATURES, GATES, OWN, Gates, Points
from playground.training.edits import FreezeLayer, Place, SetValue
from playground.training.optimisers import OPTIMISERS
from playground.training.trainer import Trainer
from tests.learning import make_trainer

Change = Callable[[], object]
PATIENCE = 120
"""Seconds after which a worker counts as stuck."""


@pytest.fixture
def often_interrupted() -> Iterator[None]:
    """Let threads take turns a hundred times more often than usual."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    yield
    sys.setswitchinterval(interval)


class Worker:
    """Trains and looks in a thread of its own until it is stopped or something breaks."""

    def __init__(self, trainer: Trainer) -> None:
        self.frames = 0
        self.error: BaseException | None = None
        self._trainer = trainer
        self._stop = Event()
        self._thread = Thread(target=self._work)

    def __enter__(self) -> Worker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        torch.set_num_threads(1)
        try:
            while not self._stop.is_set():
                self._trainer.advance(0.002)
                frame = self._trainer.frame()
                assert len(frame.layers) == len(frame.plan.layers)
                assert np.isfinite(frame.field).all()
                self.frames += 1
        except BaseException as error:
            self.error = error


def change_for(frames: int, worker: Worker, changes: list[Change]) -> None:
    """Make many changes for each frame, and go on with some until the worker has made it."""
    chance, last = random.Random(0), perf_counter() + PATIENCE
    for _ in range(frames):
        seen = worker.frames
        for _ in range(chance.randint(1, 60)):
            chance.choice(changes)()
        while worker.frames == seen and worker.error is None and perf_counter() < last:
            chance.choice(changes[:3])()


def common_changes(trainer: Trainer) -> list[Change]:
    chance = random.Random(1)
    architecture, training = trainer.architecture, trainer.training

    def widths() -> list[int]:
        return [chance.randint(1, 6) for _ in range(chance.randint(0, 3))]

    def edit() -> None:
        last = len(trainer.plan.layers) - 1
        trainer.edit(SetValue(Place(last, 0), chance.uniform(-1, 1)))
        trainer.edit(FreezeLayer(last, frozen=chance.random() < 0.5))

    return [
        lambda: setattr(architecture, "hidden", widths()),
        lambda: setattr(architecture, "activation", chance.choice(list(ACTIVATIONS))),
        lambda: setattr(
            architecture,
            "layer_activations",
            chance.choices([None, "ReLU"], k=chance.randint(0, 3)),
        ),
        lambda: setattr(architecture, "dropout", chance.choice([0.0, 0.3])),
        lambda: setattr(training, "optimiser", chance.choice(list(OPTIMISERS))),
        lambda: setattr(training, "loss", chance.choice(["cross-entropy", "hinge", "Huber"])),
        lambda: setattr(training, "batch_size", chance.choice([1, 7, 500])),
        lambda: setattr(training, "learning_rate", chance.choice([1e-3, 10.0])),
        lambda: trainer.reset(new_weights=chance.random() < 0.5),
        lambda: trainer.ask("a", np.zeros((chance.randint(0, 3), chance.randint(1, 4)))),
        edit,
    ]


def check(trainer: Trainer, frames: int, changes: list[Change]) -> None:
    with Worker(trainer) as worker:
        change_for(frames, worker, [*changes, *common_changes(trainer)])
    if worker.error is not None:
        raise worker.error
    assert worker.frames >= frames


@pytest.mark.usefixtures("often_interrupted")
def test_points_may_change_at_any_time() -> None:
    points, chance = Points(count=40), random.Random(2)
    trainer = make_trainer(points, batch_size=10)

    def paint() -> None:
        place = [chance.uniform(-6, 6), chance.uniform(-6, 6)]
        points.own.add([place, place], 0.5 if points.own.regression else chance.randint(0, 3))

    check(
        trainer,
        60,
        [
            lambda: setattr(points, "shape", chance.choice([*CLOUDS, OWN])),
            lambda: setattr(points, "count", chance.randint(10, 60)),
            lambda: setattr(points, "classes_count", chance.randint(2, 6)),
            lambda: setattr(points, "noise", chance.choice([0.0, 0.2])),
            lambda: setattr(points, "train_ratio", chance.choice([0.1, 0.9])),
            lambda: setattr(
                trainer.architecture,
                "features",
                chance.sample(list(FEATURES), chance.randint(0, 9)),
            ),
            points.regenerate,
            lambda: points.own.clear(regression=chance.random() < 0.5),
            paint,
            paint,
        ],
    )


@pytest.mark.usefixtures("often_interrupted")
def test_gates_may_change_at_any_time() -> None:
    gates, chance = Gates(), random.Random(2)

    def bend() -> None:
        gates.horizontal = chance.choice(gates.inputs)

    check(
        make_trainer(gates, batch_size=4),
        25,
        [
            lambda: setattr(gates, "gate", chance.choice([*GATES, "custom"])),
            lambda: setattr(gates, "inputs_count", chance.randint(2, 4)),
            lambda: setattr(gates, "noise", chance.choice([0.0, 0.1])),
            lambda: setattr(gates, "pins", [chance.random()]),
            bend,
        ],
    )
