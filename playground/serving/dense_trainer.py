"""Where the network of a page is trained: in its own process, or on a worker."""

from __future__ import annotations

from torch import nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.problems.problem import Problem
from playground.serving.settings.server_settings import server_settings
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
