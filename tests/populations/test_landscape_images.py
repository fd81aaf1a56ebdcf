"""Loss landscapes of image classifiers against each network evaluated by itself."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from playground.errors import InputError
from playground.training.images import ImageTrainer
from playground.training.landscape import LandscapeSettings, image_landscape
from tests.support.training.image_trainers import make_image_trainer, small_cnn


@pytest.fixture(scope="module")
def trainer() -> ImageTrainer:
    """Return a trainer of a network with dropout and batch normalisation."""
    torch.manual_seed(0)
    made = make_image_trainer(small_cnn(), l2=0.02, l1=0.001)
    made.train(1)
    return made


def alone(trainer: ImageTrainer, row: np.ndarray, penalty: bool = False) -> float:
    """Compute the loss of one network on all images, as a script with PyTorch does."""
    network = copy.deepcopy(trainer.model).eval()
    rest = torch.from_numpy(row).clone()
    with torch.no_grad():
        for each in (*network.parameters(), *network.buffers()):
            if each.is_floating_point():
                each.copy_(rest[: each.numel()].view(each.shape))
                rest = rest[each.numel() :]
        assert not len(rest)
        images = trainer.problem.images.train
        inputs = images.pictures.float()[:, None] / 127.5 - 1
        value = functional.cross_entropy(network(inputs), images.labels)
        if penalty:
            for part in network.modules():
                if isinstance(part, nn.Linear | nn.Conv2d):
                    value += 0.001 * part.weight.abs().sum()
                    value += 0.01 * part.weight.square().sum()
    return float(value)


@pytest.mark.parametrize(("directions", "penalty"), [("path", False), ("random", True)])
def test_each_loss_is_that_of_the_network_by_itself(
    trainer: ImageTrainer, directions: str, penalty: bool
) -> None:
    shares: list[float] = []
    settings = LandscapeSettings(directions=directions, side=5, penalty=penalty)
    before = trainer.weight_path().weights
    found = image_landscape(trainer.weight_path(), settings, shares.append)
    grid = [
        [alone(trainer, found.weights_at(x, y), penalty) for x in found.across] for y in found.up
    ]
    np.testing.assert_allclose(found.loss, grid, rtol=1e-5, atol=1e-5)
    assert found.here == pytest.approx(alone(trainer, before.numpy(), penalty), rel=1e-5)
    path = trainer.weight_path().path.numpy()
    if directions == "path":
        wanted = [alone(trainer, row, penalty) for row in path]
        np.testing.assert_allclose(found.path_loss, wanted, rtol=1e-5, atol=1e-5)
        assert found.contains(*found.path[0])
        own = trainer.weight_path().parameters_count
        assert not found.vectors[:, own:].any()
        moves = path[:, :own] - path[:, :own].mean(0)
        right = np.linalg.svd(moves.astype(float), full_matrices=False)[2][:2]
        np.testing.assert_allclose(np.abs((right * found.vectors[:, :own]).sum(1)), 1, rtol=1e-5)
        away = path[:, :own] - before.numpy()[:own]
        np.testing.assert_allclose(found.path, away @ found.vectors[:, :own].T, atol=1e-4)
        share = np.square(found.path).sum() / np.square(away).sum()
        assert found.share == pytest.approx(share, rel=1e-3)
    assert shares[-1] == 1
    assert any("averages of batch normalisation" in each for each in found.remarks)
    assert trainer.weight_path().weights.equal(before)


def test_channels_of_random_directions_are_as_long_as_those_of_the_network(
    trainer: ImageTrainer,
) -> None:
    settings = LandscapeSettings(directions="random", side=5)
    vector = torch.from_numpy(image_landscape(trainer.weight_path(), settings).vectors[0])
    model = trainer.model
    for each in model.parameters():
        part, vector = vector[: each.numel()].view(each.shape), vector[each.numel() :]
        if each.ndim == 1:
            assert not part.any()
        else:
            np.testing.assert_allclose(
                part.flatten(1).norm(dim=1), each.detach().flatten(1).norm(dim=1), rtol=1e-4
            )
    assert not vector.any()  # the averages of batch normalisation


def test_the_past_is_shown_and_training_goes_on_from_another_place() -> None:
    trainer = make_image_trainer()
    trainer.train(1)
    last = len(trainer.checkpoints) - 1
    found = image_landscape(trainer.weight_path(3), LandscapeSettings(side=5))
    assert found.kind == "path"
    np.testing.assert_allclose(found.path[3], 0, atol=1e-4)
    before = trainer.weight_path().weights
    row = found.weights_at(float(found.across[1]), float(found.up[1]))
    trainer.set_weights(row)
    np.testing.assert_array_equal(trainer.weight_path().weights, row)
    with trainer.locked() as session:  # the optimiser remembers nothing of another place
        assert not any(each.any() for each in session.optimiser.state().values())
    frame = trainer.frame()
    assert frame.epoch == 1
    assert frame.train.loss == pytest.approx(alone(trainer, row), rel=0.2)
    trainer.train(1)
    assert trainer.frame().train.loss < frame.train.loss
    assert trainer.weight_path(last).weights.equal(before)
    trainer.branch(last)
    assert trainer.weight_path().weights.equal(before)
    with pytest.raises(InputError, match="7,850 weights, all finite"):
        trainer.set_weights(row[:-1])


def test_what_is_impossible_is_said() -> None:
    trainer = make_image_trainer()
    with pytest.raises(InputError, match="too many weights for the directions 'curvature'"):
        image_landscape(trainer.weight_path(), LandscapeSettings(directions="curvature"))
    found = image_landscape(trainer.weight_path(), LandscapeSettings(side=5))
    assert found.remarks[0].startswith("The network has no path yet")
