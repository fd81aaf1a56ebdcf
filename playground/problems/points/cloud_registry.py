"""The registry of point clouds, and the class of its entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.problems.array_types import Doubles

Targets = npt.NDArray[np.int64] | Doubles
DrawCloud = Callable[[np.random.Generator, int, float, int], tuple[Doubles, Targets]]

PLANE_EDGE = 6.0  # the plane reaches from -EDGE to EDGE on both axes


@dataclass(frozen=True, slots=True)
class Cloud:
    """A generator of points in the plane.

    Attributes
    ----------
    name : str
        Its name on the page and its key in `CLOUDS`.
    about : str
        One line about what it shows.
    classes : (int, int) or None
        The smallest and the largest number of classes; None in regression.
    draw : callable
        The registered function. It is called with a valid number of classes, and may return
        points outside the plane.
    """

    name: str
    about: str
    classes: tuple[int, int] | None
    draw: DrawCloud

    @property
    def kind(self) -> str:
        """The kind of task: "classification" or "regression"."""
        return "regression" if self.classes is None else "classification"

    def clamp_classes(self, classes: int) -> int:
        """Return the valid number of classes nearest to `classes`; 0 in regression."""
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
            The random generator; equal states give equal points.
        count : int
            Number of points.
        noise : float
            From 0 to 0.5, as TensorFlow Playground's 0 to 50. Depending on the cloud, a label
            is that of a position up to this share of the radius away, or positions are shifted,
            or Gaussians widened.
        classes : int
            Number of classes; see `clamp_classes`.

        Returns
        -------
        x : array of shape (count, 2)
            Positions, each coordinate from -6 to 6.
        y : array of shape (count,)
            Class numbers (int64), or values from -1 to 1 (float64) in regression.
        """
        x, y = self.draw(rng, count, noise, self.clamp_classes(classes))
        return np.clip(x, -PLANE_EDGE, PLANE_EDGE), y


CLOUDS: dict[str, Cloud] = {}


def cloud(name: str, classes: tuple[int, int] | None = (2, 2)) -> Callable[[DrawCloud], DrawCloud]:
    """Return a decorator that adds a generator, with its docstring's first line, to `CLOUDS`."""

    def register(draw: DrawCloud) -> DrawCloud:
        about = (draw.__doc__ or "").partition("\n")[0]
        CLOUDS[name] = Cloud(name, about, classes, draw)
        return draw

    return register
