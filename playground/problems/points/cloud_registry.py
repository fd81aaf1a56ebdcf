"""What a generator of point clouds is, and the registry that holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Targets = npt.NDArray[np.int64] | Doubles
DrawCloud = Callable[[np.random.Generator, int, float, int], tuple[Doubles, Targets]]

PLANE_EDGE = 6.0  # the plane reaches from -EDGE to EDGE on both axes


@dataclass(frozen=True, slots=True)
class Cloud:
    """A way to strew points over the plane.

    Attributes
    ----------
    name : str
        What a person chooses it by.
    about : str
        One line on what it shows.
    classes : (int, int) or None
        The fewest and the most classes it can have; None in regression.
    draw : callable
        The generator as its author wrote it: for numbers of classes that are allowed, and
        without the edge of the plane.
    """

    name: str
    about: str
    classes: tuple[int, int] | None
    draw: DrawCloud

    @property
    def kind(self) -> str:
        """Return "classification" or "regression"."""
        return "regression" if self.classes is None else "classification"

    def clamp_classes(self, classes: int) -> int:
        """Return the number of classes nearest to `classes` that it can have; 0 in regression."""
        if self.classes is None:
            return 0
        return min(max(classes, self.classes[0]), self.classes[1])

    def __call__(
        self, rng: np.random.Generator, count: int, noise: float, classes: int = 2
    ) -> tuple[Doubles, Targets]:
        """Draw points.

        Parameters
        ----------
        rng : numpy.random.Generator
            Where the chance comes from; equal states give equal points.
        count : int
            How many points.
        noise : float
            0 to 0.5, TensorFlow Playground's 0 to 50: labels that belong to a spot up to that
            share of the cloud's radius away, or places shifted, or Gaussians widened.
        classes : int
            How many classes; see `clamp_classes`.

        Returns
        -------
        x : array of shape (count, 2)
            Places, each coordinate from -6 to 6.
        y : array of shape (count,)
            Class numbers (int64), or values from -1 to 1 (float64) in regression.
        """
        x, y = self.draw(rng, count, noise, self.clamp_classes(classes))
        return np.clip(x, -PLANE_EDGE, PLANE_EDGE), y


CLOUDS: dict[str, Cloud] = {}


def cloud(name: str, classes: tuple[int, int] | None = (2, 2)) -> Callable[[DrawCloud], DrawCloud]:
    """Enter a generator in `CLOUDS`; the first line of its docstring says what it shows."""

    def register(draw: DrawCloud) -> DrawCloud:
        about = (draw.__doc__ or "").partition("\n")[0]
        CLOUDS[name] = Cloud(name, about, classes, draw)
        return draw

    return register
