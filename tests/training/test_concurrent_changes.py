"""A worker trains while another thread changes everything: nothing may break.

The thread that makes the changes also copies the settings, as the heartbeat does on the event loop.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from threading import Event, Thread
from time import perf_counter

import numpy as np
import pytest
import torch

from playground.networks.dense.activations import ACTIVATIONS
from playground.problems import CLOUDS, FEATURES, GATES, OWN, Gates, Points
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.edits import FreezeLayer, ParameterRef, SetValue
from playground.training.dense.trainer import Trainer
from tests.support.training.dense_training import make_trainer

Change = Callable[[], object]
PATIENCE = 120
"""Seconds after which a worker counts as stuck."""


@pytest.fixture
def frequent_thread_switches() -> Iterator[None]:
    """Let threads take turns a hundred times more often than usual."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    yield
    sys.setswitchinterval(interval)


class Worker:
    """Trains and makes frames in its own thread until it is stopped or something breaks.

    Attributes
    ----------
    settings : DenseSettings
        What the next slice goes by; replaced by the thread that changes them.
    frames : int
        Frames so far.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.settings = trainer.settings()
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
                settings = self.settings
                self._trainer.advance(0.002, settings=settings)
                frame = self._trainer.frame(settings)
                assert len(frame.layers) == len(frame.plan.layers)
                # Far from all samples, finite weights of a rate of 10 may answer infinity.
                assert all(np.isfinite(each.weight).all() for each in frame.layers)
                self.frames += 1
        except BaseException as error:
            self.error = error


def make_changes_during(
    frames: int, trainer: Trainer, worker: Worker, changes: list[Change]
) -> None:
    """Make many changes for each frame, and go on with some until the worker has made it."""
    rng, last = random.Random(0), perf_counter() + PATIENCE
    for _ in range(frames):
        seen = worker.frames
        for _ in range(rng.randint(1, 60)):
            rng.choice(changes)()
            worker.settings = trainer.settings()
        while worker.frames == seen and worker.error is None and perf_counter() < last:
            rng.choice(changes[:3])()
            worker.settings = trainer.settings()


def common_changes(trainer: Trainer) -> list[Change]:
    rng = random.Random(1)
    architecture, training = trainer.architecture, trainer.training

    def widths() -> list[int]:
        return [rng.randint(1, 6) for _ in range(rng.randint(0, 3))]

    def edit() -> None:
        last = len(trainer.plan.layers) - 1
        trainer.edit(SetValue(ParameterRef(last, 0), rng.uniform(-1, 1)))
        trainer.edit(FreezeLayer(last, frozen=rng.random() < 0.5))

    return [
        lambda: setattr(architecture, "hidden", widths()),
        lambda: setattr(architecture, "activation", rng.choice(list(ACTIVATIONS))),
        lambda: setattr(
            architecture,
            "layer_activations",
            rng.choices([None, "ReLU"], k=rng.randint(0, 3)),
        ),
        lambda: setattr(architecture, "dropout", rng.choice([0.0, 0.3])),
        lambda: setattr(training, "optimiser", rng.choice(list(OPTIMISERS))),
        lambda: setattr(training, "loss", rng.choice(["cross-entropy", "hinge", "Huber"])),
        lambda: setattr(training, "batch_size", rng.choice([1, 7, 500])),
        lambda: setattr(training, "learning_rate", rng.choice([1e-3, 10.0])),
        lambda: trainer.reset(new_weights=rng.random() < 0.5),
        lambda: trainer.set_probe("a", np.zeros((rng.randint(0, 3), rng.randint(1, 4)))),
        edit,
    ]


def check(trainer: Trainer, frames: int, changes: list[Change]) -> None:
    with Worker(trainer) as worker:
        make_changes_during(frames, trainer, worker, [*changes, *common_changes(trainer)])
    if worker.error is not None:
        raise worker.error
    assert worker.frames >= frames


@pytest.mark.usefixtures("frequent_thread_switches")
def test_points_may_change_at_any_time() -> None:
    points, rng = Points(count=40), random.Random(2)
    trainer = make_trainer(points, batch_size=10)

    def paint() -> None:
        place = [rng.uniform(-6, 6), rng.uniform(-6, 6)]
        points.own.add([place, place], 0.5 if points.own.regression else rng.randint(0, 3))

    check(
        trainer,
        25,
        [
            lambda: setattr(points, "shape", rng.choice([*CLOUDS, OWN])),
            lambda: setattr(points, "count", rng.randint(10, 60)),
            lambda: setattr(points, "classes_count", rng.randint(2, 6)),
            lambda: setattr(points, "noise", rng.choice([0.0, 0.2])),
            lambda: setattr(points, "train_ratio", rng.choice([0.1, 0.9])),
            lambda: setattr(
                trainer.architecture,
                "features",
                rng.sample(list(FEATURES), rng.randint(0, 9)),
            ),
            points.regenerate,
            lambda: points.own.clear(regression=rng.random() < 0.5),
            paint,
            paint,
        ],
    )


@pytest.mark.usefixtures("frequent_thread_switches")
def test_gates_may_change_at_any_time() -> None:
    gates, rng = Gates(), random.Random(2)

    def bend() -> None:
        gates.horizontal = rng.choice(gates.inputs)

    check(
        make_trainer(gates, batch_size=4),
        12,
        [
            lambda: setattr(gates, "gate", rng.choice([*GATES, "custom"])),
            lambda: setattr(gates, "inputs_count", rng.randint(2, 4)),
            lambda: setattr(gates, "noise", rng.choice([0.0, 0.1])),
            lambda: setattr(gates, "pins", [rng.random()]),
            bend,
        ],
    )
