"""Shuffled batches of images, augmented if requested, for one epoch after another."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from playground.training.core.state.rng_state import rng_state
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.images.augmentation.augmentation import Augmentation, augment_images
from playground.training.images.data.image_data import ImageData

PREFETCH = 256
"""Images prepared together: one call on many costs less than many calls on few."""


class ImageBatches:
    """Draws the batches of each epoch in random order.

    Parameters
    ----------
    pictures : ImageData
    generator : torch.Generator
        Draws the order and the augmentation.

    Attributes
    ----------
    position : int
        Images used so far in the epoch under way.
    """

    def __init__(self, pictures: ImageData, generator: torch.Generator) -> None:
        self.pictures = pictures
        self.position = 0
        self._generator = generator
        self._draw_order()

    @property
    def remaining(self) -> int:
        """Images left in the epoch."""
        return len(self.pictures) - self.position

    def set_images(self, pictures: ImageData) -> None:
        """Use other images for the rest of the epoch."""
        self.pictures = pictures
        self.position = min(self.position, len(pictures))
        self._draw_order()

    def shuffle(self, position: int = 0) -> None:
        """Begin an epoch in a new order, at its start or at a later position."""
        self.position = position
        self._draw_order()

    def next_batch(self, count: int, augmentation: Augmentation | None) -> tuple[Tensor, Tensor]:
        """Return the next images of the epoch: fewer, or one more, where it ends.

        Returns
        -------
        inputs : float32 tensor of shape (n, 1, 28, 28)
        labels : int64 tensor of shape (n,)
        """
        count = min(count, self.remaining)
        count += (
            self.remaining - count == 1
        )  # batch normalisation can't learn from a single picture
        if len(self._labels) - self._offset < count:
            self._prefetch(max(count, PREFETCH), augmentation)
        rows = slice(self._offset, self._offset + count)
        self._offset += count
        self.position += count
        return self._inputs[rows], self._labels[rows]

    def sample(self, count: int) -> tuple[Tensor, Tensor]:
        """Return images of the dataset drawn at random, outside of any epoch."""
        rows = torch.randint(len(self.pictures.labels), (count,), generator=self._generator)
        return self.pictures.inputs(rows)

    def augment(self, inputs: Tensor, augmentation: Augmentation | None) -> Tensor:
        """Return an augmented version of each image; the images themselves without augmentation."""
        if augmentation is None or augmentation.untouched >= 1:
            return inputs
        return augment_images(inputs, augmentation, self._generator)

    @property
    def last_inputs(self) -> Tensor:
        """The images prepared last, augmentation included, (n, 1, 28, 28); none at the start."""
        return self._inputs

    def state(self) -> State:
        """Copy the order of the epoch, the position in it, and the prepared images."""
        tensors = {
            "order": self._order.clone(),
            "ready": self._inputs.clone(),
            "chance": self._generator.get_state(),
        }
        return State({"done": self.position, "at": self._offset}, tensors)

    def matches(self, saved: StateReader) -> bool:
        """Return whether a state is about as many images."""
        return len(saved.order("order")) == len(self.pictures)

    def prepare_restore(self, saved: StateReader) -> RestoreStep:
        """Check what `state` made, and return the step that restores it.

        Only the random generator is restored if the state is about another number of images.

        Raises
        ------
        InputError
            If it is not a state of batches.
        """
        restore_rng = partial(self._generator.set_state, rng_state(saved, "chance"))
        if not self.matches(saved):
            return restore_rng
        order, last_inputs = (
            saved.order("order"),
            saved.tensor("ready", (None, 1, 28, 28), torch.float32),
        )
        position = saved.integer("done", len(order))
        at = saved.integer("at", min(position, len(last_inputs)))
        if position - at + len(last_inputs) > len(order):
            raise saved.invalid("ready", f"should be up to {len(order) - position + at} pictures")

        def restore() -> None:
            restore_rng()
            self._order, self._inputs = order.clone(), last_inputs.clone()
            self.position, self._offset = position, at
            _, self._labels = self.pictures.inputs(order[position - at :][: len(last_inputs)])

        return restore

    def _draw_order(self) -> None:
        self._order = torch.randperm(len(self.pictures), generator=self._generator)
        self._inputs, self._labels = self.pictures.inputs(self._order[:0])
        self._offset = 0

    def _prefetch(self, count: int, augmentation: Augmentation | None) -> None:
        rows = self._order[self.position : self.position + count]
        inputs, self._labels = self.pictures.inputs(rows)
        self._inputs, self._offset = self.augment(inputs, augmentation), 0
