"""The training loss over a plane through the weights of a network, and its computation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.deadlines import check_deadline
from playground.problems.problem import Floats
from playground.training.engines import Penalties
from playground.training.landscape.directions import Directions
from playground.training.landscape.remarks import direction_remarks, loss_remarks
from playground.training.landscape.settings import PATH, RANDOM, TWO_WEIGHTS, LandscapeSettings
from playground.training.landscape.weight_loss import WeightLoss

OnProgress = Callable[[float], None]
"""Called with the share that is done, 0 to 1."""
MARGIN = 0.25
"""Share of a path's extent that is shown beyond its ends."""
LEAST_HEIGHT = 0.4
"""The height of the plane of a path is at least this share of its width, and the other way."""
WEIGHT_REACH = 3.0
"""How far two weights vary at least, in either direction."""
ALL = slice(None)


class WeightPathLike(Protocol):
    """The weights of a network at one moment, and on its way."""

    @property
    def weights(self) -> Tensor:
        """Those of the moment, (size,)."""

    @property
    def path(self) -> Tensor:
        """Those of all moments, (moments, size)."""

    @property
    def epochs(self) -> Tensor:
        """The epoch of each moment, (moments,)."""

    @property
    def penalties(self) -> Penalties:
        """Which training adds to the loss."""


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """The loss over a plane. Arrays must not be written to.

    The weights at (x, y) are those of the moment shown, plus x times the first direction, plus y
    times the second.

    Attributes
    ----------
    kind : str
        One of `DIRECTIONS`.
    names : tuple of two str
        What the axes are called.
    across, up : float32 arrays of shape (side,)
        Where the losses are, from left to right and from bottom to top.
    loss : float32 array of shape (side, side)
        Rows from the lowest up; infinite or NaN where it can't be computed.
    here : float
        The loss at (0, 0), the moment shown.
    path : float32 array of shape (moments, 2)
        Where the run has been, projected onto the plane; no row where that would say nothing.
    path_loss : float32 array of shape (moments,)
        The true loss of each of these moments, which do not lie in the plane.
    path_epoch : float32 array of shape (moments,)
    share : float
        Of the path's squared distances, the part that lies in the plane; NaN without a path.
    shares : tuple of two float, or None
        Of the variance of the path, by direction, where they are its principal components.
    curvatures : tuple of two float, or None
        Of the loss by direction, where they are eigenvectors of its Hessian.
    weights : float32 array of shape (size,)
        At (0, 0).
    vectors : float32 array of shape (2, size)
        The directions.
    remarks : tuple of str
        What to know before anything is concluded, as sentences.
    """

    kind: str
    names: tuple[str, str]
    across: Floats
    up: Floats
    loss: Floats
    here: float
    path: Floats
    path_loss: Floats
    path_epoch: Floats
    share: float
    shares: tuple[float, float] | None
    curvatures: tuple[float, float] | None
    weights: Floats
    vectors: Floats
    remarks: tuple[str, ...] = ()

    def weights_at(self, x: float, y: float) -> Floats:
        """Return the weights of the network at a place of the plane, (size,)."""
        place: Floats = self.weights + np.array([x, y], np.float32) @ self.vectors
        return place

    def contains(self, x: float, y: float) -> bool:
        """Return whether a place is in the picture."""
        return bool(self.across[0] <= x <= self.across[-1] and self.up[0] <= y <= self.up[-1])

    def loss_at(self, x: float, y: float) -> float:
        """Return the loss at a place in the picture, interpolated between those computed."""
        column, right = _between(self.across, x)
        row, above = _between(self.up, y)
        corners = self.loss[row : row + 2, column : column + 2]
        return float(np.array([1 - above, above]) @ corners @ np.array([1 - right, right]))

    def __repr__(self) -> str:
        """Return kind, loss and shares only; the arrays would fill pages."""
        shares = "" if self.shares is None else f", share={sum(self.shares):.3f}"
        return f"Landscape({self.kind!r}, here={self.here:.3g}, lowest={self.lowest:.3g}{shares})"

    @property
    def lowest(self) -> float:
        """The lowest loss in the picture."""
        return float(np.nanmin(self.loss))


def _between(places: Floats, place: float) -> tuple[int, float]:
    """Return the place before a number, and which share of the way to the next one it is."""
    step = (float(places[-1]) - float(places[0])) / (len(places) - 1)
    position = min(max((place - float(places[0])) / step, 0.0), len(places) - 1.0)
    before = min(int(position), len(places) - 2)
    return before, position - before


@dataclass(frozen=True, slots=True)
class Extent:
    """The rectangle of the plane that is shown."""

    left: float
    right: float
    low: float
    high: float

    def scaled(self, factor: float) -> Extent:
        """Return a rectangle so many times as large, about (0, 0) or what is nearest to it."""
        left, right = _scale_side(self.left, self.right, factor)
        low, high = _scale_side(self.low, self.high, factor)
        return Extent(left, right, low, high)


def _scale_side(low: float, high: float, factor: float) -> tuple[float, float]:
    middle = (low + high) / 2
    # A smaller part is seen about the moment shown, a larger one about what was seen before.
    middle *= min(1.0, factor)
    half = (high - low) / 2 * factor
    return middle - half, middle + half


def square_extent(half: float) -> Extent:
    """Return a square about the moment shown."""
    return Extent(-half, half, -half, half)


