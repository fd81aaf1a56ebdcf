"""The plane in which points spread most, found anew from frame to frame without a jump."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

SUBSPACE_SIZE = 8
"""Directions followed along, so that the first two settle quickly."""
FIRST_ITERATIONS, NEXT_ITERATIONS = 40, 4
"""Rounds of iteration at the start, and once the last plane is known."""


class LivePCA:
    """The first two principal components of points that move.

    Subspace iteration (Rutishauser 1969) from the last frame's directions finds the plane in a
    millisecond where a singular value decomposition takes up to a hundred. Within the plane the
    picture is turned, or mirrored, so that the points move least from the last frame
    (orthogonal Procrustes, Schönemann 1966): principal axes themselves change places whenever
    two variances pass each other.
    """

    def __init__(self) -> None:
        self._basis: Tensor | None = None
        self._last: Tensor | None = None

    def project(self, points: Tensor) -> tuple[Tensor, float]:
        """Place points, shape (n, d) with n ≥ 1, in the plane.

        Returns
        -------
        places : tensor of shape (n, 2)
            With a root mean square distance of 1 from their mean, which is (0, 0).
        spread : float
            Share (0 to 1) of the points' variance that lies in the plane. 0 where there is none, or
            where points are not finite: all places are (0, 0) then.
        """
        centred = points - points.mean(0)
        largest = centred.abs().max()
        if not 0 < largest < torch.inf:
            return torch.zeros(len(points), 2), 0.0
        centred = centred / largest
        basis = self._principal_axes(centred)
        flat = centred @ basis[:, :2]
        total, seen = centred.square().sum(), flat.square().sum()
        flat = functional.pad(flat, (0, 2 - flat.shape[1]))
        places = self._aligned(flat / (seen / len(flat)).sqrt())
        return places, float(seen / total)

    def _principal_axes(self, centred: Tensor) -> Tensor:
        width = centred.shape[1]
        iterations, basis = NEXT_ITERATIONS, self._basis
        if basis is None or len(basis) != width:
            generator = torch.Generator().manual_seed(0)
            iterations, basis = (
                FIRST_ITERATIONS,
                torch.randn(width, min(SUBSPACE_SIZE, width), generator=generator),
            )
            self._last = None
        for _ in range(iterations):
            basis = torch.linalg.qr(centred.T @ (centred @ basis))[0]
        # Within the subspace, in order of variance (Rayleigh-Ritz).
        inside = centred @ basis
        _, vectors = torch.linalg.eigh(inside.T @ inside)
        self._basis = basis @ vectors.flip(1)
        return self._basis

    def _aligned(self, places: Tensor) -> Tensor:
        if self._last is not None and len(self._last) == len(places):
            left, _, right = torch.linalg.svd(places.T @ self._last)
            places = places @ (left @ right)
        self._last = places
        return places
