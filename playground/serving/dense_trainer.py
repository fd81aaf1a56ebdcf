"""Where the network of a page is trained: in its own process, or on a worker."""

from __future__ import annotations

from typing import Any

from torch import nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.problems.problem import Problem
from playground.serving.settings.server_settings import server_settings
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.notes import Note
from playground.training.dense.trainer import Trainer
from playground.training.remote.trainer import RemoteTrainer
from playground.training.remote.workers import remote_workers
from playground.training.training import Training


def dense_trainer(
    problem: Problem,
    architecture: Architecture,
    training: Training,
    module: nn.Module | None,
    train_on: str | None,
) -> Trainer:
    """Make the trainer of a page.

    Parameters
    ----------
    problem, architecture, training, module
        See `Trainer`.
    train_on : str, optional
        The address of a dask scheduler whose workers train, such as tcp://10.0.0.5:8786; "local"
        for workers of this machine; "" for none. By default as the server's settings say.

    Raises
    ------
    InputError
        If that is no address, or a module of one's own is to be trained elsewhere.
    """
    if module is not None:
        if train_on:
            raise InputError(
                f"A module of one's own is trained in this process, not on {train_on}: leave out "
                "model or train_on."
            )
        return Trainer(problem, architecture, training, module)
    place = server_settings().train_on if train_on is None else train_on
    if not place:
        return Trainer(problem, architecture, training)
    return RemoteTrainer(problem, architecture, training, workers=remote_workers(place))


def place_note(trainer: BaseTrainer[Any, Any, Any]) -> Note | None:
    """Return what a person should know about where a trainer trains, if there is anything."""
    place = server_settings().train_on
    if not place or isinstance(trainer, RemoteTrainer):
        return trainer.place_note
    sentence = (
        f"The process that serves this page trains it: the workers ({place}) are for single "
        "networks of dense layers, on Gates, Points and Your data."
    )
    return Note("workers", "training", "info", sentence)