def path_extent(places: Tensor) -> Extent:
    """Return what holds all places (moments, 2) and (0, 0), with a margin."""
    points = torch.cat([places, places.new_zeros(1, 2)])
    low, high = points.amin(0), points.amax(0)
    size = (high - low) * (1 + 2 * MARGIN)
    size = torch.maximum(size, size.flip(0) * LEAST_HEIGHT)
    start, end = ((low + high - size) / 2).tolist(), ((low + high + size) / 2).tolist()
    return Extent(start[0], end[0], start[1], end[1])


def project(path: Tensor, weights: Tensor, vectors: Tensor) -> tuple[Tensor, float]:
    """Project a path onto a plane.

    Parameters
    ----------
    path : Tensor of shape (moments, size)
    weights : Tensor of shape (size,)
        At (0, 0).
    vectors : Tensor of shape (2, size)
        Need not be perpendicular.

    Returns
    -------
    places : Tensor of shape (moments, 2)
        Those of the nearest points of the plane.
    share : float
        Of the squared distances from (0, 0), the part that lies in the plane; NaN without a path.
    """
    if not len(path):
        return path[:, :2], float("nan")
    away, plane = (path - weights).double(), vectors.double()
    places = torch.linalg.lstsq(plane.T, away.T).solution.T
    total = float(away.square().sum())
    share = float((places @ plane).square().sum()) / total if total else float("nan")
    return places.to(path.dtype), share


def grid_losses(
    loss: WeightLoss,
    weights: Tensor,
    vectors: Tensor,
    across: Tensor,
    up: Tensor,
    on_progress: OnProgress | None = None,
) -> Tensor:
    """Return the loss at each place of a grid, (len(up), len(across)).

    Stops early where nobody waits for it any more; see `playground.deadlines`.
    """
    places = torch.cartesian_prod(up, across).flip(1)
    return losses_of(loss, places, weights, vectors, on_progress).view(len(up), len(across))


def losses_of(
    loss: WeightLoss,
    places: Tensor,
    weights: Tensor,
    vectors: Tensor,
    on_progress: OnProgress | None = None,
) -> Tensor:
    """Return the loss at places (n, 2) of a plane, as many at once as is fast."""
    found, done = [], 0
    for part in places.split(loss.at_once):
        check_deadline()
        found.append(loss.values(torch.addmm(weights, part, vectors)))
        done += len(part)
        if on_progress is not None:
            on_progress(done / len(places))
    return torch.cat(found)


def path_losses(loss: WeightLoss, path: Tensor) -> Tensor:
    """Return the true loss of each moment of a path, (moments,)."""
    if not len(path):
        return path.new_zeros(0)
    found = []
    for part in path.split(loss.at_once):
        check_deadline()
        found.append(loss.values(part))
    return torch.cat(found)


def compute(
    kind: str,
    loss: WeightLoss,
    weight_path: WeightPathLike,
    directions: Directions,
    settings: LandscapeSettings,
    *,
    refused: str = "",
    network_remarks: Iterable[str] = (),
    distances: slice = ALL,
    on_progress: OnProgress | None = None,
) -> Landscape:
    """Compute the losses of a plane.

    Parameters
    ----------
    kind : str
        Of the directions; see `DIRECTIONS`.
    loss : WeightLoss
    weight_path : WeightPathLike
    directions : Directions
    settings : LandscapeSettings
    refused : str
        Why these are not the directions that were asked for.
    network_remarks : iterable of str
        What to know about the network.
    distances : slice
        The numbers of a row by which the path is projected onto the plane.
    on_progress : callable, optional
    """
    weights, vectors = weight_path.weights, directions.vectors
    # In a random plane every path is next to nothing.
    path = weight_path.path[:0] if kind == RANDOM else weight_path.path
    places, share = project(path[:, distances], weights[distances], vectors[:, distances])
    extent = extent_of(kind, weights, places).scaled(settings.reach)
    across = torch.linspace(extent.left, extent.right, settings.side, dtype=weights.dtype)
    up = torch.linspace(extent.low, extent.high, settings.side, dtype=weights.dtype)
    values = grid_losses(loss, weights, vectors, across, up, on_progress)
    penalised = bool(weight_path.penalties.l1 or weight_path.penalties.l2)
    return Landscape(
        kind=kind,
        names=directions.names,
        across=_array(across),
        up=_array(up),
        loss=_array(values),
        here=float(loss.values(weights[None])[0]),
        path=_array(places),
        path_loss=_array(path_losses(loss, path)),
        path_epoch=_array(weight_path.epochs[: len(path)]),
        share=share,
        shares=directions.shares,
        curvatures=directions.curvatures,
        weights=_array(weights),
        vectors=_array(vectors),
        remarks=(
            *([refused] if refused else []),
            *direction_remarks(kind, directions, share),
            *network_remarks,
            *loss_remarks(loss, penalised=penalised, penalty=settings.penalty),
        ),
    )


def extent_of(kind: str, weights: Tensor, places: Tensor) -> Extent:
    """Return what is shown of a plane, with the places (moments, 2) of the path on it."""
    if kind == RANDOM:
        return square_extent(1.0)
    if kind == PATH:
        return path_extent(places)
    if kind == TWO_WEIGHTS:
        return square_extent(max(WEIGHT_REACH, 1.2 * float(places.abs().max())))
    return square_extent(max(1.0, float(weights.norm()) / 4))


def _array(tensor: Tensor) -> npt.NDArray[np.float32]:
    array: npt.NDArray[np.float32] = tensor.to(torch.float32).numpy()
    return array
