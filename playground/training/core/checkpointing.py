"""What every trainer can do with its past, and with its state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from playground.training.core.checkpoints import Checkpoint, Checkpoints
from playground.training.core.state.state import State

Weights = Mapping[str, npt.NDArray[np.generic]]

FrameT = TypeVar("FrameT")
CheckpointFrameT = TypeVar("CheckpointFrameT", covariant=True)


class CheckpointOperations(Protocol[CheckpointFrameT]):
    """Somebody who knows one kind of trainer inside out, while nobody else touches it."""

    def state(self, *, checkpoints: bool) -> State:
        """See `Checkpointing`, as for all of these."""

    def restore(self, state: State) -> None: ...  # noqa: D102
    def frame_at(self, checkpoint: Checkpoint) -> CheckpointFrameT: ...  # noqa: D102
    def weights_at(self, checkpoint: Checkpoint) -> Weights: ...  # noqa: D102
    def branch(self, checkpoint: Checkpoint) -> None: ...  # noqa: D102


class Checkpointing(Generic[FrameT]):
    """A trainer that can be kept, taken up again, looked at as it was, and taken back.

    All of it may be called from any thread; it waits for a slice under way to end.
    """

    @property
    def checkpoints(self) -> Checkpoints:
        """The moments to go back to: ends of epochs, or parts of them where they are long."""
        raise NotImplementedError

    def state(self, *, checkpoints: bool = True) -> State:
        """Copy out all it takes to go on later, in another process too, exactly as from here.

        The settings (problem, network, training) are not in it. On a CPU of the same make, with
        the same settings and as many threads, each later step is equal to the bit. PyTorch's own
        dropout layers draw from the one generator that the whole process shares: its state is
        kept for networks that have such layers, but is only theirs while nobody else draws.

        Parameters
        ----------
        checkpoints : bool
            Whether the moments to go back to are in it: up to `Checkpoints.limit` bytes.
        """
        with self._checkpoint_operations() as operations:
            return operations.state(checkpoints=checkpoints)

    def restore(self, state: State) -> None:
        """Go on from a state; the settings it was taken with have been made before.

        Where the samples or the size of the batches are others, the epoch under way begins
        anew; where the optimiser is another, it begins without memory.

        Raises
        ------
        InputError
            If the state is not one of such a network, or is damaged; nothing has changed then.
        """
        with self._checkpoint_operations() as operations:
            operations.restore(state)

    def locked(self) -> AbstractContextManager[object]:
        """Keep others from moving it, so that several looks see the same moment."""
        return self._checkpoint_operations()

    def frame_at(self, index: int) -> FrameT:
        """Look at the network as it was at `checkpoints.moments[index]`, given the problem of now.

        Gradients are those of all training samples; the curves show the whole run.

        Raises
        ------
        InputError
            If there is no such moment, or the network of then learned another problem.
        """
        with self._checkpoint_operations() as operations:
            return operations.frame_at(self.checkpoints.at(index))

    def weights_at(self, index: int) -> Weights:
        """Copy out the weights of `checkpoints.moments[index]`, named as in `model.state_dict()`.

        Raises
        ------
        InputError
            If there is no such moment.
        """
        with self._checkpoint_operations() as operations:
            return operations.weights_at(self.checkpoints.at(index))

    def branch(self, index: int) -> None:
        """Go on from `checkpoints.moments[index]`; what came after it is forgotten.

        Raises
        ------
        InputError
            If there is no such moment.
        """
        checkpoint = self.checkpoints.at(index)
        self._restore_architecture(checkpoint)
        with self._checkpoint_operations() as operations:
            operations.branch(checkpoint)

    def _checkpoint_operations(self) -> AbstractContextManager[CheckpointOperations[FrameT]]:
        """Catch up with all that has been wished, and keep others out meanwhile."""
        raise NotImplementedError

    def _restore_architecture(self, checkpoint: Checkpoint) -> None:
        """Set the choices that lead to the network of then."""
