"""One correction: a picture and its label, given by the user."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.training.images.frame import Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Correction:
    """A picture with the label that the user gave it.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28)
        0 for paper, 255 for ink.
    label : int
        Class number.
    class_name : str
        Name of the class. A correction applies to each dataset with a class of this name and
        number.
    when : float
        Time of the correction, in seconds since 1970.

    Raises
    ------
    InputError
        If the picture has another shape or type or is empty, or the label is below 0.
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
