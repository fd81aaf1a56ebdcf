"""Shuffled batches of pictures, varied if so wished, for one epoch after another."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from playground.training.augmentation import Augmentation, augmented
from playground.training.chance import chance
from playground.training.checked import Checked, Step
from playground.training.digits.pictures import Pictures
from playground.training.state import State

AHEAD = 256
"""Pictures that are made ready together: one call on many costs less than many on few."""


class Drill:
    """The order in which pictures come up.

    Parameters
    ----------
    pictures : Pictures
    generator : torch.Generator
        Where the order and the augmentation come from.

    Attributes
    ----------
    done : int
        Pictures taken of the epoch under way.
    """

    def __init__(self, pictures: Pictures, generator: torch.Generator) -> None:
        self.pictures = pictures
        self.done = 0
        self._generator = generator
        self._draw()

    @property
    def left(self) -> int:
        """Pictures still to come in the epoch."""
        return len(self.pictures) - self.done

    def change(self, pictures: Pictures) -> None:
        """Have the rest of the epoch drawn from other pictures."""
        self.pictures = pictures
        self.done = min(self.done, len(pictures))
        self._draw()

    def begin(self, done: int = 0) -> None:
        """Start an epoch, or what is left of it: the same pictures in a new order."""
        self.done = done
        self._draw()

    def take(self, count: int, augmentation: Augmentation | None) -> tuple[Tensor, Tensor]:
        """Give the next pictures of the epoch: fewer, or one more, where it ends.

        Returns
        -------
        inputs : float32 tensor of shape (n, 1, 28, 28)
        labels : int64 tensor of shape (n,)
        """
        count = min(count, self.left)
        count += self.left - count == 1  # batch normalisation can't learn from a single picture
        if len(self._labels) - self._at < count:
            self._prepare(max(count, AHEAD), augmentation)
        rows = slice(self._at, self._at + count)
        self._at += count
        self.done += count
        return self._inputs[rows], self._labels[rows]

    def sample(self, count: int) -> tuple[Tensor, Tensor]:
        """Give pictures of the corpus drawn at random, outside of any epoch."""
        rows = torch.randint(len(self.pictures.labels), (count,), generator=self._generator)
        return self.pictures.inputs(rows)

    def vary(self, inputs: Tensor, augmentation: Augmentation | None) -> Tensor:
        """Draw a new version of each picture, where augmentation is wished."""
        if augmentation is None or augmentation.untouched >= 1:
            return inputs
        return augmented(inputs, augmentation, self._generator)

    @property
    def ready(self) -> Tensor:
        """Pictures as the network was given them last, (n, 1, 28, 28); none at the start."""
        return self._inputs

    def state(self) -> State:
        """Copy out the order of the epoch, the place in it, and the pictures made ready."""
        tensors = {
            "order": self._order.clone(),
            "ready": self._inputs.clone(),
            "chance": self._generator.get_state(),
        }
        return State({"done": self.done, "at": self._at}, tensors)

    def fits(self, given: Checked) -> bool:
        """Whether the order in a state is one of as many pictures."""
        return len(given.order("order")) == len(self.pictures)

    def reading(self, given: Checked) -> Step:
        """Check what `state` gave, and return the step that takes it up.

        Where it was the order of other pictures, only chance goes on from there.

        Raises
        ------
        InputError
            If it is no state of a drill.
        """
        chanced = partial(self._generator.set_state, chance(given, "chance"))
        if not self.fits(given):
            return chanced
        order, ready = given.order("order"), given.tensor("ready", (None, 1, 28, 28), torch.float32)
        done = given.whole("done", len(order))
        at = given.whole("at", min(done, len(ready)))
        if done - at + len(ready) > len(order):
            raise given.refusal("ready", f"should be up to {len(order) - done + at} pictures")

        def go_on() -> None:
            chanced()
            self._order, self._inputs = order.clone(), ready.clone()
            self.done, self._at = done, at
            _, self._labels = self.pictures.inputs(order[done - at :][: len(ready)])

        return go_on

    def _draw(self) -> None:
        self._order = torch.randperm(len(self.pictures), generator=self._generator)
        self._inputs, self._labels = self.pictures.inputs(self._order[:0])
        self._at = 0

    def _prepare(self, count: int, augmentation: Augmentation | None) -> None:
        rows = self._order[self.done : self.done + count]
        inputs, self._labels = self.pictures.inputs(rows)
        self._inputs, self._at = self.vary(inputs, augmentation), 0
