"""The digits that were detected in an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class DetectedDigit:
    """One digit in a picture.

    Attributes
    ----------
    pictures : uint8 array (k, 28, 28)
        0 is paper. Two if ink and paper may be swapped: classify both, and keep the prediction
        with the higher probability. Otherwise one.
    box : tuple of int
        Left, top, right and bottom in pixels of the upright picture; right and bottom are
        exclusive.
    """

    pictures: npt.NDArray[np.uint8]
    box: Box

    @property
    def area(self) -> int:
        """Area of the box in pixels."""
        return (self.box[2] - self.box[0]) * (self.box[3] - self.box[1])


@dataclass(frozen=True)
class DigitDetections:
    """The digits that were detected in an image.

    Attributes
    ----------
    found : tuple of DetectedDigit
        At least one; in reading order, lines from top to bottom, each from left to right.
    size : tuple of int
        Width and height of the upright picture in pixels.
    remarks : tuple of str
        Sentences for the user about limits that applied.
    """

    found: tuple[DetectedDigit, ...]
    size: tuple[int, int]
    remarks: tuple[str, ...] = ()
