"""What every trainer can do with its past, and with its state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Generic, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from playground.training.past import Memory, Past
from playground.training.state import State

Weights = Mapping[str, npt.NDArray[np.generic]]

Seen = TypeVar("Seen")
SeenThen = TypeVar("SeenThen", covariant=True)


class Keeper(Protocol[SeenThen]):
    """Somebody who knows one kind of trainer inside out, while nobody else touches it."""

    def state(self, *, past: bool) -> State:
        """See `Rewinding`, as for all of these."""

    def restore(self, state: State) -> None: ...  # noqa: D102
    def frame_at(self, then: Memory) -> SeenThen: ...  # noqa: D102
    def weights_at(self, then: Memory) -> Weights: ...  # noqa: D102
    def branch(self, then: Memory) -> None: ...  # noqa: D102


class Rewinding(Generic[Seen]):
    """A trainer that can be kept, taken up again, looked at as it was, and taken back.

    All of it may be called from any thread; it waits for a slice under way to end.
    """

    @property
    def past(self) -> Past:
        """The moments to go back to: ends of epochs, or parts of them where they are long."""
        raise NotImplementedError

    def state(self, *, past: bool = True) -> State:
        """Copy out all it takes to go on later, in another process too, exactly as from here.

        The settings (problem, network, training) are not in it. On a CPU of the same make, with
        the same settings and as many threads, each later step is equal to the bit. PyTorch's own
        dropout layers draw from the one generator that the whole process shares: its state is
        kept for networks that have such layers, but is only theirs while nobody else draws.

        Parameters
        ----------
        past : bool
            Whether the moments to go back to are in it: up to `Past.limit` bytes.
        """
        with self._kept() as keeper:
            return keeper.state(past=past)

    def restore(self, state: State) -> None:
        """Go on from a state; the settings it was taken with have been made before.

        Where the samples or the size of the batches are others, the epoch under way begins
        anew; where the optimiser is another, it begins without memory.

        Raises
        ------
        InputError
            If the state is not one of such a network, or is damaged; nothing has changed then.
        """
        with self._kept() as keeper:
            keeper.restore(state)

    def still(self) -> AbstractContextManager[object]:
        """Keep others from moving it, so that several looks see the same moment."""
        return self._kept()

    def frame_at(self, index: int) -> Seen:
        """Look at the network as it was at `past.moments[index]`, given the problem of now.

        Gradients are those of all training samples; the curves show the whole run.

        Raises
        ------
        InputError
            If there is no such moment, or the network of then learned another problem.
        """
        with self._kept() as keeper:
            return keeper.frame_at(self.past.at(index))

    def weights_at(self, index: int) -> Weights:
        """Copy out the weights of `past.moments[index]`, named as in `model.state_dict()`.

        Raises
        ------
        InputError
            If there is no such moment.
        """
        with self._kept() as keeper:
            return keeper.weights_at(self.past.at(index))

    def branch(self, index: int) -> None:
        """Go on from `past.moments[index]`; what came after it is forgotten.

        Raises
        ------
        InputError
            If there is no such moment.
        """
        then = self.past.at(index)
        self._wish_for(then)
        with self._kept() as keeper:
            keeper.branch(then)

    def _kept(self) -> AbstractContextManager[Keeper[Seen]]:
        """Catch up with all that has been wished, and keep others out meanwhile."""
        raise NotImplementedError

    def _wish_for(self, then: Memory) -> None:
        """Set the choices that lead to the network of then."""
