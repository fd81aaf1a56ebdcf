"""Networks that read digits: their shapes, one's own, and the outline of each."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import assume, event, given
from hypothesis import strategies as st
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier, summarise_layers
from playground.networks.dense.activations import ACTIVATIONS

CNN_PARAMETERS = (32 * 9 + 32) + (64 * 32 * 9 + 64) + (3136 * 128 + 128) + (128 * 10 + 10)
MLP_PARAMETERS = (784 * 128 + 128) + (128 * 64 + 64) + (64 * 10 + 10)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_gives_a_logit_for_each_digit(name: str) -> None:
    assert CLASSIFIERS[name].build()(torch.zeros(3, 1, 28, 28)).shape == (3, 10)


@pytest.mark.parametrize(
    ("name", "count"),
    [("softmax", 7_850), ("mlp", MLP_PARAMETERS), ("cnn", CNN_PARAMETERS), ("lenet", 61_706)],
)
def test_a_classifier_has_the_known_number_of_parameters(name: str, count: int) -> None:
    assert sum(p.numel() for p in CLASSIFIERS[name].build().parameters()) == count


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_layer_summaries_follow_the_picture(name: str) -> None:
    classifier = CLASSIFIERS[name].build()
    layers = summarise_layers(classifier)
    assert [layer.kind for layer in layers] == [
        type(part).__name__ for part in classifier.children()
    ]
    picture = torch.rand(2, 1, 28, 28)
    for layer in layers:
        picture = classifier.get_submodule(layer.name)(picture)
        assert layer.shape_out == tuple(picture.shape[1:])
    assert sum(s.parameters for s in layers) == sum(p.numel() for p in classifier.parameters())


def test_summarising_layers_leaves_no_trace() -> None:
    classifier = CLASSIFIERS["deep"].build()
    before = {name: tensor.clone() for name, tensor in classifier.state_dict().items()}
    random = torch.get_rng_state()
    summarise_layers(classifier)
    assert all(torch.equal(before[name], now) for name, now in classifier.state_dict().items())
    assert all(part.training for part in classifier.modules())
    assert torch.equal(random, torch.get_rng_state())
    assert not any(part._forward_hooks for part in classifier.modules())


def test_a_layer_used_twice_is_summarised_twice() -> None:
    shared = nn.Linear(4, 4)
    layers = summarise_layers(nn.Sequential(shared, nn.ReLU(), shared), (4,))
    assert [layer.kind for layer in layers] == ["Linear", "ReLU", "Linear"]


sizes = st.integers(1, 6)


@given(
    kind=st.sampled_from(["MLP", "CNN"]),
    channels=st.lists(sizes, min_size=1, max_size=6),
    kernel=st.sampled_from([1, 3, 5, 7, 9]),
    padded=st.booleans(),
    pool=st.sampled_from(["none", "max", "average"]),
    hidden=st.lists(sizes, max_size=3),
    activation=st.sampled_from(list(ACTIVATIONS)),
    dropout=st.sampled_from([0.0, 0.5]),
    batch_norm=st.booleans(),
    classes=st.integers(2, 12),
)
def test_a_custom_classifier_works_or_says_why_not(classes: int, **choices: object) -> None:
    try:
        classifier = CustomClassifier(**choices).build(classes)
    except InputError:
        event("does not fit")
        assume(choices["kind"] != "CNN")
        raise
    assert classifier(torch.zeros(2, 1, 28, 28)).shape == (2, classes)
    kinds = [layer.kind for layer in summarise_layers(classifier)]
    assert kinds.count("Linear") == len(choices["hidden"]) + 1  # type: ignore[arg-type]


def test_a_window_that_does_not_fit_is_explained() -> None:
    custom = CustomClassifier(channels=[4, 4, 4], kernel=9, padded=False)
    with pytest.raises(InputError, match="After 2 convolutions and 2 poolings the picture is 1×1"):
        custom.build()


def test_pooling_of_a_single_pixel_is_explained() -> None:
    with pytest.raises(InputError, match=r"5 convolutions and 4 poolings .* nothing left to pool"):
        CustomClassifier(channels=[4] * 5).build()


def test_too_many_parameters_and_multiplications_are_refused_before_building() -> None:
    with pytest.raises(InputError, match=r"25,9\d\d,\d\d\d weights; 5,000,000 are the most"):
        CustomClassifier(channels=[64], hidden=[512, 512], pool="none").build()
    # Of 28 × 28 places, kernels of 9 × 9 leave 20 × 20, and then 12 × 12.
    most = CustomClassifier(channels=[128, 128], kernel=9, padded=False, pool="none", hidden=[])
    most.build()
    most.padded = True
    with pytest.raises(InputError, match=r"1,049,581,568 times .* 300,000,000 are the most"):
        most.build()


@pytest.mark.parametrize("wrong", [0, 129, -1, 2.5, True, math.inf, "3"])
def test_a_wrong_number_of_channels_changes_nothing(wrong: object) -> None:
    custom = CustomClassifier()
    with pytest.raises(ValueError, match=r"128 channels|item_type|must be"):
        custom.channels = [8, wrong]
    assert custom.channels == [16, 32]
