"""Why a network reads what it reads: deciding parts, maps, changes, and what excites a unit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import nn

from playground.errors import InputError
from playground.ink.mnist_picture import picture_from_strokes
from playground.networks import pretrained
from playground.prediction import predict_proba
from playground.problems.image_datasets import normalise_pictures
from playground.training.images.explain import (
    counterfactual,
    feature_maps,
    occlusion,
    top_activating_images,
)
from playground.training.images.explain.places import count_holes, place_of
from tests.support.training.image_trainers import bar_images, make_image_trainer, small_cnn

SEEN = bar_images(50, 5)
PICTURE = SEEN.pictures[0].numpy()
SEVEN = [([0.25, 0.7, 0.45], [0.2, 0.2, 0.85])]
THREE = [
    (
        [0.3, 0.5, 0.65, 0.5, 0.68, 0.62, 0.45, 0.28],
        [0.25, 0.15, 0.28, 0.45, 0.6, 0.78, 0.85, 0.75],
    )
]
NINE = [([0.65, 0.5, 0.33, 0.42, 0.62, 0.66, 0.62], [0.3, 0.18, 0.3, 0.45, 0.38, 0.28, 0.85])]


@pytest.fixture(scope="module")
def network() -> nn.Module:
    trainer = make_image_trainer("mlp")
    trainer.advance(epochs=3)
    return trainer.model


def linear_network(weight: np.ndarray) -> nn.Module:
    """Return a network of two classes: the larger `weight` · ink, the surer the first."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 2))
    with torch.no_grad():
        network[1].weight.zero_()
        network[1].weight[0] = torch.from_numpy(weight.reshape(-1)).float() / 2
        network[1].bias[:] = torch.tensor([weight.sum() / 2, 0])
    return network.eval()


def two_bars() -> np.ndarray:
    """Draw a bar at the top left and one at the bottom right, far from each other."""
    picture = np.zeros((28, 28), np.uint8)
    picture[4:7, 4:12] = picture[20:23, 15:23] = 255
    return picture


def test_ink_speaks_for_and_against_by_what_is_lost_without_it() -> None:
    picture, weight = two_bars(), np.zeros((28, 28))
    weight[4:7, 4:12], weight[20:23, 15:23] = 0.5, -0.2
    found = occlusion(linear_network(weight), picture, 0)
    ink = [part for part in found.parts if not part.is_gap]
    assert [(part.place, part.effect > 0) for part in ink] == [
        ("at the top left", True),
        ("at the bottom right", False),
    ]
    for part in ink:
        # The log-odds of a linear network of two classes are linear: what is erased is lost.
        lost = (weight * (picture / 255 - part.picture / 255.0)).sum()
        assert part.effect == pytest.approx(lost, rel=1e-3)
        np.testing.assert_allclose(part.region, picture / 255 - part.picture / 255.0, atol=0.003)
    assert found.overlay[5, 8] == pytest.approx(1, abs=0.05)
    assert found.overlay[21, 19] < -0.4


def test_nothing_is_named_where_nothing_counts() -> None:
    assert occlusion(linear_network(np.zeros((28, 28))), two_bars()).parts == ()
    assert occlusion(linear_network(np.ones((28, 28))), np.zeros((28, 28), np.uint8)).parts == ()


def test_a_closed_gap_and_an_opened_loop_are_named() -> None:
    picture, weight = np.zeros((28, 28), np.uint8), np.zeros((28, 28))
    picture[6:22, 8:10] = picture[6:22, 17:19] = picture[20:22, 8:19] = 255  # as an open box
    assert count_holes(picture) == 0
    weight[6:8, 11:16] = -2  # ink between the tips speaks against the class
    (gap,) = occlusion(linear_network(weight), picture, 0).parts
    assert gap.is_gap
    assert gap.place == "at the top"
    assert gap.effect > 0
    picture[6:8, 8:19] = 255
    assert count_holes(picture) == 1
    (loop,) = occlusion(linear_network(-weight), picture, 0).parts
    assert loop.in_loop
    assert not loop.is_gap
    assert loop.place == "at the top"


def test_places_of_a_narrow_drawing_have_no_sides() -> None:
    picture, region = np.zeros((28, 28), np.uint8), np.zeros((28, 28))
    picture[4:24, 13:16] = 255
    region[4:9, 15] = 1
    assert place_of(region, picture) == "at the top"
    region[4:24, 15] = 1
    assert place_of(region, picture) == "in the middle"


@pytest.mark.parametrize("name", ["softmax", "mlp", "cnn"])
def test_the_shipped_classifiers_lose_what_is_named_and_read_what_is_asked(name: str) -> None:
    network, right, parts = pretrained.load(name), 0, 0
    for strokes, target in ((THREE, 8), (SEVEN, 9), (NINE, 7)):
        drawn = picture_from_strokes(strokes)
        found = occlusion(network, drawn)
        for part in found.parts:
            # Erased or drawn anew, by another way than the one by which it was found.
            changed = np.where(part.region > 0.3, 255 if part.is_gap else 0, drawn)
            lost = odds(network, drawn, found.label) - odds(network, changed, found.label)
            right += bool(lost * part.effect > 0)
            parts += 1
        change = counterfactual(network, drawn, target)
        assert change.reached
        assert predict_proba(change.picture[None], network).argmax() == target
        # A few lines, not scattered pixels.
        assert (
            ndimage.label(np.abs(change.delta) > 0.3, np.ones((3, 3)))[1] <= len(change.strokes) + 1
        )
    assert parts >= 6
    assert right >= 0.9 * parts


def odds(network: nn.Module, picture: np.ndarray, label: int) -> float:
    """Return the log-odds of a class."""
    probability = predict_proba(picture.astype(np.uint8)[None], network)[0, label]
    return float(np.log(probability) - np.log1p(-probability))


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
    assert 1 <= len(change.strokes) <= 4
    # From empty paper too; what no stroke can change is said.
    assert counterfactual(network, np.zeros_like(PICTURE), wanted).delta.any()
    unmoved = counterfactual(linear_network(np.zeros((28, 28))), PICTURE, 1)
    assert not unmoved.reached
    assert not unmoved.strokes
    assert not unmoved.delta.any()


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
        occlusion(network, PICTURE, 10)
    with pytest.raises(InputError, match="0 to 9"):
        counterfactual(network, PICTURE, -1)
    with pytest.raises(InputError, match="28×28"):
        feature_maps(network, PICTURE[:5])


def test_a_network_that_has_diverged_is_not_explained() -> None:
    diverged = linear_network(np.full((28, 28), np.nan))
    for explain in (occlusion, counterfactual):
        with pytest.raises(InputError, match="predicts nothing"):
            explain(diverged, PICTURE, 0)


def test_a_dot_decides_too() -> None:
    picture, weight = two_bars(), np.zeros((28, 28))
    picture[12:14, 22:24] = 255
    weight[12:14, 22:24] = 2
    (dot,) = occlusion(linear_network(weight), picture, 0).parts
    assert dot.region[12:14, 22:24].min() > 0.8
    assert dot.effect > 6


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
