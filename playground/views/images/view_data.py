"""What views show that is no ImageFrame: small frozen pieces of numpy, made by the pages.

All pictures are uint8, 0 for paper and 255 for ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.images.frame import Integers, Pixels, Tiles

DIGITS = tuple("0123456789")


@dataclass(frozen=True, slots=True, eq=False)
class BarsData:
    """What several networks read in one picture.

    Attributes
    ----------
    models : tuple of str
        What people call them, from left to right.
    probabilities : float array of shape (len(models), len(classes))
        NaN where a network has read nothing.
    classes : tuple of str
    doubtful : bool
        Whether it is perhaps no digit at all: bars are dimmed.
    """

    models: tuple[str, ...]
    probabilities: npt.NDArray[np.floating[Any]]
    classes: tuple[str, ...] = DIGITS
    doubtful: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PictureData:
    """One picture, and what each of its pixels matters.

    Attributes
    ----------
    picture : uint8 array of shape (h, w) or None
        None leaves the paper empty.
    overlay : float32 array of shape (h, w) or None
        From -1 (against, or ink taken away) to 1 (for, or ink added), as `why.saliency` and
        `why.what_if` give it.
    """

    picture: Pixels | None
    overlay: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class UnitTileData:
    """One unit of the first layer, and the pictures that excite it most.

    Attributes
    ----------
    tiles : Tiles
    unit : int
        Its number; where there is no such unit nothing is shown.
    exciting : uint8 array of shape (n, 28, 28)
        The most exciting first.
    """

    tiles: Tiles
    unit: int
    exciting: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMapsData:
    """What the layers of a network make of one picture, as `why.feature_maps` tells it.

    Attributes
    ----------
    layers : tuple of (str, float32 array of shape (k, h, w))
    """

    layers: tuple[tuple[str, Floats], ...]


@dataclass(frozen=True, slots=True, eq=False)
class CaptionedImagesData:
    """Several pictures with a few words below each.

    Attributes
    ----------
    pictures : uint8 array of shape (n, h, w)
    captions : tuple of str
        As many as there are pictures, or none at all; two lines at most.
    wrong : int64 array of shape (m,)
        Numbers of the pictures that were read wrongly.
    """

    pictures: Pixels
    captions: tuple[str, ...]
    wrong: Integers
