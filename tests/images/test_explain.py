"""Why a network reads what it reads: saliency, maps, changes, and what excites a unit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.explain import (
    counterfactual,
    feature_maps,
    saliency,
    top_activating_images,
)
from tests.support.training.image_trainers import bar_images, make_image_trainer, small_cnn

SEEN = bar_images(50, 5)
PICTURE = SEEN.pictures[0].numpy()


@pytest.fixture(scope="module")
def network() -> nn.Module:
    trainer = make_image_trainer("mlp")
    trainer.advance(epochs=3)
    return trainer.model


def test_saliency_of_a_linear_network_is_its_weights_times_the_picture() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 10)).eval()
    found = saliency(network, PICTURE, 4)
    inputs = normalise_pictures(torch.tensor(PICTURE)[None])
    with torch.no_grad():
        p = torch.softmax(network(inputs)[0], 0)
        weight = network[1].weight
        slope = weight[4] - p @ weight
    expected = (slope.reshape(28, 28) * inputs[0, 0]).numpy()
    np.testing.assert_allclose(found, expected / np.abs(expected).max(), atol=1e-5)


def test_saliency_is_0_where_no_pixel_counts() -> None:
    blind = nn.Sequential(nn.Flatten(), nn.Linear(784, 2))
    nn.init.zeros_(blind[1].weight)
    np.testing.assert_array_equal(saliency(blind.eval(), PICTURE), np.zeros((28, 28)))


def test_saliency_is_where_the_bar_is(network: nn.Module) -> None:
    label = int(SEEN.labels[0])
    found = np.abs(saliency(network, PICTURE))[4:24].sum(0)
    assert abs(int(found.argmax()) - (2 * label + 4)) <= 3


def test_feature_maps_are_what_the_layers_give() -> None:
    network = small_cnn().eval()
    maps = dict(feature_maps(network, PICTURE))
    assert list(maps) == ["0", "1", "2", "3", "6"]
    inputs = normalise_pictures(torch.tensor(PICTURE)[None])
    with torch.no_grad():
        np.testing.assert_allclose(maps["2"], network[:3](inputs)[0], rtol=1e-5)
        np.testing.assert_allclose(maps["6"][:, 0, 0], network(inputs)[0], rtol=1e-5)


def test_the_counterfactual_is_a_small_change_of_class(network: nn.Module) -> None:
    wanted = (int(SEEN.labels[0]) + 3) % 10
    change = counterfactual(network, PICTURE, wanted)
    assert change.reached
    with torch.no_grad():
        said = network(normalise_pictures(torch.tensor(change.picture)[None])).argmax()
    assert int(said) == wanted
    np.testing.assert_allclose(change.picture.astype(float), PICTURE + 255 * change.delta, atol=0.6)
    # In places as wide as a stroke: pixels here and there would differ more from their neighbours.
    delta = counterfactual(network, np.zeros_like(PICTURE), wanted).delta
    assert np.abs(np.diff(delta)).sum() < 0.85 * np.abs(delta).sum()


def test_the_counterfactual_changes_nothing_that_is_already_so(network: nn.Module) -> None:
    with torch.no_grad():
        said = int(network(normalise_pictures(torch.tensor(PICTURE)[None])).argmax())
    change = counterfactual(network, PICTURE, said)
    assert change.probability > 0.5
    np.testing.assert_array_equal(change.picture, PICTURE)


class WithoutFirstLayer(nn.Module):
    """Has a layer that it doesn't use."""

    def __init__(self) -> None:
        super().__init__()
        self.unused, self.used = nn.Linear(784, 5), nn.Linear(784, 10)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        outputs: torch.Tensor = self.used(pictures.flatten(1))
        return outputs


@pytest.mark.parametrize(
    "network",
    [
        nn.Sequential(nn.Flatten(), nn.Linear(784, 5)),
        small_cnn(),
        nn.Sequential(nn.Conv2d(1, 4, 5, padding=3, padding_mode="circular"), nn.Flatten()),
    ],
)
def test_top_activating_images_have_the_highest_activation(
    network: nn.Module,
) -> None:
    network = network.eval()
    found = top_activating_images(network, 2, SEEN.pictures.numpy(), limit=7)
    first = network[:2] if isinstance(network[0], nn.Flatten) else network[:1]
    with torch.no_grad():
        heights = first(normalise_pictures(SEEN.pictures))[:, 2].reshape(50, -1).amax(1)
    np.testing.assert_array_equal(found, heights.argsort(descending=True)[:7])


def test_missing_units_and_labels_are_refused(network: nn.Module) -> None:
    with pytest.raises(InputError, match="0 to 127"):
        top_activating_images(network, 128, SEEN.pictures.numpy())
    with pytest.raises(InputError, match="without its first layer"):
        top_activating_images(WithoutFirstLayer(), 1, SEEN.pictures.numpy())
    with pytest.raises(InputError, match="0 to 9"):
        saliency(network, PICTURE, 10)
    with pytest.raises(InputError, match="0 to 9"):
        counterfactual(network, PICTURE, -1)
    with pytest.raises(InputError, match="28×28"):
        feature_maps(network, PICTURE[:5])


def test_threads_record_only_their_own_outputs() -> None:
    network = small_cnn().eval()
    pictures = [each.numpy() for each in SEEN.pictures[:20]]
    alone = [feature_maps(network, each) for each in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: feature_maps(network, each), pictures))
    for one, other in zip(alone, together, strict=True):
        assert [name for name, _ in one] == [name for name, _ in other]
        for (_, mine), (_, theirs) in zip(one, other, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-5)
