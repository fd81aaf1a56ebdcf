"""PCA of moving points, aligned from frame to frame."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

SUBSPACE_SIZE = 8
"""Dimensions of the subspace; with more than two, the first two converge quickly."""
FIRST_ITERATIONS, NEXT_ITERATIONS = 40, 4
"""Iterations for the first frame, and for each later one."""


class LivePCA:
    """Projects moving points to the plane of their first two principal components.

    Subspace iteration (Rutishauser 1969) from the last frame's basis takes a millisecond, a
    singular value decomposition up to a hundred. Within the plane the points are rotated or
    mirrored so that they move least since the last frame (orthogonal Procrustes, Schönemann
    1966); otherwise axes would be exchanged whenever two variances cross.
    """

    def __init__(self) -> None:
        self._basis: Tensor | None = None
        self._last: Tensor | None = None

    def project(self, points: Tensor) -> tuple[Tensor, float]:
        """Project points of shape (n, d), n ≥ 1, to the plane.

        Returns
        -------
        positions : tensor of shape (n, 2)
            With mean (0, 0) and a root mean square distance of 1 from it.
        explained_variance : float
            Share (0 to 1) of the points' variance in the plane. 0 if all points are equal or any
            is not finite; all positions are (0, 0) then.
        """
        # Without further copies: the last layer of a large network has 100,000 inputs.
        centred = points - points.mean(0)
        largest = torch.maximum(centred.max(), -centred.min())
        if not 0 < largest < torch.inf:
            return torch.zeros(len(points), 2), 0.0
        centred /= largest
        basis = self._principal_axes(centred)
        flat = centred @ basis[:, :2]
        total, explained = torch.linalg.vector_norm(centred).square(), flat.square().sum()
        flat = functional.pad(flat, (0, 2 - flat.shape[1]))
        positions = self._align(flat / (explained / len(flat)).sqrt())
        return positions, float(explained / total)

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

    def _align(self, positions: Tensor) -> Tensor:
        if self._last is not None and len(self._last) == len(positions):
            left, _, right = torch.linalg.svd(positions.T @ self._last)
            positions = positions @ (left @ right)
        self._last = positions
        return positions
