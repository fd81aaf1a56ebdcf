"""The live principal components against those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from playground.training.images.probes.live_pca import LivePCA


def cloud(width: int, count: int = 200, seed: int = 0) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    scales = 2.0 ** -torch.arange(width)
    return torch.randn(count, width, generator=random) * scales + 3


@pytest.mark.parametrize("width", [2, 3, 16, 64])
def test_the_plane_is_that_of_scikit_learn(width: int) -> None:
    points = cloud(width)
    places, explained_variance = LivePCA().project(points)
    oracle = PCA(2).fit(points.numpy())
    expected = oracle.transform(points.numpy())
    expected /= np.sqrt((expected**2).sum(1).mean())
    for column in range(2):
        sign = np.sign(expected[:, column] @ places[:, column].numpy())
        np.testing.assert_allclose(places[:, column], sign * expected[:, column], atol=2e-3)
    assert explained_variance == pytest.approx(oracle.explained_variance_ratio_.sum(), rel=1e-3)


def test_it_follows_points_that_move_without_turning_or_mirroring() -> None:
    pca, points = LivePCA(), cloud(8)
    last, _ = pca.project(points)
    for number in range(20):
        points = points + 0.02 * torch.randn(8, generator=torch.Generator().manual_seed(number))
        points[:, number % 2] *= 0.95  # the order of the two variances changes
        places, _ = pca.project(points)
        assert (places - last).abs().mean() < 0.1
        last = places


@pytest.mark.parametrize("value", [0.0, float("nan"), float("inf")])
def test_points_without_spread_lie_in_the_middle(value: float) -> None:
    places, explained_variance = LivePCA().project(torch.full((5, 3), value))
    assert not places.any()
    assert explained_variance == 0


def test_a_single_dimension_makes_a_line() -> None:
    places, explained_variance = LivePCA().project(cloud(1))
    assert not places[:, 1].any()
    assert explained_variance == pytest.approx(1)
