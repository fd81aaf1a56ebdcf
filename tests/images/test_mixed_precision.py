"""Half precision where it pays: the order of a picture's pixels, and a loss that stays exact."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

from playground.training.images import default_training
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.performance.mixed_precision import channels_last_view


def test_a_view_by_pixel_is_the_same_pictures_in_the_same_memory() -> None:
    pictures = torch.rand(7, 1, 28, 28)[2:]
    seen = channels_last_view(pictures)
    assert torch.equal(seen, pictures)
    assert seen.data_ptr() == pictures.data_ptr()


def test_convolutions_of_a_view_by_pixel_keep_channels_side_by_side() -> None:
    answer = nn.Conv2d(1, 4, 3)(channels_last_view(torch.rand(3, 1, 28, 28)))
    assert answer.is_contiguous(memory_format=torch.channels_last)


def test_gradients_in_half_precision_point_where_exact_ones_do() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 26**2, 10))
    classifier = TrainableClassifier(network, default_training(), torch.arange(10), 10)
    inputs, labels = torch.rand(16, 1, 28, 28), torch.arange(16) % 10
    answers = classifier.accumulate_gradient(inputs, labels, 1.0)
    assert answers.dtype == torch.float32
    ours = classifier.engine.gradient.clone()
    with torch.enable_grad():
        functional.cross_entropy(network(inputs), labels).backward()
    exact = torch.cat([each.grad.flatten() for each in network.parameters()])
    # The network's parameters point into the same gradient: PyTorch added the exact one to ours.
    exact = exact - ours
    assert functional.cosine_similarity(ours[0], exact.reshape(-1), dim=0) > 0.999
