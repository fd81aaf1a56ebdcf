"""Data of views that do not show an ImageFrame: frozen dataclasses of numpy arrays.

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
    """Probabilities of several networks for one picture.

    Attributes
    ----------
    models : tuple of str
        Labels of the networks, from left to right.
    probabilities : float array of shape (len(models), len(classes))
        NaN where a network has no prediction.
    classes : tuple of str
    doubtful : bool
        Whether it is probably no digit at all: bars are dimmed.
    """

    models: tuple[str, ...]
    probabilities: npt.NDArray[np.floating[Any]]
    classes: tuple[str, ...] = DIGITS
    doubtful: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PictureData:
    """One picture, and the importance of each of its pixels.

    Attributes
    ----------
    picture : uint8 array of shape (h, w) or None
        None shows empty paper.
    overlay : float32 array of shape (h, w) or None
        From -1 (against the class, or ink removed) to 1 (for it, or ink added), as returned by
        `occlusion` and `counterfactual` in `playground.training.images.explain`.
    """

    picture: Pixels | None
    overlay: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class UnitTileData:
    """One unit of the first layer, and the pictures that activate it most.

    Attributes
    ----------
    tiles : Tiles
    unit : int
        Its index; if there is no such unit nothing is shown.
    top_pictures : uint8 array of shape (n, 28, 28)
        The one with the highest activation first.
    """

    tiles: Tiles
    unit: int
    top_pictures: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class FeatureMapsData:
    """Outputs of the layers of a network for one picture.

    Attributes
    ----------
    layers : tuple of (str, float32 array of shape (k, h, w))
        Name and maps of each layer, as returned by `explain.feature_maps`.
    """

    layers: tuple[tuple[str, Floats], ...]


@dataclass(frozen=True, slots=True, eq=False)
class CaptionedImagesData:
    """Several pictures with a caption below each.

    Attributes
    ----------
    pictures : uint8 array of shape (n, h, w)
    captions : tuple of str
        One for each picture, or none at all; two lines at most.
    wrong : int64 array of shape (m,)
        Indices of the misclassified pictures.
    """

    pictures: Pixels
    captions: tuple[str, ...]
    wrong: Integers
