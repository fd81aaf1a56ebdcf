"""One correction: what somebody says a picture really was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.training.images.frame import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """A picture, and what somebody says it is.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28)
        0 is paper, 255 is ink.
    label : int
        Class number.
    class_name : str
        What the class is called. A correction serves whatever corpus calls it the same.
    when : float
        Seconds since 1970.

    Raises
    ------
    InputError
        If the picture is none, is empty, or the label is below 0.
    """

    picture: Pixels
    label: int
    class_name: str
    when: float

    def __post_init__(self) -> None:
        picture = np.asarray(self.picture)
        if picture.shape != (28, 28) or picture.dtype != np.uint8:
            raise InputError(
                "A correction needs a picture of 28×28 bytes, "
                f"not {picture.dtype} of shape {picture.shape}."
            )
        if not picture.any():
            raise InputError("There is no ink in this picture, so it can't be corrected.")
        if self.label < 0:
            raise InputError(f"A label is a class number from 0, not {self.label}.")
