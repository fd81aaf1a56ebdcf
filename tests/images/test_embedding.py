"""Placing pictures in the plane, neighbours together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CLASSIFIERS
from playground.training.images.probes import embedding
from playground.training.images.probes.embedding import (
    EMBEDDINGS,
    EmbeddingMethod,
    embed_images,
    last_layer_inputs,
)
from tests.support.training.image_trainers import bar_images, small_cnn

PICTURES = bar_images(80, 0).pictures.numpy()


def mean_of_blocks() -> nn.Module:
    """A network whose last layer is given where the bar is, and nothing else."""
    places = nn.Linear(784, 10)
    with torch.no_grad():
        places.weight.zero_(), places.bias.zero_()
        columns = places.weight.view(10, 28, 28)
        for label in range(10):
            columns[label, 4:24, 2 * label + 4 : 2 * label + 6] = 1
    return nn.Sequential(nn.Flatten(), places, nn.Linear(10, 10)).eval()


@pytest.mark.parametrize("network", [CLASSIFIERS["mlp"].build(), small_cnn()])
def test_points_are_what_the_last_layer_is_given(network: nn.Module) -> None:
    network.eval()
    with torch.no_grad():
        inputs = torch.from_numpy(PICTURES)[:, None] / 127.5 - 1
        expected = network[:-1](inputs).numpy()
    np.testing.assert_allclose(last_layer_inputs(network, PICTURES), expected, rtol=1e-4, atol=1e-5)


@pytest.fixture(scope="module")
def places() -> npt.NDArray[np.float32]:
    """Where t-SNE puts the pictures."""
    return embed_images("t-SNE", mean_of_blocks(), PICTURES)


def test_tsne_keeps_classes_together(places: npt.NDArray[np.float32]) -> None:
    labels = bar_images(80, 0).labels.numpy()
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (labels[distances.argmin(1)] == labels).mean() > 0.9


def test_places_have_one_scale_and_are_the_same_each_time(places: npt.NDArray[np.float32]) -> None:
    assert places.dtype == np.float32
    np.testing.assert_allclose(places.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(np.square(places).sum(1).mean(), 1, rtol=1e-5)
    np.testing.assert_array_equal(places, embed_images("t-SNE", mean_of_blocks(), PICTURES))


def test_nothing_about_the_network_changes() -> None:
    network = small_cnn().eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    last_layer_inputs(network, PICTURES)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(each._forward_pre_hooks for each in network.modules())


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(InputError, match="10 pictures or more, not 9"):
        embed_images("t-SNE", mean_of_blocks(), PICTURES[:9])


def test_a_network_that_tells_nothing_apart_is_refused() -> None:
    network = mean_of_blocks()
    nn.init.zeros_(network[1].weight)
    with pytest.raises(InputError, match="the same for every picture"):
        embed_images("t-SNE", network, PICTURES)


def test_only_what_is_installed_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert EMBEDDINGS["t-SNE"].installed
    assert not EmbeddingMethod("no_such_package", lambda points: points).installed
    monkeypatch.setattr(embedding, "find_spec", lambda name: object())
    assert EMBEDDINGS["UMAP"].installed
