"""Pen strokes and networks that read them, in the browser and in Python."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page
from torch import Tensor, nn

from playground.errors import InputError, NoDigitError
from playground.export.snapshot.digits_snapshot import digits_snapshot
from playground.export.snapshot.translation.array_encoding import encode_layers
from playground.export.snapshot.translation.browser_functions import activation_functions
from playground.export.snapshot.translation.browser_layers import activation_modules, browser_layers
from playground.ink.mnist_picture import picture_from_strokes
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.pretrained import load
from playground.prediction import predict_proba
from playground.pretraining.synthetic_handwriting import write_digit
from playground.problems.image_datasets import normalise_pictures
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.snapshot_page import ScriptPage

DRAWINGS = 100
FEW = 20
"""Drawings that are predicted by large networks: two of each digit."""
Strokes = Sequence[tuple[Any, Any]]


@pytest.fixture
def scripts(kept_page: KeptPage) -> Page:
    modules = ("erf.js", "ink.js", "classifier.js")
    return kept_page.borrow(lambda page: ScriptPage(page, *modules)).page


def as_points(strokes: Strokes) -> list[list[list[float]]]:
    """Strokes as the canvas in the browser keeps them: lists of points."""
    return [np.column_stack(stroke).astype(float).tolist() for stroke in strokes]


def write_digits(count: int) -> list[Strokes]:
    rng = np.random.default_rng(4)
    return [write_digit(number % 10, rng) for number in range(count)]


def browser_pictures(scripts: Page, drawings: Sequence[Strokes]) -> list[list[int] | None]:
    from_browser: list[list[int] | None] = scripts.evaluate(
        "drawings => drawings.map(strokes => { const picture = mnistPicture(strokes);"
        " return picture && [...picture] })",
        [as_points(strokes) for strokes in drawings],
    )
    return from_browser


def probabilities(scripts: Page, network: nn.Module, pictures: np.ndarray) -> np.ndarray:
    """The probabilities that the browser computes for pictures, (n, classes)."""
    from_browser = scripts.evaluate(
        "([layers, activations, pictures]) => {"
        " const classifier = new Classifier(layers, eval(`(${activations})`));"
        " return pictures.map(picture => classifier.predict(picture)) }",
        [
            encode_layers(browser_layers(network, "it")),
            activation_functions(activation_modules([network])),
            pictures.reshape(len(pictures), -1).tolist(),
        ],
    )
    return np.array(from_browser)


def test_the_browser_prepares_a_hundred_drawings_byte_by_byte_as_python_does(scripts: Page) -> None:
    drawings = write_digits(DRAWINGS)
    want = np.array([picture_from_strokes(strokes) for strokes in drawings]).reshape(DRAWINGS, -1)
    np.testing.assert_array_equal(browser_pictures(scripts, drawings), want)


ODD: dict[str, Strokes] = {
    "a tap beside a stroke": [([0.2, 0.4], [0.2, 0.8]), ([0.95], [0.1])],
    "a tap on a stroke": [([0.2, 0.4], [0.2, 0.8]), ([0.3], [0.5])],
    "level": [([0.1, 0.9], [0.5, 0.5])],
    "upright, in one spot for a while": [([0.5] * 5, [0.1, 0.1, 0.1, 0.5, 0.9])],
    "outside of the canvas": [([-0.5, 1.5, 1.5], [0.1, 0.2, 1.9])],
    "tiny": [([0.5, 0.53, 0.51], [0.5, 0.5, 0.52])],
}


@pytest.mark.parametrize("strokes", ODD.values(), ids=ODD)
def test_odd_strokes(scripts: Page, strokes: Strokes) -> None:
    np.testing.assert_array_equal(
        browser_pictures(scripts, [strokes])[0], picture_from_strokes(strokes).ravel()
    )


@pytest.mark.parametrize("strokes", [[], [([0.5], [0.5])], [([0.5, 0.51], [0.5, 0.5])]])
def test_nothing_is_no_digit(scripts: Page, strokes: Strokes) -> None:
    assert browser_pictures(scripts, [strokes]) == [None]
    with pytest.raises(NoDigitError):
        picture_from_strokes(strokes)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_shipped_classifiers_predict_alike(scripts: Page, name: str) -> None:
    pictures = np.array([picture_from_strokes(strokes) for strokes in write_digits(FEW)])
    from_browser = probabilities(scripts, load(name), pictures)
    np.testing.assert_allclose(from_browser, predict_proba(pictures, name), rtol=0, atol=1e-4)


CHOICES: list[dict[str, Any]] = [
    *({"activation": name, "kind": "MLP", "hidden": [9]} for name in ACTIVATIONS),
    {"channels": [3, 4], "kernel": 5, "padded": False, "pool": "average", "batch_norm": True},
    {"channels": [3], "kernel": 3, "pool": "none", "hidden": [], "dropout": 0.3},
    {"kind": "MLP", "hidden": [7, 6], "batch_norm": True, "dropout": 0.5},
]


@pytest.mark.parametrize("choices", CHOICES, ids=str)
def test_custom_classifiers(scripts: Page, choices: dict[str, Any]) -> None:
    torch.manual_seed(5)
    network = CustomClassifier(**choices).build()
    pictures = np.random.default_rng(6).integers(0, 256, (6, 28, 28)).astype(np.uint8)
    network(normalise_pictures(torch.from_numpy(pictures)))  # batch normalisation gets to know some
    network.eval()
    from_browser = probabilities(scripts, network, pictures)
    np.testing.assert_allclose(from_browser, predict_proba(pictures, network), rtol=0, atol=1e-4)


def test_windows_of_every_kind(scripts: Page) -> None:
    torch.manual_seed(7)
    network = nn.Sequential(
        nn.Conv2d(1, 3, (5, 3), stride=(2, 1), padding=(2, 3)),
        nn.Sequential(nn.MaxPool2d(3, stride=2, padding=1), nn.AvgPool2d((2, 3), padding=(1, 0))),
        nn.Flatten(),
        nn.LazyLinear(4, bias=False),
    )
    pictures = np.random.default_rng(8).integers(0, 256, (4, 28, 28)).astype(np.uint8)
    network(normalise_pictures(torch.from_numpy(pictures)))
    from_browser = probabilities(scripts, network, pictures)
    np.testing.assert_allclose(
        from_browser, predict_proba(pictures, network.eval()), rtol=0, atol=1e-4
    )


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(2, 2, 3, groups=2),
        nn.Conv2d(1, 2, 3, dilation=2),
        nn.Conv2d(1, 2, 3, padding="same"),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.Flatten(2),
        nn.PReLU(),
        nn.LSTM(3, 3),
    ],
    ids=str,
)
def test_layers_that_the_browser_does_not_know_are_named(layer: nn.Module) -> None:
    network = nn.Sequential(nn.Flatten(), nn.Sequential(nn.ReLU(), layer))
    with pytest.raises(InputError, match=r"Layer 1\.1 of “mine” is "):
        browser_layers(network, "mine")


class Residual(nn.Sequential):
    def forward(self, pictures: Tensor) -> Tensor:
        outputs: Tensor = super().forward(pictures)
        return pictures + outputs


class Doubled(nn.Linear):
    def forward(self, inputs: Tensor) -> Tensor:
        return 2 * super().forward(inputs)


def hooked_layer() -> nn.Linear:
    layer = nn.Linear(6, 6)
    layer.register_forward_hook(lambda _layer, _inputs, output: output.abs())
    return layer


@pytest.mark.parametrize(
    "layer",
    [Residual(nn.Linear(6, 6)), Doubled(6, 6), hooked_layer(), nn.LazyLinear(6)],
    ids=["sequence with a forward", "layer with a forward", "hook", "plain"],
)
def test_a_network_that_computes_more_than_its_layers_is_refused(
    layer: nn.Module, request: pytest.FixtureRequest
) -> None:
    torch.manual_seed(9)
    network = nn.Sequential(nn.Flatten(), nn.Linear(784, 6), layer, nn.Dropout(), nn.Linear(6, 10))
    network(torch.zeros(2, 1, 28, 28))
    plain = request.node.callspec.id == "plain"
    with nullcontext() if plain else pytest.raises(InputError, match="something else"):
        digits_snapshot({"mine": network})
    rows = nn.Sequential(nn.Linear(28, 10), nn.Flatten(), nn.Linear(280, 10))
    with pytest.raises(InputError, match=r"shape \(1, 28, 28\)"):
        digits_snapshot({"mine": rows})
